package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
	"procore-assignee-sync/sync/ledger"
	"procore-assignee-sync/sync/report"
)

func (a *app) runsVerifyCommand() *cobra.Command {
	var o runsOptions
	c := a.command(&cobra.Command{
		Use:   "verify [RUN]",
		Short: "Check the evidence of runs: whether any of it was altered, added or is missing",
		Long: "Compares the files of every run with its manifest, the manifests with the chain of their company, and both with the\n" +
			"ledger database where there is one. Ends with 1 where something was altered, added or is missing. A RUN is named by its\n" +
			"id, by its last six characters, or by `last`.",
		Args: cobra.MaximumNArgs(1),
	}, func(ctx context.Context, cmd *cobra.Command, args []string) error {
		name := ""
		if len(args) == 1 {
			name = args[0]
		}
		return a.runsVerify(ctx, cmd, name, o)
	})
	o.flag(c, listFormats)
	c.Flags().BoolVar(&o.all, "all-companies", false, "the runs of every company, rather than of PROCORE_COMPANY_ID")
	a.readsSettings(c)
	return c
}

func (a *app) runsVerify(ctx context.Context, cmd *cobra.Command, name string, o runsOptions) error {
	if err := o.check(listFormats); err != nil {
		return err
	}
	if name != "" {
		if err := ledger.CheckName(name); err != nil {
			return err
		}
	}
	c, kept, done, err := a.openRuns(ctx, cmd)
	if err != nil {
		return err
	}
	defer done()
	company := c.Company
	if o.all {
		company = ""
	}
	found, err := verifyRuns(ctx, kept, company, name)
	if err != nil {
		return err
	}
	if o.Format == "json" {
		err = printJSON(a.Stdout, found)
	} else {
		err = report.VerificationText(a.Prose(), found, name != "")
	}
	if err != nil || found.OK() {
		return err
	}
	a.last = fmt.Sprintf("exit %d, the evidence does not hold: %s", sync.ExitFailed, found.InShort())
	return silentExit(sync.ExitFailed)
}

// verifyRuns verifies the run with the given name, or all runs if it is empty.
func verifyRuns(ctx context.Context, kept *ledger.Ledger, company procore.CompanyID, name string) (report.Verification, error) {
	if name == "" {
		return kept.Verify(ctx, company, "")
	}
	id, err := kept.Find(ctx, name, ledger.Filter{Company: company}, false)
	if err != nil {
		return report.Verification{}, err
	}
	return kept.Verify(ctx, company, id)
}
