package sync

import "slices"

// smallGroup is the largest group of which any share may leave: half of three people is one.
const smallGroup = 3

// losesNobody says whether what looks like a mistake of the map or of HR keeps everybody in the group.
func (b *drafter) losesNobody(s *slot, project int32) Kind {
	if s.teamIsMissing {
		return HeldTeamMissing
	}
	if slices.ContainsFunc(s.selectors, func(n int32) bool { return b.selectors[n].forgets(project) }) {
		return HeldNoProjectRows
	}
	return ""
}

// hold says whether the whole group stays as read: nobody but protected logins would be left in it, or too large a
// share of it would leave. Come are those who would be added.
func (b *drafter) hold(d *draft, come []int32) Kind {
	if len(d.leave) == 0 || d.losesNobody != "" {
		return ""
	}
	if !b.policy.AllowEmptyGroups && b.onlyProtected(d, come) {
		return HeldEmptyGroup
	}
	if len(d.before) > smallGroup && len(d.leave)*100 > b.policy.MaxGroupRemovalPercent*len(d.before) {
		return HeldGroupRemovals
	}
	return ""
}

// onlyProtected says whether nobody but protected logins would be left.
func (b *drafter) onlyProtected(d *draft, come []int32) bool {
	other := func(who int32) bool { return !b.people.all[who].protected }
	return !slices.ContainsFunc(d.stay, other) && !slices.ContainsFunc(come, other) &&
		!slices.ContainsFunc(d.kept, func(k keptPerson) bool { return other(k.who) })
}

// needsList says whether who may be assigned has to be known: somebody comes, and no hold keeps them out anyway.
func (b *drafter) needsList(d *draft) bool {
	return len(d.come) > 0 && b.hold(d, d.come) == ""
}
