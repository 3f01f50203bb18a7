package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"procore-assignee-sync/cmd/assignee-sync/demo"
	"procore-assignee-sync/cmd/assignee-sync/settings"
	"procore-assignee-sync/hrsource"
	"procore-assignee-sync/procore/sandbox"
	"procore-assignee-sync/sync"
	"procore-assignee-sync/sync/job"
	"procore-assignee-sync/sync/planner"
)

func (a *app) demoCommand() *cobra.Command {
	var keep string
	c := a.command(&cobra.Command{
		Use:   "demo",
		Short: "Show the whole job on a simulated Procore, in a second",
		Long: "Runs plan, apply and plan again against a simulated Procore on this machine, with a made-up company and its HR file.\n" +
			"It needs no setting and no network, and leaves nothing behind unless --keep is given.",
		Args: cobra.NoArgs,
	}, func(ctx context.Context, _ *cobra.Command, _ []string) error { return a.demo(ctx, keep) })
	c.Flags().StringVar(&keep, "keep", "", "leave HR file, role map and reports in `DIR`, which must be empty or new")
	return c
}

// demoStart is the time on the demo's clock, so that it prints the same on any day.
var demoStart = time.Date(2026, time.November, 23, 2, 0, 0, 0, time.UTC)

// demoRun is one demo in progress.
type demoRun struct {
	*app
	dir    string
	clock  time.Time
	config *settings.Config
	runs   uint32 // so far
}

func (a *app) demo(ctx context.Context, keep string) (err error) {
	dir, clean, err := demoFolder(keep)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, clean()) }()
	sample := sandbox.DemoSample()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return fmt.Errorf("the demo needs a port of this machine's own: %w", err)
	}
	serving, stop := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() { ended <- serve(serving, listener, sandbox.New(sample.Company, sandbox.Options{})) }()
	defer func() {
		stop()
		err = errors.Join(err, <-ended)
	}()
	if _, err := writeSample(dir, sample, ""); err != nil {
		return err
	}
	d := &demoRun{app: a, dir: dir, clock: demoStart}
	if err := d.settings(ctx, sample, "http://"+listener.Addr().String()); err != nil {
		return err
	}
	return demo.Play(ctx, demo.Stage{
		Out: a.Prose(), Color: a.color(), Job: d.job, Ledger: d.config.Ledger.Dir, Kept: keep != "",
	})
}

// demoFolder returns the folder that the demo writes to, and a function that cleans it up at the end.
func demoFolder(keep string) (dir string, clean func() error, err error) {
	if keep == "" {
		dir, err = os.MkdirTemp("", "assignee-sync-demo-")
		return dir, func() error { return os.RemoveAll(dir) }, err
	}
	if err := os.MkdirAll(keep, 0o700); err != nil {
		return "", nil, usagef("--keep: %v", err)
	}
	entries, err := os.ReadDir(keep)
	switch {
	case err != nil:
		return "", nil, usagef("--keep: %v", err)
	case len(entries) > 0:
		return "", nil, usagef("--keep is %q, which is not empty", keep)
	}
	return keep, func() error { return nil }, nil
}

// settings returns the settings that a person would use.
func (d *demoRun) settings(ctx context.Context, sample *sandbox.Sample, url string) (err error) {
	environ := []string{
		"PROCORE_API_URL=" + url,
		"PROCORE_LOGIN_URL=" + url,
		"PROCORE_COMPANY_ID=" + string(sample.Company.ID),
		"PROCORE_CLIENT_ID=" + sandbox.DefaultClientID,
		"PROCORE_CLIENT_SECRET=" + sandbox.DefaultClientSecret,
		"HR_CSV=" + filepath.Join(d.dir, "hr.csv"),
		"ROLE_MAP=" + filepath.Join(d.dir, "role-map.csv"),
		"SYNC_FIRST_RUN=allow",
		"LEDGER_DIR=" + filepath.Join(d.dir, "runs"),
		"LOG_LEVEL=error",
	}
	source, err := settings.NewSource(environ, "")
	if err != nil {
		return err
	}
	d.config, err = settings.Load(ctx, source, settings.Needs{Procore: true, HR: true, Limits: true, Ledger: true})
	return err
}

// job sets up one run. What is printed does not depend on port, time, machine or folder.
func (d *demoRun) job(ctx context.Context) (j *job.Job, done func(), err error) {
	d.clock = d.clock.Add(time.Minute)
	j, done, err = d.newJob(ctx, d.config)
	if err != nil {
		return nil, nil, err
	}
	j.Host, j.By, j.Machine, j.PID, j.Version = "the simulated Procore", "you@demo", "demo", 0, "demo"
	j.Now, j.OnForecast = func() time.Time { return d.clock }, nil
	j.RunID = func(now time.Time) string {
		d.runs++
		return sync.NewRunID(now, func() uint32 { return d.runs })
	}
	source := j.Source
	j.Source = func(terms hrsource.Terms) hrsource.Source {
		return hrsource.SourceFunc(func(ctx context.Context) (*hrsource.Roster, error) {
			roster, err := source(terms).Load(ctx)
			if err == nil {
				roster.Source = filepath.Base(roster.Source)
			}
			return roster, err
		})
	}
	j.LoadRoleMap = func(context.Context) (*planner.RoleMap, error) {
		rows, fingerprint, err := hrsource.LoadRoleMapCSV(d.config.HR.RoleMap)
		if err != nil {
			return nil, err
		}
		return planner.NewRoleMap(rows, filepath.Base(d.config.HR.RoleMap), fingerprint), nil
	}
	return j, done, nil
}
