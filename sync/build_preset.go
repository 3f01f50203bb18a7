package sync

import (
	"math"
	"slices"

	"procore-assignee-sync/procore"
)

// noSuchProject is the project of a preset whose project is not among those that were read: no HR row can mean it.
const noSuchProject = math.MaxInt32

// draftPreset drafts the managed groups of the nth preset, in the version's order. It gives false where the preset is
// left out. The drafts are good until the next call.
func (b *builder) draftPreset(n int) (drafts []*draft, ok bool) {
	state := b.presets[n]
	at := b.layoutOf(state)
	if b.out.names(state) || b.out.whyMalformed(state, at) != "" {
		return nil, false
	}
	for len(b.drafts) < len(at.managed) {
		b.drafts = append(b.drafts, &draft{})
	}
	drafts = b.drafts[:len(at.managed)]
	for i, s := range at.managed {
		drafts[i].reset(&at.slots[s])
	}
	seat := b.seatsAt[n]
	for i := range state.Preset.Memberships {
		m := &state.Preset.Memberships[i]
		people := b.seats[seat : seat+int32(len(m.Assignees))]
		seat += int32(len(m.Assignees))
		if s, known := at.byUUID[m.Group]; known && at.slots[s].managed {
			d := drafts[at.slots[s].draft]
			d.absent, d.before = false, append(d.before, people...)
		}
	}
	project := b.projectOf(state)
	for _, d := range drafts {
		b.draft(d, project)
	}
	return drafts, true
}

func (b *builder) layoutOf(state *PresetState) *layout {
	return b.layouts.byKey[layoutKey{state.TemplateID, state.Preset.Template.Published}]
}

// projectOf gives the number of the preset's project: negative for the company's own presets.
func (b *builder) projectOf(state *PresetState) int32 {
	if state.Ref.Project == "" {
		return everyProject
	}
	if p, ok := b.projects.byID[state.Ref.Project]; ok {
		return p
	}
	return noSuchProject
}

// planPreset plans the nth preset, or tells why it is left out.
func (b *builder) planPreset(n int) {
	state := b.presets[n]
	if !state.Preset.Valid {
		b.tellInvalid(state)
	}
	drafts, ok := b.draftPreset(n)
	if !ok {
		if !b.out.names(state) {
			b.tellUnreadable(state, b.out.whyMalformed(state, b.layoutOf(state)))
		}
		return
	}
	if len(drafts) == 0 {
		return
	}
	needsList := slices.ContainsFunc(drafts, b.needsList)
	if needsList && !b.markPossible(state.Scope()) {
		if !b.out.lists[state.Scope()] {
			b.tellUnreadable(state, "the list of its possible assignees was not read")
		}
		return
	}
	b.plan.Presets = append(b.plan.Presets, b.presetPlan(state, drafts, needsList))
}

func (b *builder) presetPlan(state *PresetState, drafts []*draft, listed bool) PresetPlan {
	at := b.layoutOf(state)
	p := PresetPlan{
		Ref: state.Ref, ProjectNumber: state.Project.Number, ProjectName: state.Project.Name,
		TemplateID: at.key.template, TemplateName: at.name, VersionID: at.key.version, Tool: state.Tool,
		Groups: make([]GroupPlan, 0, len(drafts)),
	}
	read := make(map[procore.GroupUUID]*procore.Membership, len(state.Preset.Memberships))
	for i := range state.Preset.Memberships {
		read[state.Preset.Memberships[i].Group] = &state.Preset.Memberships[i]
	}
	changed := false
	for _, d := range drafts {
		b.tellMembers(state, d)
		b.tellKept(state, d)
		s := b.conclude(state, d, listed)
		g := b.groupPlan(d, s, read[d.slot.UUID])
		p.Groups = append(p.Groups, g)
		b.addChanges(&p, &g, d, s)
		changed = changed || s.changes()
	}
	if changed {
		p.Write = wholeList(state.Preset.Memberships, p.Groups)
	}
	return p
}

// conclusion is what is done about a draft, once it is known who may be assigned.
type conclusion struct {
	come  []int32 // who is added, or would be without the hold
	leave []int32 // who is removed, or would be without the hold
	kept  []int32 // who would leave, but for losesNobody
	hold  Kind    // the whole group stays as read
}

