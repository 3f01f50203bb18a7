package planner

import (
	"slices"

	"procore-assignee-sync/hrsource"
	"procore-assignee-sync/sync"
)

// Terms returns what HR rows are judged against: the day, and the teams and roles that the map names. ROLE_MAP=names
// has none.
func (m *RoleMap) Terms(today hrsource.Date) hrsource.Terms {
	terms := hrsource.Terms{Today: today}
	if m == nil || m.names {
		return terms
	}
	terms.IsTeam = func(name string) bool {
		folded := sync.FoldName(name)
		return slices.ContainsFunc(m.rules, func(r rule) bool { return r.team == folded })
	}
	terms.IsRole = func(name string) bool {
		folded := sync.FoldName(name)
		return slices.ContainsFunc(m.rules, func(r rule) bool { return !r.anyRole && r.role == folded })
	}
	return terms
}
