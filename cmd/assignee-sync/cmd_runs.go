package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"text/tabwriter"
	"time"

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
	c, err := a.settings(ctx, cmd, settings.Needs{Ledger: true})
	if err != nil {
		return err
	}
	kept, err := a.openLedger(ctx, c)
	if err != nil {
		return err
	}
	defer closeLedger(kept, a.Logger(c.Log.Level))
	filter := ledger.Filter{Limit: o.limit}
	if !o.all {
		filter.Company = c.Company
	}
	list, err := kept.Runs(ctx, filter)
	if o.Format == "json" {
		return errors.Join(printJSON(a.Stdout, append([]sync.Summary{}, list...)), err)
	}
	return errors.Join(printRuns(a.Stdout, list, c.Company == "" || o.all, c.Ledger.Dir), err)
}

func (a *app) runsShow(ctx context.Context, cmd *cobra.Command, name string, o outputOptions) error {
	if err := errors.Join(o.check(formats), ledger.CheckName(name)); err != nil {
		return err
	}
	c, err := a.settings(ctx, cmd, settings.Needs{Ledger: true})
	if err != nil {
		return err
	}
	kept, err := a.openLedger(ctx, c)
	if err != nil {
		return err
	}
	defer closeLedger(kept, a.Logger(c.Log.Level))
	past, err := loadRun(ctx, kept, c, name)
	if err != nil {
		return err
	}
	rec := past.Record()
	if err := a.show(rec, o, report.TextOptions{}); err != nil || o.Format != "text" {
		return err
	}
	_, err = fmt.Fprintf(a.Stdout, "\nrun %s by %s: %s\n", rec.Run.ID, rec.Run.By, cmp.Or(rec.FinalLine(), "not finished"))
	return err
}

// loadRun reads the run of that name.
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

// printRuns writes the list as a table, newest first.
func printRuns(w io.Writer, list []sync.Summary, company bool, where string) error {
	if len(list) == 0 {
		_, err := fmt.Fprintf(w, "no runs in %s\n", where)
		return err
	}
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	head, cell := "", ""
	if company {
		head = "COMPANY\t"
	}
	fmt.Fprintf(table, "RUN\t%sSTARTED (UTC)\tCOMMAND\tBY\tCHANGES\tOUTCOME\n", head)
	for _, s := range list {
		if company {
			cell = string(s.Company) + "\t"
		}
		fmt.Fprintf(table, "%s\t%s%s\t%s\t%s\t%s\t%s\n",
			s.ID, cell, s.StartedAt.UTC().Format(time.DateTime), s.Command, s.By, changed(s), outcome(s))
	}
	return table.Flush()
}

// changed says what a run changed or, of a dry run, would have.
func changed(s sync.Summary) string {
	if s.Command == "plan" {
		return fmt.Sprintf("would add %d, remove %d", s.Planned.Additions, s.Planned.Removals)
	}
	if s.Outcome == "" {
		return "not known yet"
	}
	text := fmt.Sprintf("%d applied in %s", s.Results.Applied-s.Results.AlreadySo, sync.Several(s.Results.PresetsWritten, "preset"))
	if n := s.Results.Failed + s.Results.Conflict + s.Results.NotAttempted; n > 0 {
		text += fmt.Sprintf(", %d not", n)
	}
	return text
}

// outcome says how a run ended, in a word or two.
func outcome(s sync.Summary) string {
	if s.Outcome == "" {
		return "not finished"
	}
	return fmt.Sprintf("%s (%d)", s.Outcome, s.ExitCode)
}

// printJSON writes a value as indented JSON.
func printJSON(w io.Writer, value any) error {
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(value)
}
