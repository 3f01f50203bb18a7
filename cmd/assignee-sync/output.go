package main

import (
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"procore-assignee-sync/cmd/assignee-sync/settings"
	"procore-assignee-sync/sync"
	"procore-assignee-sync/sync/report"
)

// outputOptions say how results are written.
type outputOptions struct {
	Format           string
	summary, details bool
}

// formats are the values of --format.
var formats = []string{"text", "json", "markdown", "html"}

func (o *outputOptions) flag(c *cobra.Command, formats []string) {
	c.Flags().StringVar(&o.Format, "format", "text", "how the result is written: `FORMAT` is "+strings.Join(formats, ", "))
	_ = c.RegisterFlagCompletionFunc("format", cobra.FixedCompletions(formats, cobra.ShellCompDirectiveNoFileComp)) // the flag was just defined
}

// detailFlags adds the flags that say how much of a run is shown.
func (o *outputOptions) detailFlags(c *cobra.Command) {
	c.Flags().BoolVar(&o.summary, "summary", false, "outcome, what is left to do and people, without the details by project")
	c.Flags().BoolVar(&o.details, "details", false, "everything, rather than the details of up to 200 changes and the first of long lists")
}

// detail returns how much of a run is shown.
func (o outputOptions) detail() report.Detail {
	switch {
	case o.summary:
		return report.DetailNone
	case o.details:
		return report.DetailAll
	default:
		return report.DetailAuto
	}
}

// check refuses an unknown format, and flags that make no sense with the format.
func (o outputOptions) check(formats []string) error {
	switch {
	case o.summary && o.details:
		return usagef("--summary and --details contradict each other")
	case (o.summary || o.details) && o.Format != "text" && o.Format != "markdown":
		return usagef("--summary and --details go with --format text and markdown: %s has everything", o.Format)
	}
	for _, f := range formats {
		if o.Format == f {
			return nil
		}
	}
	last := len(formats) - 1
	return usagef("--format is %q: %s or %s is allowed", o.Format, strings.Join(formats[:last], ", "), formats[last])
}

// show writes a record to standard output.
func (a *app) show(rec sync.Record, o outputOptions, text report.TextOptions) error {
	switch o.Format {
	case "json":
		return report.JSON(a.Stdout, rec)
	case "markdown":
		return a.completed(a.Stdout, func(w io.Writer) error { return report.Markdown(w, rec, o.detail()) })
	case "html":
		return report.HTML(a.Stdout, rec)
	default:
		text.Color, text.Detail = a.color(), o.detail()
		return a.text(func(w io.Writer) error { return report.Text(w, rec, text) })
	}
}

// sayWhere says where a run's reports are.
func (a *app) sayWhere(c *settings.Config, rec sync.Record) {
	a.Tell("reports are in %s", filepath.Join(c.Ledger.Dir, rec.Run.ID))
}

// showPlanned writes what is about to be confirmed: to standard output, unless that is meant for a machine.
func (a *app) showPlanned(rec sync.Record, o outputOptions) error {
	options := report.TextOptions{Color: a.color(), Detail: o.detail()}
	if o.Format == "text" {
		if err := a.text(func(w io.Writer) error { return report.Text(w, rec, options) }); err != nil {
			return fmt.Errorf("show the plan: %w", err)
		}
		return a.Flush()
	}
	var text strings.Builder
	if err := report.Text(&text, rec, options); err != nil {
		return fmt.Errorf("show the plan: %w", err)
	}
	a.Tell("%s", a.pasteable(strings.TrimRight(text.String(), "\n")))
	return nil
}
