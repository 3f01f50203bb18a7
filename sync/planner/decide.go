package planner

import (
	"maps"
	"slices"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
)

// Decision is what a plan does with one person in one group.
type Decision string

// The decisions.
const (
	DecidedStays         Decision = "stays"
	DecidedAdded         Decision = "would be added"
	DecidedRemoved       Decision = "would be removed"
	DecidedKept          Decision = "is kept"
	DecidedHeldAdd       Decision = "is not added yet"
	DecidedHeldRemove    Decision = "is not removed yet"
	DecidedNotAssignable Decision = "can't be added"
	DecidedUnresolved    Decision = "can't be found"
	DecidedLeftOut       Decision = "is left as read"
	DecidedUnmanaged     Decision = "is left alone"
)

// planner holds everything that a plan is made from, and decides one preset at a time. Build, Needed, Access and the
// explanations all use its decisions, so they cannot contradict each other.
type planner struct {
	in      Inputs
	people  *people
	roster  *roster
	groups  *groupMap
	presets []*sync.PresetState // by project, then preset id
	unread  unread
}

func newPlanner(in Inputs) *planner {
	people := readPeople(in.Snapshot, in.Policy)
	roster := readRoster(in, people)
	in.Baseline = in.Baseline.AsOf(in.Now)
	groups := readGroups(in.RoleMap, in.Snapshot, roster)
	for _, v := range groups.versions {
		v.pairs = in.Separation.pairsOf(v)
	}
	return &planner{
		in: in, people: people, roster: roster, groups: groups,
		presets: sortedPresets(in.Snapshot.Presets), unread: whatIsUnread(in.Snapshot),
	}
}

// presetDecision is what is decided about one preset.
type presetDecision struct {
	preset  *sync.PresetState
	version *templateVersion // nil if it was not read
	groups  []*groupDecision // the managed ones, in the version's order; none if the preset is left out

	// skipped says why nothing in the preset is planned; it is empty if the preset is planned. told reports whether an
	// exception of the snapshot covers that already.
	skipped string
	told    bool

	needsList bool // somebody would be added, so the list of possible assignees is needed
	listed    bool // that list has been read
}

// groupDecision is what is decided about one managed group of one preset, and about each person who is in it or should
// be.
type groupDecision struct {
	group  *group
	preset *sync.PresetState
	read   *procore.Membership // nil if the version has the group but the preset, as read, does not

	// people are first those in the group, once each, in Procore's order; then those whom the roster adds, by login.
	people []placed
	hold   sync.Kind // set if the whole group stays as read

	// losesNobody is set if somebody is kept because the role map or HR looks mistaken; it stays set whatever else is
	// decided.
	losesNobody sync.Kind

	unresolved []*row // members who are not_in_procore or ambiguous
	inactive   []*row // members who are inactive
}

// placed is one person who is in a group or should be, and what is decided about them.
type placed struct {
	who            *person
	is             Decision
	keptBy         keptBy // why the person is kept, if they are
	heldForMistake bool   // losesNobody keeps them; otherwise they would be removed

	// apartFrom is the group that they are in and that separation rules keep apart from this one, so that they can't be
	// added.
	apartFrom *group

	// notAssignable is set if the list of possible assignees was read and does not contain them.
	notAssignable bool
}

// there reports whether the person is in the group as read.
func (p placed) there() bool {
	switch p.is {
	case DecidedAdded, DecidedHeldAdd, DecidedNotAssignable:
		return false
	default:
		return true
	}
}

// decide works out what happens to a preset. Nothing else decides that.
func (p *planner) decide(preset *sync.PresetState) *presetDecision {
	d := &presetDecision{preset: preset, version: p.groups.versionOf(preset)}
	if p.unread.has(preset) {
		d.skipped, d.told = "something of it could not be read", true
		return d
	}
	if d.skipped = p.unread.whyMalformed(preset, d.version); d.skipped != "" {
		return d
	}
	for _, g := range d.version.managed {
		group := p.place(preset, g)
		d.groups = append(d.groups, group)
		d.needsList = d.needsList || group.count(DecidedAdded) > 0 && group.holds(p.in.Policy) == ""
	}
	list, listed := p.in.Snapshot.Possible[preset.Scope()]
	switch {
	case d.needsList && !listed:
		d.skipped, d.told = "the list of its possible assignees was not read", p.unread.lists[preset.Scope()]
		return d
	case d.needsList:
		d.listed = true
		possible := idsOfLogins(list)
		for _, group := range d.groups {
			group.assign(p.in.Policy, possible)
		}
	}
	d.separate(p.in.Policy, p.people)
	for _, group := range d.groups {
		group.settle(p.in.Policy)
	}
	if preset.Remembered && slices.ContainsFunc(d.groups, (*groupDecision).changes) {
		d.skipped = onlyRemembered
	}
	return d
}

