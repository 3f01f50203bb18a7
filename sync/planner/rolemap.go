package planner

import (
	"strings"

	"procore-assignee-sync/hrsource"
	"procore-assignee-sync/sync"
)

// RoleMap says which teams and roles fill which group of which template.
type RoleMap struct {
	facts sync.RoleMapFacts
	names bool // a group is filled by the team of the same name, and there are no rules
	rules []rule
}

// anything, as a rule's template or role, matches every template or role.
const anything = "*"

// rule is one row of a role map, with its names folded.
type rule struct {
	row                         hrsource.RoleRow
	template, group, team, role string
	anyTemplate, anyRole        bool
}

// Facts identifies the role map across runs.
func (m *RoleMap) Facts() sync.RoleMapFacts { return m.facts }

// NewRoleMap makes a role map of a file's or a table's rows, which hrsource has found to name what they must. Source is for
// people, fingerprint tells one content from another.
func NewRoleMap(rows []hrsource.RoleRow, source, fingerprint string) *RoleMap {
	m := &RoleMap{facts: sync.RoleMapFacts{Source: source, Fingerprint: fingerprint, Rules: len(rows)}}
	for _, row := range rows {
		m.rules = append(m.rules, newRule(row))
	}
	return m
}

// NamesRoleMap returns the role map under which a group is filled by the team of the same name.
func NamesRoleMap() *RoleMap {
	return &RoleMap{names: true, facts: sync.RoleMapFacts{Source: "names", Fingerprint: "names"}}
}

func newRule(row hrsource.RoleRow) rule {
	return rule{
		row:         row,
		template:    sync.FoldName(row.Template),
		anyTemplate: strings.TrimSpace(row.Template) == anything,
		group:       sync.FoldName(row.Group),
		team:        sync.FoldName(row.Team),
		role:        sync.FoldName(row.Role),
		anyRole:     strings.TrimSpace(row.Role) == anything,
	}
}

// matchesTemplate reports whether the rule speaks of a template. The text of a rule may be its id.
func (r rule) matchesTemplate(id, folded string) bool {
	return r.anyTemplate || strings.TrimSpace(r.row.Template) == id || r.template != "" && r.template == folded
}

// subject names the rule in exceptions: its cells as written. So it can be copied into the accepted exceptions, and
// does not change when lines are inserted above it.
func (r rule) subject() string {
	return strings.Join([]string{r.row.Template, r.row.Group, r.row.Team, r.row.Role}, " / ")
}

// who describes the people to whom the rule applies.
func (r rule) who() string {
	if r.anyRole {
		return r.row.Team
	}
	return r.row.Team + " / " + r.row.Role
}

// at returns the position of the rule.
func (r rule) at() string { return r.row.At.String() }
