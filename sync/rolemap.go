package sync

import (
	"errors"

	"procore-assignee-sync/hrsource"
)

// RoleMap says which teams and roles fill which group of which template.
type RoleMap struct {
	facts RoleMapFacts
}

// Facts identifies the role map across runs.
func (m *RoleMap) Facts() RoleMapFacts { return m.facts }

// NewRoleMap makes a role map of a file's or a table's rows. Source is for people, fingerprint tells one content from
// another. All wrong rows are reported at once, as *ConfigError.
func NewRoleMap(rows []hrsource.RoleRow, source, fingerprint string) (*RoleMap, error) {
	return nil, errors.New("role maps are not built yet")
}

// NamesRoleMap is the role map in which a group is filled by the team of the same name.
func NamesRoleMap() *RoleMap { return &RoleMap{} }