// place works out who is wanted in one group, and who of those in it is not.
func (p *planner) place(preset *sync.PresetState, g *group) *groupDecision {
	w := g.wants(preset.Ref.Project)
	d := &groupDecision{group: g, preset: preset, read: membershipOf(preset, g.UUID), unresolved: w.unresolved, inactive: w.inactive}
	read := d.assignees()
	d.people = make([]placed, 0, max(len(read), len(w.people)))
	for i := range read {
		at := placed{who: p.people.byID[read[i].ID], is: DecidedStays}
		switch {
		case d.has(at.who):
			continue
		case w.people[at.who]:
			delete(w.people, at.who)
		default:
			at.is, at.keptBy = DecidedKept, d.keeps(p.in.Policy, at.who)
			if at.keptBy == notKept {
				at.is = DecidedRemoved
			}
		}
		d.people = append(d.people, at)
	}
	comes := slices.Collect(maps.Keys(w.people)) // wants who are already in the group were removed above
	sortByLogin(comes)
	for _, who := range comes {
		d.people = append(d.people, placed{who: who, is: DecidedAdded})
	}
	d.holdLosses(p.in.Today)
	return d
}

// assignees returns the people in the group as read.
func (d *groupDecision) assignees() []procore.Login {
	if d.read == nil {
		return nil
	}
	return d.read.Assignees
}

// has reports whether the decision covers this person.
func (d *groupDecision) has(who *person) bool {
	return slices.ContainsFunc(d.people, func(at placed) bool { return at.who == who })
}

// membershipOf returns a group of a preset as read, or nil if the preset does not have it.
func membershipOf(p *sync.PresetState, uuid procore.GroupUUID) *procore.Membership {
	for i := range p.Preset.Memberships {
		if m := &p.Preset.Memberships[i]; m.Group == uuid {
			return m
		}
	}
	return nil
}

// assign drops the additions of people who are not possible assignees. It leaves a held group alone, since nobody is
// added to it anyway.
func (d *groupDecision) assign(policy sync.Policy, possible map[procore.LoginID]bool) {
	if d.holds(policy) != "" {
		return
	}
	for i := range d.people {
		at := &d.people[i]
		if at.is != DecidedStays && at.is != DecidedAdded || possible[at.who.id] {
			continue
		}
		at.notAssignable = true
		if at.is == DecidedAdded {
			at.is = DecidedNotAssignable
		}
	}
}

// settle marks as held the changes that a hold leaves out.
func (d *groupDecision) settle(policy sync.Policy) {
	d.hold = d.holds(policy)
	for i := range d.people {
		at := &d.people[i]
		switch {
		case at.is == DecidedRemoved && d.hold != "":
			at.is = DecidedHeldRemove
		case at.is == DecidedAdded && d.hold != "":
			at.is = DecidedHeldAdd
		}
	}
}

// heldBy returns the hold that keeps this person's change from being made, or nothing.
func (d *groupDecision) heldBy(at placed) sync.Kind {
	switch {
	case at.heldForMistake:
		return d.losesNobody
	case at.apartFrom != nil:
		return sync.HeldSeparation
	case at.is == DecidedHeldAdd, at.is == DecidedHeldRemove:
		return d.hold
	default:
		return ""
	}
}

// count returns the number of people for whom the decision is as given.
func (d *groupDecision) count(is Decision) int {
	n := 0
	for i := range d.people {
		if d.people[i].is == is {
			n++
		}
	}
	return n
}

// before returns the number of distinct people in the group as read.
func (d *groupDecision) before() int {
	n := 0
	for _, at := range d.people {
		if at.there() {
			n++
		}
	}
	return n
}

// changes reports whether the group is to be sent with other people than it was read with.
func (d *groupDecision) changes() bool {
	return slices.ContainsFunc(d.people, func(at placed) bool { return at.is == DecidedAdded || at.is == DecidedRemoved })
}

func idsOfLogins(list []procore.Login) map[procore.LoginID]bool {
	ids := make(map[procore.LoginID]bool, len(list))
	for i := range list {
		ids[list[i].ID] = true
	}
	return ids
}
