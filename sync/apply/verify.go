package apply

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
)

// peopleByGroup is who is in which group, as sets. A missing group is the same as an empty one.
type peopleByGroup map[procore.GroupUUID]map[procore.LoginID]bool

func peopleRead(list []procore.Membership) peopleByGroup {
	p := peopleByGroup{}
	for _, m := range list {
		for _, who := range m.Assignees {
			p.add(m.Group, who.ID)
		}
	}
	return p
}

func peopleSent(list []procore.GroupWrite) peopleByGroup {
	p := peopleByGroup{}
	for _, g := range list {
		for _, id := range g.LoginIDs {
			p.add(g.UUID, id)
		}
	}
	return p
}

func (p peopleByGroup) add(group procore.GroupUUID, id procore.LoginID) {
	if p[group] == nil {
		p[group] = map[procore.LoginID]bool{}
	}
	p[group][id] = true
}

// holds reports whether the group has exactly these people.
func (p peopleByGroup) holds(group procore.GroupUUID, ids []procore.LoginID) bool {
	return maps.Equal(p[group], sync.LoginSet(ids))
}

// differing returns the groups in which a and b differ, sorted.
func differing(a, b peopleByGroup) []procore.GroupUUID {
	var groups []procore.GroupUUID
	for group := range a {
		if !maps.Equal(a[group], b[group]) {
			groups = append(groups, group)
		}
	}
	for group := range b {
		if len(a[group]) == 0 && len(b[group]) > 0 {
			groups = append(groups, group)
		}
	}
	slices.Sort(groups)
	return slices.Compact(groups)
}

// finding is the result of looking at a preset after a write.
type finding struct {
	differs []string // what is not as it was meant to be, for people; empty if everything is
	// unintended is set if some of it is neither as meant nor as it was before the write.
	unintended bool
}

func (f *finding) add(unintended bool, format string, args ...any) {
	f.differs = append(f.differs, fmt.Sprintf(format, args...))
	f.unintended = f.unintended || unintended
}

func (f *finding) String() string { return strings.Join(f.differs, "; ") }

// compareGroups checks whether the groups hold what was sent. A group that still holds what it held before was not
// written; one that holds anything else was written wrongly.
func compareGroups(n labels, before, sent, after peopleByGroup) finding {
	var f finding
	for _, group := range differing(sent, after) {
		asBefore := maps.Equal(before[group], after[group])
		what := "now holds"
		if asBefore {
			what = "still holds"
		}
		f.add(!asBefore, "group %s was sent %s and %s %s", n.group(group), n.list(sent[group]), what, n.list(after[group]))
	}
	return f
}

// compareWhole checks everything that a write may have touched: groups, manager, individual assignees, version.
func compareWhole(n labels, before procore.Preset, sent peopleByGroup, after procore.Preset) finding {
	f := compareGroups(n, peopleRead(before.Memberships), sent, peopleRead(after.Memberships))
	if before.Template.Published != after.Template.Published {
		f.add(true, "the published version was %s and is %s", before.Template.Published, after.Template.Published)
	}
	if before.Manager != after.Manager {
		f.add(true, "the workflow manager was %s and is %s", n.oneOrNobody(before.Manager), n.oneOrNobody(after.Manager))
	}
	if was, is := stepLogins(before), stepLogins(after); !maps.Equal(was, is) {
		f.add(true, "the people set straight on steps were %d and are %d, or are others", len(was), len(is))
	}
	return f
}

// onStep is one person on one step.
type onStep struct {
	step string
	who  procore.StepLogin
}

func stepLogins(p procore.Preset) map[onStep]bool {
	set := map[onStep]bool{}
	for _, step := range p.Individual {
		for _, who := range step.Logins {
			set[onStep{step.Step, who}] = true
		}
	}
	return set
}
