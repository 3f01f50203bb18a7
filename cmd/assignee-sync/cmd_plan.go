package main

import (
	"context"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"procore-assignee-sync/cmd/assignee-sync/settings"
	"procore-assignee-sync/sync"
	"procore-assignee-sync/sync/ledger"
	"procore-assignee-sync/sync/report"
)

// planOptions are the flags of plan.
type planOptions struct {
	outputOptions
	out      string
	detailed bool
	refresh  bool
	access   bool
}

func (a *app) planCommand() *cobra.Command {
	var o planOptions
	c := a.command(&cobra.Command{
		Use:   "plan",
		Short: "Show what an apply would change, and change nothing",
		Long: "Reads HR data and Procore, works out who comes to and who leaves which group, judges the gates, and prints it all.\n" +
			"Procore is only read. The plan and its reports are left in a folder of LEDGER_DIR.",
		Args: cobra.NoArgs,
	}, func(ctx context.Context, cmd *cobra.Command, _ []string) error { return a.plan(ctx, cmd, o) })
	o.flag(c, formats)
	o.detailFlags(c)
	c.Flags().StringVar(&o.out, "out", "", "save the plan to `FILE`, for `apply FILE`")
	c.Flags().BoolVar(&o.detailed, "detailed-exitcode", false, "exit 2 where something would be sent")
	c.Flags().BoolVar(&o.refresh, "refresh", false, "look for presets in every project again, whatever is remembered")
	c.Flags().BoolVar(&o.access, "access", false, accessUsage)
	a.readsSettings(c, settings.SourceFlags(), settings.LimitFlags())
	return c
}

// accessUsage says what --access is for.
const accessUsage = "leave access.csv in the run's folder: everybody in every group, for access reviews"

func (a *app) plan(ctx context.Context, cmd *cobra.Command, o planOptions) error {
	if err := o.check(formats); err != nil {
		return err
	}
	if err := canSave(o.out); err != nil {
		return err
	}
	c, j, done, err := a.openRun(ctx, cmd, settings.Needs{Procore: true, HR: true, Limits: true, Ledger: true})
	if err != nil {
		return err
	}
	defer done()
	j.Refresh, j.Detailed, j.Access = o.refresh, o.detailed, j.Access || o.access
	rec, err := j.Plan(ctx)
	a.ran(rec)
	if err != nil {
		return err
	}
	if err := a.show(rec, o.outputOptions, report.TextOptions{}); err != nil {
		a.notRan()
		return err
	}
	if o.out != "" {
		if err := ledger.SavePlan(o.out, rec); err != nil {
			a.notRan()
			return err
		}
		a.saySaved(o.out, rec.Plan)
	}
	a.sayWhere(c, rec)
	return ended(rec.Summary.ExitCode)
}

// saySaved says where the plan is and, if it can be applied, which command applies it.
func (a *app) saySaved(path string, plan *sync.Plan) {
	switch {
	case len(plan.Gates) == 0:
		command := a.suggest("apply", path)
		if !a.canAsk() {
			command += " --yes"
		}
		a.Tell("the plan is saved: `%s` applies it", command)
	case report.Approvable(plan):
		a.Tell("the plan is saved: `%s` applies it all the same", a.suggestApproving(plan.Digest, "apply", path))
	default:
		a.Tell("the plan is saved in %s", path)
	}
}

// ended ends a command whose record has said everything.
func ended(code int) error {
	if code == sync.ExitDone {
		return nil
	}
	return silentExit(code)
}

// canSave refuses an --out that can't be written, before anything is read.
func canSave(path string) error {
	if path == "" {
		return nil
	}
	folder := filepath.Dir(path)
	if info, err := os.Stat(folder); err != nil || !info.IsDir() {
		return usagef("--out is %q, but there is no folder %s", path, folder)
	}
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		return usagef("--out is %q, which is not a file", path)
	}
	return nil
}
