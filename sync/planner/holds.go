package planner

import (
	"slices"

	"procore-assignee-sync/hrsource"
	"procore-assignee-sync/sync"
)

// smallGroup is the largest group of which any share may leave: half of three people is one.
const smallGroup = 3

// holdLosses lets those stay who would leave only because of what looks like a mistake of the map or of HR: a team (in its
// role) that HR lacks altogether, or a team without rows for this project. Whoever's own rows of each such team say that
// they left it is not held for the latter.
func (d *groupDecision) holdLosses(today hrsource.Date) {
	project := d.preset.Ref.Project
	var kind sync.Kind
	var withoutRows []*team
	for _, in := range d.group.filledBy {
		if in.hasNoProjectRows(project) {
			kind = sync.HeldNoProjectRows
			withoutRows = append(withoutRows, in.team)
		}
	}
	if d.group.teamMissing {
		kind = sync.HeldTeamMissing
	}
	if kind == "" {
		return
	}
	for i := range d.people {
		at := &d.people[i]
		mayBeOn := func(t *team) bool { return !at.who.hasLeft(t, today) }
		if at.is == DecidedRemoved && (d.group.teamMissing || slices.ContainsFunc(withoutRows, mayBeOn)) {
			at.is, at.heldForMistake, d.losesNobody = DecidedHeldRemove, true, kind
		}
	}
}

// hasLeft reports whether a row of a team says that somebody left or ended, and none that they are on it or will be. A nil
// team is any.
func (p *person) hasLeft(t *team, today hrsource.Date) bool {
	left := false
	for _, r := range p.rows {
		switch {
		case t != nil && r.team != t:
		case r.Status == hrsource.Terminated, !r.End.IsZero() && r.End.Before(today):
			left = true
		default:
			return false
		}
	}
	return left
}

// holds reports whether the whole group stays as read: nobody but protected logins would be left in it, or too large a
// share of it would leave. It is asked before the hold is settled.
func (d *groupDecision) holds(policy sync.Policy) sync.Kind {
	leave := d.count(DecidedRemoved)
	if leave == 0 {
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
		return !at.who.protected && at.is != DecidedRemoved && at.is != DecidedNotAssignable && at.is != DecidedHeldAdd
	})
}
