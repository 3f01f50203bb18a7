package main

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/spf13/cobra"
)

// settingFlag is a flag that gives a setting for one run.
type settingFlag struct {
	name, setting, placeholder, usage string
}

// sourceFlags are those that say what to sync and from what.
var sourceFlags = []settingFlag{
	{"hr-csv", "HR_CSV", "FILE", "HR file, - for standard input (HR_CSV)"},
	{"role-map", "ROLE_MAP", "FILE", "role map: a CSV file, table or names (ROLE_MAP)"},
	{"template", "SYNC_TEMPLATES", "NAME", "only this template, a name or id; may be given more than once (SYNC_TEMPLATES)"},
	{"project", "SYNC_PROJECTS", "NAME", "only this project, a name, number or id; may be given more than once (SYNC_PROJECTS)"},
	{"mode", "SYNC_MODE", "MODE", "authoritative or additive (SYNC_MODE)"},
}

// limitFlags are the removal limits, for one run.
var limitFlags = []settingFlag{
	{"max-removal-percent", "SYNC_MAX_REMOVAL_PERCENT", "N", "refuse to remove more of all memberships (SYNC_MAX_REMOVAL_PERCENT)"},
	{"max-removals", "SYNC_MAX_REMOVALS", "N", "refuse to remove more people (SYNC_MAX_REMOVALS)"},
	{"max-group-removal-percent", "SYNC_MAX_GROUP_REMOVAL_PERCENT", "N", "hold a group that would lose more (SYNC_MAX_GROUP_REMOVAL_PERCENT)"},
	{"allow-empty-groups", "SYNC_ALLOW_EMPTY_GROUPS", "", "let a group lose its last people (SYNC_ALLOW_EMPTY_GROUPS)"},
}

// readsSettings gives a command the flags that settings can come from.
func (a *app) readsSettings(c *cobra.Command, lists ...[]settingFlag) {
	c.Flags().StringVar(&a.envFile, "env-file", "", "`FILE` with settings as NAME=value lines; the environment wins")
	for _, f := range slices.Concat(lists...) {
		flag := c.Flags().VarPF(&settingValue{placeholder: f.placeholder}, f.name, "", f.usage)
		if f.placeholder == "" {
			flag.NoOptDefVal = "true"
		}
	}
}

// settingValue is the text of a flag. Given more than once, its values are a list.
type settingValue struct {
	placeholder string // what the help calls a value; empty for a switch
	values      []string
}

// String gives the list as a setting would have it.
func (v *settingValue) String() string { return strings.Join(v.values, ",") }

// Set adds a value. An empty one is refused: it would widen what a run touches rather than narrow it.
func (v *settingValue) Set(text string) error {
	if strings.TrimSpace(text) == "" {
		return errors.New("a value is needed")
	}
	v.values = append(v.values, text)
	return nil
}

// Type is what the help shows after the flag's name.
func (v *settingValue) Type() string {
	if v.placeholder == "" {
		return "bool"
	}
	return v.placeholder
}

// given lists the flags that were set of a list.
func given(c *cobra.Command, lists ...[]settingFlag) []string {
	var names []string
	for _, f := range slices.Concat(lists...) {
		if c.Flags().Changed(f.name) {
			names = append(names, "--"+f.name)
		}
	}
	return names
}

// settings reads all that a command needs, from everywhere that settings come from. The config is given, as far as it
// goes, also with an error.
func (a *app) settings(ctx context.Context, c *cobra.Command, need needs) (*config, error) {
	source, err := newSettingSource(a.Environ, a.envFile)
	if err != nil {
		return nil, err
	}
	for _, f := range slices.Concat(sourceFlags, limitFlags) {
		// Another flag of that name gives no setting, such as --project of explain.
		flag := c.Flags().Lookup(f.name)
		if flag == nil || !flag.Changed {
			continue
		}
		if value, ok := flag.Value.(*settingValue); ok {
			source.setFlag(f.setting, f.name, value.String())
		}
	}
	config, err := loadSettings(ctx, source, need)
	if config != nil {
		a.errs.hide(config.secrets...)
	}
	return config, err
}
