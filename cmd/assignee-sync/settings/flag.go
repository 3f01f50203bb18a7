package settings

// Flag is a command-line flag that gives a setting for one run.
type Flag struct {
	Name, Setting string
	Placeholder   string // what the help calls a value; empty for a switch
	Usage         string
}

// SourceFlags returns the flags that say what to sync and from what.
func SourceFlags() []Flag {
	return []Flag{
		{"hr-csv", "HR_CSV", "FILE", "HR file, - for standard input (HR_CSV)"},
		{"role-map", "ROLE_MAP", "FILE", "role map: a CSV file, table or names (ROLE_MAP)"},
		{"template", "SYNC_TEMPLATES", "NAME", "only this template, a name or id; may be given more than once (SYNC_TEMPLATES)"},
		{"project", "SYNC_PROJECTS", "NAME", "only this project, a name, number or id; may be given more than once (SYNC_PROJECTS)"},
		{"mode", "SYNC_MODE", "MODE", "authoritative or additive (SYNC_MODE)"},
	}
}

// RemovalLimitFlags returns the flags that limit how many people a run may remove.
func RemovalLimitFlags() []Flag {
	return []Flag{
		{"max-removal-percent", "SYNC_MAX_REMOVAL_PERCENT", "N", "refuse to remove more than N percent of all memberships (SYNC_MAX_REMOVAL_PERCENT)"},
		{"max-removals", "SYNC_MAX_REMOVALS", "N", "refuse to remove more than N memberships (SYNC_MAX_REMOVALS)"},
	}
}

// LimitFlags returns all flags that limit how much a plan may change.
func LimitFlags() []Flag {
	return append(RemovalLimitFlags(),
		Flag{"max-addition-percent", "SYNC_MAX_ADDITION_PERCENT", "N", "refuse to add more than N percent of all memberships (SYNC_MAX_ADDITION_PERCENT)"},
		Flag{"max-group-removal-percent", "SYNC_MAX_GROUP_REMOVAL_PERCENT", "N", "hold a group of four or more that would lose more than N percent (SYNC_MAX_GROUP_REMOVAL_PERCENT)"},
		Flag{"allow-empty-groups", "SYNC_ALLOW_EMPTY_GROUPS", "", "let a group lose its last people (SYNC_ALLOW_EMPTY_GROUPS)"},
	)
}
