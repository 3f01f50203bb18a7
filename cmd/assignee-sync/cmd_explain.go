package main

import (
	"context"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"procore-assignee-sync/cmd/assignee-sync/settings"
	"procore-assignee-sync/sync/planner"
	"procore-assignee-sync/sync/report"
)

// explainOptions are the flags of explain.
type explainOptions struct{ person, project, group string }

// explainFlags returns the source flags that explain accepts. It has no filters, since it always looks at everything.
func explainFlags() []settings.Flag {
	return slices.DeleteFunc(settings.SourceFlags(), func(f settings.Flag) bool {
		return f.Setting == "SYNC_TEMPLATES" || f.Setting == "SYNC_PROJECTS"
	})
}

func (a *app) explainCommand() *cobra.Command {
	var o explainOptions
	c := a.command(&cobra.Command{
		Use:   "explain (--person EMAIL | --project ID [--group NAME])",
		Short: "Say why someone is or is not an assignee",
		Long: "Follows people from the HR row over the rule of the role map and the group to the login and what the plan does with\n" +
			"it, or names the first link that is missing. Nothing is written.",
		Args: cobra.NoArgs,
	}, func(ctx context.Context, cmd *cobra.Command, _ []string) error { return a.explain(ctx, cmd, o) })
	c.Flags().StringVar(&o.person, "person", "", "one person everywhere, by `EMAIL`")
	c.Flags().StringVar(&o.project, "project", "", "everyone in one project, by `ID` or number")
	c.Flags().StringVar(&o.group, "group", "", "only the group of that `NAME`")
	a.readsSettings(c, explainFlags(), settings.LimitFlags())
	return c
}

func (a *app) explain(ctx context.Context, cmd *cobra.Command, o explainOptions) error {
	o.person, o.project, o.group = strings.TrimSpace(o.person), strings.TrimSpace(o.project), strings.TrimSpace(o.group)
	switch {
	case (o.person == "") == (o.project == ""):
		return usagef("name either --person EMAIL or --project ID")
	case o.group != "" && o.project == "":
		return usagef("--group goes with --project")
	}
	j, done, err := a.openJob(ctx, cmd, settings.Needs{Procore: true, HR: true, Limits: true, Ledger: true})
	if err != nil {
		return err
	}
	defer done()
	j.Templates, j.Projects = nil, nil
	in, err := j.Inputs(ctx)
	if err != nil {
		return err
	}
	var explanation *planner.Explanation
	if o.person != "" {
		explanation, err = planner.ExplainPerson(in, o.person)
	} else {
		explanation, err = planner.ExplainProject(in, o.project, o.group)
	}
	if err != nil {
		return err
	}
	return report.Explanation(a.Prose(), explanation)
}
