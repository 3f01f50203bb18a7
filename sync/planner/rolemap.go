package planner

import (
	"strings"

	"procore-assignee-sync/hrsource"
	"procore-assignee-sync/sync"
)

// RoleMap says which teams and roles fill which group of which template.
type RoleMap struct {
	facts sync.RoleMapFacts
	names bool // a group is filled by the team of the same name; there are no rules
	rules []rule
}

// anything in a role map's template or role matches all of them.
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

// NamesRoleMap is the role map in which a group is filled by the team of the same name.
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

// subject names the rule in exceptions: its cells as written, so that it can be copied into the accepted exceptions
// and stays the same when lines are put in above it.
func (r rule) subject() string {
	return strings.Join([]string{r.row.Template, r.row.Group, r.row.Team, r.row.Role}, " / ")
}

// who names the people of whom the rule speaks.
func (r rule) who() string {
	if r.anyRole {
		return r.row.Team
	}
	return r.row.Team + " / " + r.row.Role
}

// at says where the rule stands.
func (r rule) at() string { return r.row.At.String() }
