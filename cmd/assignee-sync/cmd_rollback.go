package main

import (
	"context"

	"github.com/spf13/cobra"

	"procore-assignee-sync/cmd/assignee-sync/settings"
	"procore-assignee-sync/sync"
	"procore-assignee-sync/sync/job"
	"procore-assignee-sync/sync/ledger"
)

func (a *app) rollbackCommand() *cobra.Command {
	var o applyOptions
	c := a.command(&cobra.Command{
		Use:   "rollback RUN",
		Short: "Put back the groups that a run changed",
		Long: "Puts back the groups that a run changed, as they were before it, where they have not moved since. The next apply\n" +
			"does the same again unless HR data or role map are mended first. RUN is an id, its last six characters, or `last`, the last\n" +
			"run that wrote anything to Procore; a rollback is undone by its id alone, which puts the changes of its run back in.\n" +
			"Where nobody can be asked and --yes is not given, it shows what it would put back, and ends there.",
		Args: cobra.ExactArgs(1),
	}, func(ctx context.Context, cmd *cobra.Command, args []string) error {
		return a.rollback(ctx, cmd, args[0], o)
	})
	o.flags(c)
	a.readsSettings(c, settings.RemovalLimitFlags())
	return c
}

func (a *app) rollback(ctx context.Context, cmd *cobra.Command, run string, o applyOptions) error {
	if err := ledger.CheckName(run); err != nil {
		return err
	}
	if err := o.sane(); err != nil {
		return err
	}
	c, j, done, err := a.openRun(ctx, cmd, settings.Needs{Procore: true, Limits: true, Ledger: true})
	if err != nil {
		return err
	}
	defer done()
	// A rollback covers what the run changed, whatever templates and projects are now set.
	j.Templates, j.Projects = nil, nil
	j.NobodyToAsk = !o.yes && !a.canAsk()
	applied := 0
	err = a.send(ctx, c, j, o, func() (sync.Record, error) {
		rec, err := j.Rollback(ctx, run, job.ApplyRequest{Approve: o.approve, ApprovedBy: said(o.approvedBy), Reason: said(o.reason)})
		if rec.Run.Redoes == "" { // an apply would make those changes again
			applied = rec.Summary.Results.Applied - rec.Summary.Results.AlreadySo
		}
		return rec, err
	})
	if applied > 0 {
		a.Tell("the next apply does the same again unless HR data or the role map are mended first")
	}
	return err
}