func (s conclusion) changes() bool { return s.hold == "" && len(s.come)+len(s.leave) > 0 }

// conclude decides on holds, and leaves out those who come but can't be assigned there. Listed says that the preset's
// possible assignees are marked.
func (b *builder) conclude(state *PresetState, d *draft, listed bool) conclusion {
	s := conclusion{come: d.come, leave: d.leave, hold: b.hold(d, d.come)}
	if d.losesNobody != "" {
		s.kept, s.leave = d.leave, nil
		b.tellLosesNobody(state, d)
	}
	if listed && s.hold == "" {
		s.come = b.assignable(state, d)
		s.hold = b.hold(d, s.come)
	}
	if s.hold != "" {
		b.tellHold(state, d, s)
	}
	return s
}

// markPossible marks who may be assigned in a project and tool. It gives false where that was not read.
func (b *builder) markPossible(scope procore.AssigneeScope) bool {
	list, ok := b.in.Snapshot.Possible[scope]
	b.marks.preset++
	for i := range list {
		b.marks.possible[b.people.byID[list[i].ID]] = b.marks.preset
	}
	return ok
}

// assignable gives those of d.come who may be assigned, and tells of those who may not.
func (b *builder) assignable(state *PresetState, d *draft) []int32 {
	come := make([]int32, 0, len(d.come))
	for _, who := range d.come {
		if b.marks.possible[who] == b.marks.preset {
			come = append(come, who)
			continue
		}
		b.tellNotAssignable(state, d, who, true)
	}
	for _, who := range d.stay {
		if b.marks.possible[who] != b.marks.preset {
			b.tellNotAssignable(state, d, who, false)
		}
	}
	return come
}

// groupPlan writes a group down as ids. Read is the group as the preset has it, nil where it is absent.
func (b *builder) groupPlan(d *draft, s conclusion, read *procore.Membership) GroupPlan {
	g := GroupPlan{UUID: d.slot.UUID, Name: d.slot.Name, Absent: d.absent, Hold: s.hold, Before: []procore.LoginID{}}
	if read != nil {
		g.Before = make([]procore.LoginID, len(read.Assignees))
		for i := range read.Assignees {
			g.Before[i] = read.Assignees[i].ID
		}
	}
	g.After = g.Before
	switch {
	case s.changes():
		g.After = b.idsAfter(d, s)
	case s.hold != "":
		// Nobody is nil, as it comes back from a saved plan.
		if wanted := b.idsAfter(d, s); len(wanted) > 0 {
			g.Wanted = wanted
		}
	}
	return g
}

// idsAfter gives those who stay in their order, then those who come by login.
func (b *builder) idsAfter(d *draft, s conclusion) []procore.LoginID {
	ids := make([]procore.LoginID, 0, len(d.before)-len(s.leave)+len(s.come))
	gone := s.leave
	for _, who := range d.before {
		// s.leave is in the order of d.before.
		if len(gone) > 0 && gone[0] == who {
			gone = gone[1:]
			continue
		}
		ids = append(ids, b.people.all[who].id)
	}
	for _, who := range s.come {
		ids = append(ids, b.people.all[who].id)
	}
	return ids
}

// wholeList is everything to send: each group of the preset in its place as read, those that change with their new
// people, and at the end those that the preset lacks and that get someone.
func wholeList(read []procore.Membership, groups []GroupPlan) []procore.GroupWrite {
	list := make([]procore.GroupWrite, 0, len(read)+len(groups))
	for i := range read {
		m := &read[i]
		ids := make([]procore.LoginID, len(m.Assignees))
		for j := range m.Assignees {
			ids[j] = m.Assignees[j].ID
		}
		list = append(list, procore.GroupWrite{UUID: m.Group, LoginIDs: ids})
	}
	for _, g := range groups {
		switch at := slices.IndexFunc(list, func(w procore.GroupWrite) bool { return w.UUID == g.UUID }); {
		case at >= 0:
			list[at].LoginIDs = g.After
		case len(g.After) > 0:
			list = append(list, procore.GroupWrite{UUID: g.UUID, LoginIDs: g.After})
		}
	}
	return list
}
