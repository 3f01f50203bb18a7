package main

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"procore-assignee-sync/sync"
	"procore-assignee-sync/sync/report"
)

// historyOptions are the flags of history.
type historyOptions struct {
	outputOptions
	person, project, group, since string
	all                           bool
}

// historyFormats are the values of --format for history.
var historyFormats = []string{"text", "csv", "json"}

func (a *app) historyCommand() *cobra.Command {
	var o historyOptions
	c := a.command(&cobra.Command{
		Use:   "history (--person EMAIL | --project ID [--group NAME])",
		Short: "Say what happened to someone, or in a project, over all runs",
		Long: "Goes through all runs that were no dry runs, in the folder and in the ledger database: when somebody was added or removed,\n" +
			"by which run and on whose word, why, and how it went. As text it also tells who was invited to running workflows, and whom\n" +
			"a rollback could not put back. Nothing is asked of Procore.",
		Args: cobra.NoArgs,
	}, func(ctx context.Context, cmd *cobra.Command, _ []string) error { return a.history(ctx, cmd, o) })
	c.Flags().StringVar(&o.person, "person", "", "one person everywhere, by the `EMAIL` of the login in Procore, or by name, employee id or login id")
	c.Flags().StringVar(&o.project, "project", "", "everyone in one project, by `ID` or number")
	c.Flags().StringVar(&o.group, "group", "", "only the group of that `NAME`")
	c.Flags().StringVar(&o.since, "since", "", "only from that `DATE` on, such as 2026-11-01, in SYNC_TIMEZONE")
	c.Flags().BoolVar(&o.all, "all-companies", false, "the runs of every company, rather than of PROCORE_COMPANY_ID")
	o.flag(c, historyFormats)
	a.readsSettings(c)
	return c
}

func (a *app) history(ctx context.Context, cmd *cobra.Command, o historyOptions) error {
	filter := sync.HistoryFilter{
		Person: strings.TrimSpace(o.person), Project: strings.TrimSpace(o.project), Group: strings.TrimSpace(o.group),
	}
	switch {
	case (filter.Person == "") == (filter.Project == ""):
		return usagef("name either --person EMAIL or --project ID")
	case filter.Group != "" && filter.Project == "":
		return usagef("--group goes with --project")
	}
	if err := o.check(historyFormats); err != nil {
		return err
	}
	c, kept, done, err := a.openRuns(ctx, cmd)
	if err != nil {
		return err
	}
	defer done()
	if o.since != "" {
		if filter.Since, err = time.ParseInLocation(time.DateOnly, o.since, c.Location); err != nil {
			return usagef("--since is %q: a day such as 2026-11-01 is allowed", o.since)
		}
	}
	company := c.Company
	if o.all {
		company = ""
	}
	found, err := kept.History(ctx, company, filter)
	return errors.Join(a.showHistory(o, filter, &found), err)
}

func (a *app) showHistory(o historyOptions, f sync.HistoryFilter, found *sync.History) error {
	switch o.Format {
	case "csv":
		return report.HistoryCSV(a.Stdout, found.Changes)
	case "json":
		return report.HistoryJSON(a.Stdout, found.Changes)
	}
	about := f.Person
	if f.Project != "" {
		about = "project " + f.Project
	}
	if f.Group != "" {
		about = "group " + f.Group + " of " + about
	}
	if o.since != "" {
		about += " since " + o.since
	}
	return report.HistoryText(a.Prose(), about, f, found)
}
