package main

import (
	"cmp"
	"context"
	"io"

	"github.com/spf13/cobra"

	"procore-assignee-sync/cmd/assignee-sync/settings"
	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
	"procore-assignee-sync/sync/report"
	"procore-assignee-sync/sync/running"
)

var inboxFormats = []string{"text", "json"}

func (a *app) inboxCommand() *cobra.Command {
	var project, tool string
	var o outputOptions
	c := a.command(&cobra.Command{
		Use:   "inbox",
		Short: "List the running workflows that wait for the credentials' own user",
		Long: "Lists what waits for the user behind the credentials, with the options that each step offers: for an integration that\n" +
			"is itself an assignee. Writes nothing.",
		Args: cobra.NoArgs,
	}, func(ctx context.Context, cmd *cobra.Command, _ []string) error {
		return a.inbox(ctx, cmd, project, tool, o)
	})
	c.Flags().StringVar(&project, "project", "", "only of the project with this `ID` or number")
	c.Flags().StringVar(&tool, "tool", "", "only of the tool of this `TYPE`")
	o.flag(c, inboxFormats)
	a.readsSettings(c, nil)
	return c
}

func (a *app) inbox(ctx context.Context, cmd *cobra.Command, project, tool string, o outputOptions) error {
	if err := o.check(inboxFormats); err != nil {
		return err
	}
	j, done, err := a.openJob(ctx, cmd, settings.Needs{Procore: true, Ledger: true})
	if err != nil {
		return err
	}
	defer done()
	places, err := j.Places(ctx)
	if err != nil {
		return err
	}
	chosen, err := running.PlacesOf(places, project, tool)
	if err != nil {
		return err
	}
	waiters, err := j.Inbox(ctx, chosen)
	if waiters == nil && err != nil {
		return err
	}
	var showErr error
	if o.Format == "json" {
		showErr = printJSON(a.Stdout, append([]running.Waiter{}, waiters...))
	} else {
		showErr = a.text(func(w io.Writer) error { return report.Inbox(w, waiters) })
	}
	return cmp.Or(err, showErr)
}

// respondOptions are the flags of respond.
type respondOptions struct {
	outputOptions
	project, option, comment, file string
	company, yes                   bool
}

func (a *app) respondCommand() *cobra.Command {
	var o respondOptions
	c := a.command(&cobra.Command{
		Use:   "respond [INSTANCE]",
		Short: "Answer running workflows as the credentials' own user",
		Long: "Answers the current step of one workflow, or of all that a file with the columns instance_id,project_id,option,comment\n" +
			"names (a project's number will do, an empty one is the company). All of them are read and checked before the first is sent.",
		Args: cobra.MaximumNArgs(1),
	}, func(ctx context.Context, cmd *cobra.Command, args []string) error {
		return a.respond(ctx, cmd, args, o)
	})
	c.Flags().StringVar(&o.project, "project", "", "the workflow's project, by `ID` or number")
	c.Flags().BoolVar(&o.company, "company", false, "the workflow is of a company-level tool")
	c.Flags().StringVar(&o.option, "option", "", "the answer, by `NAME` or id; inbox lists them")
	c.Flags().StringVar(&o.comment, "comment", "", "`TEXT` beside the answer")
	c.Flags().StringVar(&o.file, "file", "", "answer what this CSV `FILE` says")
	c.Flags().BoolVar(&o.yes, "yes", false, "do not ask; needed where nobody sits at a terminal")
	o.flag(c, formats)
	a.readsSettings(c, nil)
	return c
}

// decisions returns the decisions given on the command line, or in the file that it names.
func (o respondOptions) decisions(args []string) ([]running.Decision, error) {
	switch {
	case o.file != "" && (len(args) > 0 || o.project != "" || o.company || o.option != "" || o.comment != ""):
		return nil, usagef("--file names what to answer, and how: it goes with no workflow and no option of its own")
	case o.file != "":
		return loadDecisions(o.file)
	case len(args) == 0:
		return nil, usagef("name a workflow by its id, or --file FILE; `assignee-sync inbox` lists what waits")
	case (o.project == "") == !o.company:
		return nil, usagef("where the workflow is: --project ID, or --company for a company-level tool")
	case o.option == "":
		return nil, usagef("the answer: --option NAME or its id; `assignee-sync inbox` lists them")
	}
	return []running.Decision{{
		Ref:    procore.InstanceRef{Project: procore.ProjectID(o.project), Instance: procore.InstanceID(args[0])},
		Option: o.option, Comment: o.comment,
	}}, nil
}

func (a *app) respond(ctx context.Context, cmd *cobra.Command, args []string, o respondOptions) error {
	send := applyOptions{outputOptions: o.outputOptions, yes: o.yes}
	if err := a.mayApply(send); err != nil {
		return err
	}
	decisions, err := o.decisions(args)
	if err != nil {
		return err
	}
	c, j, done, err := a.openRun(ctx, cmd, settings.Needs{Procore: true, Ledger: true})
	if err != nil {
		return err
	}
	defer done()
	return a.send(ctx, c, j, send, func() (sync.Record, error) { return j.Respond(ctx, decisions) })
}
