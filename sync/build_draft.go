package sync

// keeping is what the planner makes of somebody in a managed group whom the roster does not put there.
type keeping uint8

const (
	leaves         keeping = iota // nothing keeps them
	keptProtected                 // SYNC_PROTECTED_LOGINS
	keptDomain                    // SYNC_MANAGED_DOMAINS
	keptAdditive                  // SYNC_MODE=additive
	keptInactive                  // a member, though inactive
	keptMeant                     // a rejected row or an ambiguous match may mean them
	keptNameless                  // Procore did not give their login
	keptOnUnknown                 // a member on a project that is unknown
	keptUnresolved                // they may be a member who could not be resolved
)

// keptPerson is somebody who stays though the roster does not put them there.
type keptPerson struct {
	who int32
	why keeping
}

// draft is what the roster makes of one managed group of one preset, before holds.
type draft struct {
	slot   *slot
	absent bool
	before []int32 // everybody there, once each, in Procore's order

	stay  []int32 // those there whom the roster puts there
	come  []int32 // those whom it puts there and who are not; by login
	kept  []keptPerson
	leave []int32 // those to be removed

	// losesNobody is set where the map or HR looks mistaken: nobody leaves, whatever else happens.
	losesNobody Kind

	unresolved []int32 // rows of members who are not_in_procore or ambiguous
	inactive   []int32 // rows of members who are inactive
}

func (d *draft) reset(s *slot) {
	d.slot, d.absent, d.losesNobody = s, true, ""
	d.before, d.stay, d.come, d.kept = d.before[:0], d.stay[:0], d.come[:0], d.kept[:0]
	d.leave, d.unresolved, d.inactive = d.leave[:0], d.unresolved[:0], d.inactive[:0]
}

// marks says for each person what the group at hand makes of them. A mark counts while it bears the current number,
// so that nothing has to be cleared between groups.
type marks struct {
	now                                uint32
	wanted, inactive, onUnknown, there []uint32
	possible                           []uint32 // bears the preset's number
	preset                             uint32
}

func newMarks(persons int) *marks {
	return &marks{
		wanted: make([]uint32, persons), inactive: make([]uint32, persons), onUnknown: make([]uint32, persons),
		there: make([]uint32, persons), possible: make([]uint32, persons),
	}
}

// drafter drafts groups, one after the other.
type drafter struct {
	*roster
	policy Policy
	marks  *marks
}

// draft works out who is wanted in one group and who of those there is not. The group's people must be in d.before.
// Project is the preset's, negative for the company's own.
func (b *drafter) draft(d *draft, project int32) {
	b.marks.now++
	b.wantRows(d, project)
	now := b.marks.now
	there := d.before[:0]
	for _, who := range d.before {
		if b.marks.there[who] != now {
			b.marks.there[who] = now
			there = append(there, who)
		}
	}
	d.before = there
	come := d.come[:0]
	for _, who := range d.come {
		if b.marks.there[who] != now {
			come = append(come, who)
		}
	}
	d.come = come
	b.people.sortByLogin(d.come)
	b.judge(d)
	if len(d.leave) > 0 {
		d.losesNobody = b.losesNobody(d.slot, project)
	}
}

// wantRows puts everybody whom the group's rows want into d.come, and marks them.
func (b *drafter) wantRows(d *draft, project int32) {
	for _, n := range d.slot.selectors {
		s := &b.selectors[n]
		for _, rows := range [2][]int32{s.every, b.on(s, project)} {
			for _, i := range rows {
				b.wantRow(d, i)
			}
		}
	}
	now := b.marks.now
	for _, t := range d.slot.teams {
		for _, i := range b.teams[t].elsewhere {
			switch row := &b.rows[i]; row.result {
			case matched, inactive:
				b.marks.onUnknown[row.who] = now
			default:
				d.unresolved = append(d.unresolved, i)
			}
		}
	}
}

func (b *drafter) wantRow(d *draft, i int32) {
	now := b.marks.now
	switch row := &b.rows[i]; row.result {
	case matched:
		if b.marks.wanted[row.who] != now {
			b.marks.wanted[row.who] = now
			d.come = append(d.come, row.who)
		}
	case inactive:
		b.marks.inactive[row.who] = now
		d.inactive = append(d.inactive, i)
	default:
		d.unresolved = append(d.unresolved, i)
	}
}

// judge sorts those who are there into those who stay, those who are kept, and those who leave.
func (b *drafter) judge(d *draft) {
	for _, who := range d.before {
		if b.marks.wanted[who] == b.marks.now {
			d.stay = append(d.stay, who)
			continue
		}
		if why := b.keeps(d, who); why != leaves {
			d.kept = append(d.kept, keptPerson{who, why})
			continue
		}
		d.leave = append(d.leave, who)
	}
}
