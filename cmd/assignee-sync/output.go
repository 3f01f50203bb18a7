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
type outputOptions struct{ Format string }

// formats are the values of --format.
var formats = []string{"text", "json", "markdown", "html"}

func (o *outputOptions) flag(c *cobra.Command, formats []string) {
	c.Flags().StringVar(&o.Format, "format", "text", "how the result is written: `FORMAT` is "+strings.Join(formats, ", "))
	_ = c.RegisterFlagCompletionFunc("format", cobra.FixedCompletions(formats, cobra.ShellCompDirectiveNoFileComp)) // it was just made
}

// check refuses a format that there is none of.
func (o outputOptions) check(formats []string) error {
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
		return report.Markdown(a.Stdout, rec)
	case "html":
		return report.HTML(a.Stdout, rec)
	default:
		text.Color = a.color()
		return report.Text(a.Stdout, rec, text)
	}
}

// sayWhere tells a person where a run's reports are.
func (a *app) sayWhere(c *settings.Config, rec sync.Record) {
	a.tell("reports are in %s", filepath.Join(c.Ledger.Dir, rec.Run.ID))
}

// showPlanned writes what is about to be confirmed: to standard output, unless that is for a machine.
func (a *app) showPlanned(rec sync.Record, o outputOptions) error {
	var text strings.Builder
	if err := report.Text(&text, rec, report.TextOptions{Color: a.color()}); err != nil {
		return fmt.Errorf("show the plan: %w", err)
	}
	if o.Format != "text" {
		a.tell("%s", strings.TrimRight(text.String(), "\n"))
		return nil
	}
	if _, err := io.WriteString(a.Stdout, text.String()); err != nil {
		return fmt.Errorf("show the plan: %w", err)
	}
	return a.out.Flush()
}
