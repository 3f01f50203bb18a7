package simulation_test

import (
	"fmt"
	"slices"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/procore/sandbox"
	"procore-assignee-sync/sync"
)

// checkUndone: a rollback plans to put back everybody who can be there, and leaves nobody out but those who can't come
// back; of every group that it leaves alone it says why, or there is nothing to put back.
func (s *simulation) checkUndone(n *night) []string {
	if n.undoes == nil || n.rec.Plan == nil {
		return nil
	}
	breaches := s.checkCantComeBack(n)
	for ref, groups := range n.undoes.touched {
		fresh := n.planned[ref]
		if fresh == nil || !s.wroteUnedited(n.undoes, ref) || n.toldOfPreset(ref) {
			continue
		}
		for group, before := range groups {
			was := peopleIn(fresh.groups(), group)
			want := s.canBeBack(n, ref, fresh, before, was)
			if sameSet(was, want) {
				continue
			}
			s.tally.add("groups that a rollback had to put back")
			if will, there := n.willHold(ref, group); !there && !s.isBack(n, ref, fresh, group, want, was) || there && !s.isBack(n, ref, fresh, group, want, will) {
				breaches = append(breaches, fmt.Sprintf("preset %s: the rollback plans %v for group %s, which holds %v, and %v can be put back",
					ref.Preset, will, group, was, want))
			}
		}
	}
	slices.Sort(breaches)
	return breaches
}

// checkCantComeBack: who is said not to be assignable is so.
func (s *simulation) checkCantComeBack(n *night) []string {
	var breaches []string
	for _, e := range n.rec.Plan.Exceptions {
		at := slices.IndexFunc(n.truth.company.Users, func(u sandbox.User) bool { return e.Kind == sync.NotAssignable && u.Login == e.Subject })
		if at >= 0 && !slices.ContainsFunc(n.truth.company.Tools, func(tool sandbox.Tool) bool { return !n.truth.assignable(at, tool.ToolRef, e.Project) }) {
			breaches = append(breaches, fmt.Sprintf("%s is said not to come back in project %s, and may be assigned there", e.Subject, e.Project))
		}
	}
	return breaches
}

// wroteUnedited says whether a night has written a preset, and nobody has edited it since.
func (s *simulation) wroteUnedited(n *night, ref procore.PresetRef) bool {
	return slices.ContainsFunc(s.writesOf(n), func(w sandbox.Write) bool { return w.Ref == ref }) && !s.wasEdited(n, ref)
}

// toldOfPreset says whether a rollback tells why it leaves something of the preset alone.
func (n *night) toldOfPreset(ref procore.PresetRef) bool {
	return slices.ContainsFunc(n.rec.Plan.Exceptions, func(e sync.Exception) bool {
		return e.Project == ref.Project && (e.Kind == sync.UnreadableKind || e.Kind == sync.ConflictKind || e.Kind == sync.FailedKind)
	})
}

// willHold gives whom a plan puts into a group.
func (n *night) willHold(ref procore.PresetRef, group procore.GroupUUID) (people []procore.LoginID, there bool) {
	for _, p := range n.rec.Plan.Presets {
		for _, g := range p.Groups {
			if p.Ref == ref && g.UUID == group {
				return g.After, true
			}
		}
	}
	return nil, false
}
