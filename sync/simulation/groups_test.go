package simulation_test

import (
	"slices"

	"procore-assignee-sync/procore"
)

// mayChange says why a night must not change a group so; empty: it may.
func (s *simulation) mayChange(n *night, ref procore.PresetRef, fresh *reading, group procore.GroupUUID, was, will []procore.LoginID) string {
	if n.undoes != nil {
		before, touched := n.undoes.touched[ref][group]
		switch {
		case !touched:
			return "which the run to be undone did not touch"
		case !s.isBack(n, ref, fresh, group, s.canBeBack(n, ref, fresh, before, was), will):
			return "and of those whom it held before the run to be undone others can be there"
		case !sameSet(was, peopleIn(n.undoes.sent[ref], group)) && !s.left(n.undoes, ref, group, was):
			return "and the run to be undone left it otherwise"
		}
		return ""
	}
	tmpl := n.truth.template(fresh.Template.ID)
	g, managed := n.truth.managed(tmpl, n.truth.version(fresh.Template.Published), group)
	if !managed {
		return "and it is not managed"
	}
	if why := n.truth.mustHold(was, will); why != "" {
		return why
	}
	for _, id := range was {
		if !slices.Contains(will, id) {
			if why := n.truth.mustStay(id, tmpl, g, ref.Project); why != "" {
				return string(id) + " leaves although " + why
			}
			s.tally.add("people sent away")
		}
	}
	for _, id := range will {
		if slices.Contains(was, id) {
			continue
		}
		if person, _ := n.truth.user(id); !n.truth.belongs(person, tmpl, g, ref.Project) || !n.truth.assignable(person, tmpl.Tool, ref.Project) {
			return string(id) + " comes and does not belong there"
		}
		s.tally.add("people sent there")
	}
	return ""
}

// canBeBack gives those of a group's people before a run who can be there again: they are there now, or may be assigned.
func (s *simulation) canBeBack(n *night, ref procore.PresetRef, fresh *reading, before, was []procore.LoginID) []procore.LoginID {
	tool := n.truth.template(fresh.Template.ID).Tool
	return slices.DeleteFunc(slices.Clone(before), func(id procore.LoginID) bool {
		person, _ := n.truth.user(id)
		out := !slices.Contains(was, id) && !n.truth.assignable(person, tool, ref.Project)
		if out {
			s.tally.add("people who could not be put back")
		}
		return out
	})
}

// left says whether a night's last look at the preset, or else its last write, left the group so, whatever was sent.
func (s *simulation) left(n *night, ref procore.PresetRef, group procore.GroupUUID, was []procore.LoginID) bool {
	if sameSet(was, peopleIn(n.lastRead[ref], group)) {
		return true
	}
	for _, w := range slices.Backward(s.writesOf(n)) {
		if w.Ref == ref {
			return sameSet(was, peopleIn(w.After.Memberships, group))
		}
	}
	return false
}

func keepOnly(list, in []procore.LoginID) []procore.LoginID {
	return slices.DeleteFunc(slices.Clone(list), func(id procore.LoginID) bool { return !slices.Contains(in, id) })
}

func peopleIn(list []procore.GroupWrite, group procore.GroupUUID) []procore.LoginID {
	for _, g := range list {
		if g.UUID == group {
			return g.LoginIDs
		}
	}
	return nil
}

// sameSeating says whether two lists have the same people in each group.
func sameSeating(a, b []procore.GroupWrite) bool {
	return !slices.ContainsFunc(slices.Concat(a, b), func(g procore.GroupWrite) bool {
		return !sameSet(peopleIn(a, g.UUID), peopleIn(b, g.UUID))
	})
}

func sameSet(a, b []procore.LoginID) bool {
	in := func(list []procore.LoginID) func(procore.LoginID) bool {
		return func(id procore.LoginID) bool { return !slices.Contains(list, id) }
	}
	return !slices.ContainsFunc(a, in(b)) && !slices.ContainsFunc(b, in(a))
}
