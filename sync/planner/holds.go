package planner

import (
	"slices"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
)

// smallGroup is the largest group of which any share may leave: half of three people is one.
const smallGroup = 3

// losesNobody says whether what looks like a mistake of the map or of HR keeps everybody in the group.
func (g *group) losesNobody(project procore.ProjectID) sync.Kind {
	if g.teamMissing {
		return sync.HeldTeamMissing
	}
	if slices.ContainsFunc(g.filledBy, func(in *teamInRole) bool { return in.forgets(project) }) {
		return sync.HeldNoProjectRows
	}
	return ""
}

// holds says whether the whole group stays as read: nobody but protected logins would be left in it, or too large a
// share of it would leave.
func (d *groupDecision) holds(policy sync.Policy) sync.Kind {
	leave := d.count(DecidedRemoved)
	if leave == 0 || d.losesNobody != "" {
		return ""
	}
	if !policy.AllowEmptyGroups && d.onlyProtectedLeft() {
		return sync.HeldEmptyGroup
	}
	if n := d.before(); n > smallGroup && leave*100 > policy.MaxGroupRemovalPercent*n {
		return sync.HeldGroupRemovals
	}
	return ""
}

// onlyProtectedLeft reports whether nobody but protected logins would be left.
func (d *groupDecision) onlyProtectedLeft() bool {
	return !slices.ContainsFunc(d.people, func(at placed) bool {
		return !at.who.protected && (at.is == DecidedStays || at.is == DecidedKept || at.is == DecidedAdded)
	})
}
