package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/user"
	"strconv"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"procore-assignee-sync/cmd/assignee-sync/settings"
	"procore-assignee-sync/hrsource"
	"procore-assignee-sync/migrations/pgdial"
	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
	"procore-assignee-sync/sync/job"
	"procore-assignee-sync/sync/ledger"
	"procore-assignee-sync/sync/planner"
)

// openJob reads the settings that a command needs and wires a job from them. Call done when the job has ended.
func (a *app) openJob(ctx context.Context, cmd *cobra.Command, needs settings.Needs) (j *job.Job, done func(), err error) {
	c, err := a.settings(ctx, cmd, needs)
	if err != nil {
		return nil, nil, err
	}
	return a.newJob(ctx, c)
}

// openRun is like openJob, for a command that leaves a run behind. It returns the settings too.
func (a *app) openRun(ctx context.Context, cmd *cobra.Command, needs settings.Needs) (c *settings.Config, j *job.Job, done func(), err error) {
	if c, err = a.settings(ctx, cmd, needs); err == nil {
		j, done, err = a.newRun(ctx, c)
	}
	return c, j, done, err
}

// openRuns opens the ledger for a command that only looks at past runs. Call done at the end.
func (a *app) openRuns(ctx context.Context, cmd *cobra.Command) (c *settings.Config, kept *ledger.Ledger, done func(), err error) {
	if c, err = a.settings(ctx, cmd, settings.Needs{Ledger: true}); err != nil {
		return nil, nil, nil, err
	}
	kept, err = a.openLedger(ctx, c)
	return c, kept, func() { closeLedger(kept, a.Logger(c.Log.Level)) }, err
}

// newJob wires a job from the settings. Call done when the job has ended.
func (a *app) newJob(ctx context.Context, c *settings.Config) (j *job.Job, done func(), err error) {
	log := a.Logger(c.Log.Level)
	c.Procore.Logger = log
	progress, ended := a.Progress(log, c.Location)
	c.Procore.OnWait, c.Procore.Transport = progress.Waits, a.Transport
	client, err := procore.New(c.Procore)
	if err != nil {
		ended()
		return nil, nil, coded(sync.ExitConfig, fmt.Errorf("the settings for Procore: %w", err))
	}
	kept, err := a.openLedger(ctx, c)
	if err != nil {
		ended()
		client.Close()
		return nil, nil, err
	}
	j = &job.Job{
		Procore:     client,
		Company:     c.Procore.Company,
		Host:        c.Host,
		Source:      a.source(c),
		LoadRoleMap: roleMapLoader(c),
		Accepted:    c.Accepted,
		Separation:  c.Separation,
		Policy:      c.Policy,
		Running:     c.Running.Mode, MaxHandovers: c.Running.MaxHandovers,
		Templates:   c.Templates,
		Projects:    c.Projects,
		Location:    c.Location,
		Ledger:      kept,
		Access:      c.Ledger.Access,
		Concurrency: c.Procore.Concurrency,
		MaxAttempts: c.Procore.MaxAttempts,
		MaxDuration: c.MaxDuration,
		ReadDays:    c.ReadDays,
		Grace:       c.Procore.Timeout,
		Now:         a.Now,
		Log:         log,
		OnForecast:  a.tellForecast,
		Progress:    progress.Phase,
		Flags:       a.shaping,
	}
	a.sign(j)
	return j, func() {
		ended()
		client.Close()
		closeLedger(kept, log)
	}, nil
}

// tellForecast says what a run is about to ask of Procore: always in a log; on a terminal only if it takes so long that
// the person would wonder.
func (a *app) tellForecast(f sync.Forecast) {
	if !a.StderrTTY || f.Takes() >= time.Minute {
		a.Say(slog.LevelInfo, f.String(), "calls", f.Calls, "presets", f.Presets, "lists", f.Lists, "looks", f.Looks, "seconds", f.Seconds)
	}
}

