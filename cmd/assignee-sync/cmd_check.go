package main

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"procore-assignee-sync/cmd/assignee-sync/settings"
	"procore-assignee-sync/hrsource"
	"procore-assignee-sync/sync"
	"procore-assignee-sync/sync/job"
	"procore-assignee-sync/sync/planner"
	"procore-assignee-sync/sync/report/check"
)

func (a *app) checkCommand() *cobra.Command {
	var o outputOptions
	c := a.command(&cobra.Command{
		Use:   "check",
		Short: "Find everything that is wrong with settings, HR data, credentials and role map",
		Long:  "Looks at everything that a run needs and tells all problems at once. Nothing is written, neither to Procore nor here.",
		Args:  cobra.NoArgs,
	}, func(ctx context.Context, cmd *cobra.Command, _ []string) error { return a.check(ctx, cmd, o) })
	o.flag(c, listFormats)
	a.readsSettings(c, settings.SourceFlags(), settings.LimitFlags())
	return c
}

func (a *app) check(ctx context.Context, cmd *cobra.Command, o outputOptions) error {
	if err := o.check(listFormats); err != nil {
		return err
	}
	c, err := a.settings(ctx, cmd, settings.Needs{Procore: true, HR: true, Limits: true, Ledger: true})
	r := check.New()
	var wrong *settings.Error
	if errors.As(err, &wrong) {
		for _, p := range wrong.Problems {
			r.Problem(check.AreaSettings, wrong.ExitCode(), p.Name+" "+p.What)
		}
	} else if err != nil {
		return err
	}
	if c != nil {
		a.examine(ctx, c, r)
	}
	r.Conclude()
	for i := range r.Problems {
		r.Problems[i].What = a.pasteable(r.Problems[i].What)
	}
	if o.Format == "json" {
		err = printJSON(a.Stdout, r)
	} else {
		err = a.text(r.Text)
	}
	if err != nil {
		return err
	}
	a.last = r.FinalLine()
	return ended(r.ExitCode)
}

// examine checks everything that the settings allow: it checks HR data even without Procore, and Procore even without
// HR data.
func (a *app) examine(ctx context.Context, c *settings.Config, r *check.Report) {
	roster, roleMap := a.examineHR(ctx, c, r)
	a.examineLedger(ctx, c, r)
	if !c.Sound.Procore {
		return
	}
	j, done, err := a.newJob(ctx, c)
	if err != nil {
		r.Failed(check.AreaProcore, exitCode(err, true), err)
		return
	}
	defer done()
	if roster == nil || roleMap == nil {
		snapshot, err := j.Snapshot(ctx)
		if err != nil {
			r.Failed(check.AreaProcore, exitCode(err, true), err)
			return
		}
		r.Snapshot(snapshot)
		return
	}
	j.Source = func(hrsource.Terms) hrsource.Source {
		return hrsource.SourceFunc(func(context.Context) (*hrsource.Roster, error) { return roster, nil })
	}
	j.LoadRoleMap = func(context.Context) (*planner.RoleMap, error) { return roleMap, nil }
	in, err := j.Inputs(ctx)
	if err != nil {
		r.Failed(check.AreaProcore, exitCode(err, true), err)
		return
	}
	r.Snapshot(in.Snapshot)
	r.EmployeeIDs(roster, in.Snapshot.Users)
	coverage := planner.Coverage(in)
	r.Groups, r.Apart = coverage.Groups, coverage.Apart
	plan, err := planner.Build(in)
	if err != nil {
		r.Failed(check.AreaGates, exitCode(err, true), err)
		return
	}
	r.Plan(plan)
}

// examineLedger checks whether a run could be kept. A problem with the ledger is not a reason to skip Procore: the rest
// goes on as if there had been no run yet.
func (a *app) examineLedger(ctx context.Context, c *settings.Config, r *check.Report) {
	url := c.Ledger.DatabaseURL
	c.Ledger.DatabaseURL = ""
	folder, err := a.openLedger(ctx, c)
	if err == nil {
		if err = folder.CanWrite(); err != nil {
			err = coded(sync.ExitConfig, err)
		}
	}
	if err != nil {
		r.Failed(check.AreaLedger, exitCode(err, true), err)
		c.Ledger.Dir = nowhere
	}
	if url == "" {
		return
	}
	c.Ledger.DatabaseURL = url
	whole, err := a.openLedger(ctx, c)
	if err == nil {
		defer closeLedger(whole, a.Logger(c.Log.Level))
		err = whole.CanWriteDatabase(ctx)
	}
	if err != nil {
		r.Failed(check.AreaLedger, exitCode(err, true), err)
		c.Ledger.DatabaseURL = ""
	}
}

// nowhere is a folder that does not exist, and is not created either, since check writes nothing.
const nowhere = "no-runs-for-check"

// examineHR loads HR data and role map, as far as the settings say where they are.
func (a *app) examineHR(ctx context.Context, c *settings.Config, r *check.Report) (roster *hrsource.Roster, roleMap *planner.RoleMap) {
	if c.Sound.RoleMap {
		var err error
		if roleMap, err = roleMapLoader(c)(ctx); err != nil {
			defer r.Failed(check.AreaRoleMap, exitCode(err, true), err) // reported after the problems of HR data
			roleMap = nil
		} else {
			r.RoleMap = new(roleMap.Facts())
		}
	}
	if c.Sound.HR {
		today := (&job.Job{Now: a.Now, Location: c.Location}).Today()
		var err error
		if roster, err = a.source(c)(roleMap.Terms(today)).Load(ctx); err != nil {
			r.Failed(check.AreaHR, exitCode(err, true), err)
			roster = nil
		} else {
			r.Roster(roster, today)
		}
	}
	return roster, roleMap
}
