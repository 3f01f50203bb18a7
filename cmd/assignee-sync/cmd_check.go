package main

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"procore-assignee-sync/hrsource"
	"procore-assignee-sync/sync"
	"procore-assignee-sync/sync/job"
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
	a.readsSettings(c, sourceFlags, limitFlags)
	return c
}

func (a *app) check(ctx context.Context, cmd *cobra.Command, o outputOptions) error {
	if err := o.check(listFormats); err != nil {
		return err
	}
	c, err := a.settings(ctx, cmd, needs{procore: true, hr: true, limits: true, ledger: true})
	r := newCheckReport()
	var settings *settingsError
	if errors.As(err, &settings) {
		r.settings(settings)
	} else if err != nil {
		return err
	}
	if c != nil {
		a.examine(ctx, c, r)
	}
	r.conclude()
	if o.Format == "json" {
		err = printJSON(a.Stdout, r)
	} else {
		err = r.print(a.Stdout)
	}
	if err != nil {
		return err
	}
	a.last = r.lastWords()
	return ended(r.ExitCode)
}

// examine looks at all that the settings let it look at: HR data goes on without Procore, and Procore without HR data.
func (a *app) examine(ctx context.Context, c *config, r *checkReport) {
	roster, roleMap := a.examineHR(ctx, c, r)
	if !c.sound.procore || !c.sound.ledger {
		return
	}
	// What is wrong with the ledger's database is no reason to leave Procore out.
	j, done, err := a.newJob(ctx, c)
	if err != nil {
		r.problem(areaLedger, exitCode(err, true), "%v", err)
		c.Ledger.DatabaseURL = ""
		if j, done, err = a.newJob(ctx, c); err != nil {
			return
		}
	}
	defer done()
	if roster == nil || roleMap == nil {
		r.procoreAlone(j.Snapshot(ctx))
		return
	}
	j.LoadRoster = func(context.Context) (*hrsource.Roster, error) { return roster, nil }
	j.LoadRoleMap = func(context.Context) (*sync.RoleMap, error) { return roleMap, nil }
	r.whole(j.Inputs(ctx))
}

// examineHR loads HR data and role map, whichever the settings lead to.
func (a *app) examineHR(ctx context.Context, c *config, r *checkReport) (roster *hrsource.Roster, roleMap *sync.RoleMap) {
	if c.sound.hr {
		var err error
		if roster, err = a.rosterLoader(c)(ctx); err != nil {
			r.problem(areaHR, exitCode(err, true), "%v", err)
			roster = nil
		} else {
			today := (&job.Job{Now: a.Now, Location: c.Location}).Today()
			r.roster(roster, today)
		}
	}
	if c.sound.roleMap {
		var err error
		if roleMap, err = roleMapLoader(c)(ctx); err != nil {
			r.problem(areaRoleMap, exitCode(err, true), "%v", err)
			roleMap = nil
		} else {
			r.RoleMap = new(roleMap.Facts())
		}
	}
	return roster, roleMap
}
