package main

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"procore-assignee-sync/cmd/assignee-sync/settings"
	"procore-assignee-sync/sync"
	"procore-assignee-sync/sync/ledger"
	"procore-assignee-sync/sync/report"
)

// completedRuns is how many past runs are offered.
const completedRuns = 30

// completes makes a command and its subcommands complete the values of flags, and past runs.
func (a *app) completes(c *cobra.Command) {
	for name, complete := range map[string]cobra.CompletionFunc{
		"mode":     cobra.FixedCompletions([]string{string(sync.Authoritative), string(sync.Additive)}, cobra.ShellCompDirectiveNoFileComp),
		"hr-csv":   files("csv", "txt"),
		"role-map": roleMaps,
		"env-file": cobra.FixedCompletions(nil, cobra.ShellCompDirectiveDefault),
		"template": a.templates,
		"group":    a.groups,
		"file":     files("csv"),
		"keep":     cobra.FixedCompletions(nil, cobra.ShellCompDirectiveFilterDirs),
		"write":    cobra.FixedCompletions(nil, cobra.ShellCompDirectiveFilterDirs),
	} {
		if c.Flags().Lookup(name) != nil {
			_ = c.RegisterFlagCompletionFunc(name, complete) // it fails if the flag does not exist or is completed already
		}
	}
	switch {
	case strings.Contains(c.Use, " RUN"), strings.Contains(c.Use, "[RUN]"):
		c.ValidArgsFunction = a.pastRuns
	case strings.Contains(c.Use, "[PLAN]"):
		c.ValidArgsFunction = files("json")
	case strings.Contains(c.Use, " DIR"):
		c.ValidArgsFunction = cobra.FixedCompletions(nil, cobra.ShellCompDirectiveFilterDirs)
	case !c.HasSubCommands() && c.ValidArgsFunction == nil:
		c.ValidArgsFunction = cobra.NoFileCompletions
	}
	for _, below := range c.Commands() {
		a.completes(below)
	}
}

// files completes files with certain endings.
func files(endings ...string) cobra.CompletionFunc {
	return cobra.FixedCompletions(endings, cobra.ShellCompDirectiveFilterFileExt)
}

// roleMaps completes the special words of ROLE_MAP, and paths.
func roleMaps(_ *cobra.Command, _ []string, begun string) ([]string, cobra.ShellCompDirective) {
	words := []string{settings.RoleMapTable, settings.RoleMapNames}
	return slices.DeleteFunc(words, func(w string) bool { return !strings.HasPrefix(w, begun) }), cobra.ShellCompDirectiveDefault
}

// pastRuns completes the ids of past runs, newest first, each with a description. If the text begins like the last six
// characters of an id, it completes those. For a rollback it offers no dry runs.
func (a *app) pastRuns(c *cobra.Command, args []string, begun string) ([]string, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	found := []string{cobra.CompletionWithDesc("last", "the newest run")}
	for _, s := range a.newestRuns(c) {
		if c.Name() == "rollback" && s.Command == sync.CommandPlan {
			continue
		}
		what := report.Clean(fmt.Sprintf("%s by %s: %s", s.Command, s.By, report.RunEnded(s)))
		found = append(found, cobra.CompletionWithDesc(s.ID, what))
		if short := ledger.ShortID(s.ID); begun != "" {
			found = append(found, cobra.CompletionWithDesc(short, s.StartedAt.UTC().Format(time.DateTime)+", "+what))
		}
	}
	found = slices.DeleteFunc(found, func(f string) bool { return !strings.HasPrefix(f, begun) })
	return found, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveKeepOrder
}

// templates completes the templates of the newest run that has any.
func (a *app) templates(c *cobra.Command, _ []string, begun string) ([]string, cobra.ShellCompDirective) {
	return a.managed(c, begun, func(g sync.ManagedGroup) string { return g.TemplateName })
}

// groups completes the managed groups of that run.
func (a *app) groups(c *cobra.Command, _ []string, begun string) ([]string, cobra.ShellCompDirective) {
	return a.managed(c, begun, func(g sync.ManagedGroup) string { return g.GroupName })
}

// managed completes one of the names of managed groups, from the newest run that has any.
func (a *app) managed(c *cobra.Command, begun string, name func(sync.ManagedGroup) string) ([]string, cobra.ShellCompDirective) {
	var names []string
	list := a.newestRuns(c)
	if i := slices.IndexFunc(list, func(s sync.Summary) bool { return len(s.Managed) > 0 }); i >= 0 {
		for _, g := range list[i].Managed {
			if n := report.Clean(name(g)); strings.HasPrefix(n, begun) {
				names = append(names, n)
			}
		}
	}
	slices.Sort(names)
	return slices.Compact(names), cobra.ShellCompDirectiveNoFileComp
}

// newestRuns returns past runs for completion, ignoring errors.
func (a *app) newestRuns(c *cobra.Command) []sync.Summary {
	config, err := a.settings(c.Context(), c, settings.Needs{Ledger: true})
	if err != nil {
		return nil
	}
	config.Ledger.DatabaseURL = "" // somebody has pressed a key and is waiting
	kept, err := a.openLedger(c.Context(), config)
	if err != nil {
		return nil
	}
	defer closeLedger(kept, a.Logger(config.Log.Level))
	list, _ := kept.Runs(c.Context(), ledger.Filter{Limit: completedRuns, Company: config.Company})
	return list
}
