package main

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"procore-assignee-sync/cmd/assignee-sync/settings"
)

// readsSettings adds to a command the flags that give settings.
func (a *app) readsSettings(c *cobra.Command, lists ...[]settings.Flag) {
	c.Flags().StringVar(&a.envFile, "env-file", "", "`FILE` with settings as NAME=value lines; the environment wins")
	for _, f := range slices.Concat(lists...) {
		flag := c.Flags().VarPF(&settingValue{placeholder: f.Placeholder}, f.Name, "", f.Usage)
		if f.Placeholder == "" {
			flag.NoOptDefVal = "true"
		}
	}
}

// settingValue is the text of a flag. If the flag is given more than once, its values are a list.
type settingValue struct {
	placeholder string // what the help calls a value; empty for a switch
	values      []string
}

// String returns the list as a setting would have it.
func (v *settingValue) String() string { return strings.Join(v.values, ",") }

// Set adds a value. It refuses an empty one, which would widen what a run touches instead of narrowing it.
func (v *settingValue) Set(text string) error {
	if strings.TrimSpace(text) == "" {
		return errors.New("a value is needed")
	}
	v.values = append(v.values, text)
	return nil
}

// Type returns what the help shows after the flag's name.
func (v *settingValue) Type() string {
	if v.placeholder == "" {
		return "bool"
	}
	return v.placeholder
}

// given returns those flags in the lists that were set.
func given(c *cobra.Command, lists ...[]settings.Flag) []string {
	var names []string
	for _, f := range slices.Concat(lists...) {
		if c.Flags().Changed(f.Name) {
			names = append(names, "--"+f.Name)
		}
	}
	return names
}

// settings reads everything that a command needs, from all places that settings come from. It returns the
// configuration, as far as it is complete, even with an error.
func (a *app) settings(ctx context.Context, c *cobra.Command, need settings.Needs) (*settings.Config, error) {
	source, err := settings.NewSource(a.Environ, a.envFile)
	if err != nil {
		return nil, err
	}
	for _, f := range slices.Concat(settings.SourceFlags(), settings.LimitFlags()) {
		// A flag of the same name may not be a setting, such as --project of explain.
		flag := c.Flags().Lookup(f.Name)
		if flag == nil || !flag.Changed {
			continue
		}
		if value, ok := flag.Value.(*settingValue); ok {
			source.SetFlag(f, value.String())
		}
	}
	a.shaping = a.shapingFlags(c)
	config, err := settings.Load(ctx, source, need)
	a.settled = true
	if config != nil {
		a.Hide(config.Secrets...)
		a.SetJSON(config.Log.JSON)
		a.others.notify = config.Notify
	}
	return config, err
}