// newRun is like newJob, for a command that leaves a run behind: if there is no place to keep it, nothing is even read.
func (a *app) newRun(ctx context.Context, c *settings.Config) (j *job.Job, done func(), err error) {
	j, done, err = a.newJob(ctx, c)
	if err != nil {
		return nil, nil, err
	}
	if err := j.Ledger.Prepare(); err != nil {
		done()
		if errors.Is(err, syscall.ENOSPC) {
			return nil, nil, err
		}
		return nil, nil, &settingError{"LEDGER_DIR", coded(sync.ExitConfig, err)}
	}
	if err := j.Ledger.CanWriteDatabase(ctx); err != nil {
		done()
		return nil, nil, &settingError{"LEDGER_DATABASE_URL", coded(databaseExit(err), err)}
	}
	return j, done, nil
}

func closeLedger(l *ledger.Ledger, log *slog.Logger) {
	if err := l.Close(); err != nil {
		log.Warn("close the ledger", "error", err)
	}
}

// sign records who runs the job, and with which version.
func (a *app) sign(j *job.Job) {
	j.Machine, j.PID, j.Version = machine(), os.Getpid(), versionText()
	j.By = userName() + "@" + j.Machine
	j.Unattended = !a.canAsk()
}

// machine returns the name of this machine.
func machine() string {
	name, err := os.Hostname()
	if err != nil {
		return "unknown"
	}
	return name
}

// userName returns the name of the current user, who in a container often has only a number.
func userName() string {
	if u, err := user.Current(); err == nil && u.Username != "" {
		return u.Username
	}
	return "uid-" + strconv.Itoa(os.Getuid())
}

// openLedger opens the folder of runs and, if one is set, the database. Close it with closeLedger.
func (a *app) openLedger(ctx context.Context, c *settings.Config) (*ledger.Ledger, error) {
	l, err := ledger.Open(ctx, ledger.Options{
		Dir: c.Ledger.Dir, DatabaseURL: c.Ledger.DatabaseURL.Reveal(), KeepDays: c.Ledger.KeepDays,
		Log: a.Logger(c.Log.Level), Now: a.Now,
	})
	var folder *ledger.FolderError
	switch {
	case errors.As(err, &folder):
		return nil, &settingError{"LEDGER_DIR", err}
	case err != nil:
		return nil, &settingError{"LEDGER_DATABASE_URL", coded(databaseExit(err), err)}
	}
	return l, nil
}

// source returns the HR source given by the settings, whose errors carry the exit code.
func (a *app) source(c *settings.Config) func(hrsource.Terms) hrsource.Source {
	if c.HR.Source == nil {
		return nil
	}
	return func(terms hrsource.Terms) hrsource.Source {
		return hrsource.SourceFunc(func(ctx context.Context) (*hrsource.Roster, error) {
			roster, err := c.HR.Source(a.Stdin, terms).Load(ctx)
			if err != nil {
				if pgdial.KindOf(err) != "" {
					err = coded(databaseExit(err), err)
				}
				return nil, &settingError{c.HR.Setting, err}
			}
			return roster, nil
		})
	}
}

// roleMapLoader returns a function that reads the role map given by the settings. Its errors mean wrong configuration,
// unless a database is unreachable.
func roleMapLoader(c *settings.Config) func(context.Context) (*planner.RoleMap, error) {
	load := func(ctx context.Context) (rows []hrsource.RoleRow, fingerprint string, err error) {
		if c.HR.RoleMap == settings.RoleMapTable {
			return hrsource.LoadRoleMapTable(ctx, c.HR.DatabaseURL.Reveal())
		}
		return hrsource.LoadRoleMapCSV(c.HR.RoleMap)
	}
	return func(ctx context.Context) (*planner.RoleMap, error) {
		if c.HR.RoleMap == settings.RoleMapNames {
			return planner.NamesRoleMap(), nil
		}
		rows, fingerprint, err := load(ctx)
		if err != nil {
			return nil, &settingError{"ROLE_MAP", coded(roleMapExit(err), err)}
		}
		return planner.NewRoleMap(rows, c.HR.RoleMap, fingerprint), nil
	}
}

// databaseExit returns the exit code for a database error: a wrong setting, or a database that is unreachable or lacks
// something.
func databaseExit(err error) int {
	if pgdial.KindOf(err).IsSetting() {
		return sync.ExitConfig
	}
	return sync.ExitFailed
}

// roleMapExit returns the exit code for wrong configuration, unless the database can't be reached.
func roleMapExit(err error) int {
	var database *pgdial.Error
	if errors.As(err, &database) && !database.Kind.IsConfig() {
		return sync.ExitFailed
	}
	return sync.ExitConfig
}
