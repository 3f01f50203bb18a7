package planner

import (
	"slices"

	"procore-assignee-sync/hrsource"
	"procore-assignee-sync/sync"
)

// smallGroup is the size up to which a group may lose any share of its people: in a group of three, losing two is no
// sign of a mistake.
const smallGroup = 3

// holdLosses keeps the people who would be removed only because of what looks like a mistake in the role map or in HR:
// a team (in its role) that HR lacks altogether, or a team without rows for this project. The latter keeps nobody whose
// own rows of every such team say that they have left it.
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

// hasLeft reports whether a row of the team says that the person has left or that their time there has ended, and no
// row says that they are on it or will be. A nil team means any team.
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

// holds returns the hold that keeps the whole group as read, or nothing: nobody but protected logins would be left in
// it, or too large a share of it would be removed. It must be called before settle.
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
