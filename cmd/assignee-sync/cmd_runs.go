package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"

	"github.com/spf13/cobra"

	"procore-assignee-sync/cmd/assignee-sync/settings"
	"procore-assignee-sync/sync"
	"procore-assignee-sync/sync/ledger"
	"procore-assignee-sync/sync/report"
)

// runsOptions are the flags of runs.
type runsOptions struct {
	outputOptions
	all   bool
	limit int
}

// listFormats are the formats of lists and tables.
var listFormats = []string{"text", "json"}

func (a *app) runsCommand() *cobra.Command {
	var o runsOptions
	c := a.command(&cobra.Command{
		Use:   "runs",
		Short: "List past runs: when, by whom, what changed, how it ended",
		Args:  cobra.NoArgs,
	}, func(ctx context.Context, cmd *cobra.Command, _ []string) error { return a.runs(ctx, cmd, o) })
	o.flag(c, listFormats)
	c.Flags().BoolVar(&o.all, "all-companies", false, "the runs of every company, rather than of PROCORE_COMPANY_ID")
	c.Flags().IntVar(&o.limit, "limit", 50, "`N` runs at most, the newest; 0 lists all")
	a.readsSettings(c)
	c.AddCommand(a.runsShowCommand(), a.runsVerifyCommand())
	return c
}

func (a *app) runsShowCommand() *cobra.Command {
	var o outputOptions
	c := a.command(&cobra.Command{
		Use:   "show RUN",
		Short: "Show one run: its changes, exceptions and how it ended",
		Args:  cobra.ExactArgs(1),
	}, func(ctx context.Context, cmd *cobra.Command, args []string) error {
		return a.runsShow(ctx, cmd, args[0], o)
	})
	o.flag(c, formats)
	o.detailFlags(c)
	a.readsSettings(c)
	return c
}

func (a *app) runs(ctx context.Context, cmd *cobra.Command, o runsOptions) error {
	if err := o.check(listFormats); err != nil {
		return err
	}
	if o.limit < 0 {
		return usagef("--limit is %d: 0 or more is allowed", o.limit)
	}
	c, kept, done, err := a.openRuns(ctx, cmd)
	if err != nil {
		return err
	}
	defer done()
	filter := ledger.Filter{Limit: o.limit}
	if !o.all {
		filter.Company = c.Company
	}
	list, err := kept.Runs(ctx, filter)
	if o.Format == "json" {
		return errors.Join(printJSON(a.Stdout, append([]sync.Summary{}, list...)), err)
	}
	if len(list) == 0 {
		_, werr := fmt.Fprintf(a.Prose(), "no runs in %s\n", report.Clean(kept.Place()))
		return errors.Join(werr, err)
	}
	return errors.Join(report.Runs(a.Prose(), list, c.Company == "" || o.all), err)
}

func (a *app) runsShow(ctx context.Context, cmd *cobra.Command, name string, o outputOptions) error {
	if err := errors.Join(o.check(formats), ledger.CheckName(name)); err != nil {
		return err
	}
	c, kept, done, err := a.openRuns(ctx, cmd)
	if err != nil {
		return err
	}
	defer done()
	past, err := loadRun(ctx, kept, c, name)
	if err != nil {
		return err
	}
	rec := past.Record()
	if err := a.show(rec, o, report.TextOptions{}); err != nil || o.Format != "text" {
		return err
	}
	return report.RunFooter(a.Prose(), rec)
}

// loadRun loads the run with the given name.
func loadRun(ctx context.Context, kept *ledger.Ledger, c *settings.Config, name string) (*ledger.PastRun, error) {
	id, err := kept.Find(ctx, name, ledger.Filter{Company: c.Company}, false)
	if err != nil {
		return nil, err
	}
	past, err := kept.Load(ctx, id)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, &ledger.UnknownRunError{Name: name}
	case err != nil:
		return nil, fmt.Errorf("read run %s: %w", id, err)
	}
	return past, nil
}

// printJSON writes a value as indented JSON.
func printJSON(w io.Writer, value any) error {
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(value)
}
