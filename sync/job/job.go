package job

import (
	"context"
	"log/slog"
	"time"

	"procore-assignee-sync/hrsource"
	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
	"procore-assignee-sync/sync/apply"
	"procore-assignee-sync/sync/ledger"
	"procore-assignee-sync/sync/planner"
	"procore-assignee-sync/sync/snapshot"
)

// Procore is what a job needs of Procore. *procore.Client is one.
type Procore interface {
	snapshot.Reader
	apply.Writer
	runningProcore
	Calls() []procore.CallCount
	Pacing() procore.PacingStats
	HourlyBudget() procore.Budget
	ExpectHourly(limit int)
}

// Job is one company's job with everything that its settings say. Fields without a comment that says otherwise are
// required.
type Job struct {
	Procore Procore
	Company procore.CompanyID
	Host    string // host of the Procore API, part of the plan's identity

	Source      func(hrsource.Terms) hrsource.Source // of HR data
	LoadRoleMap func(context.Context) (*planner.RoleMap, error)
	Accepted    *sync.Acceptances   // optional
	Separation  *planner.Separation // optional
	Policy      sync.Policy
	Templates   []string       // SYNC_TEMPLATES; empty: all
	Projects    []string       // SYNC_PROJECTS; empty: all
	Location    *time.Location // whose day it is; nil: UTC

	Ledger *ledger.Ledger

	Running      sync.RunningMode // what is done about running workflows; empty: nothing
	MaxHandovers int              // more hand-overs have to be approved

	Concurrency int
	MaxAttempts int
	MaxDuration time.Duration // 0: no limit
	Grace       time.Duration // how long a write in flight may take after a stop: one request's timeout; 0: 30 s
	ReadDays    int           // SYNC_READ_DAYS: each preset is read at least once in so many days; up to 1: in each run
	Refresh     bool          // read everything, whatever is remembered
	Access      bool          // leave access.csv: everybody in every group
	Detailed    bool          // Plan ends with sync.ExitChanges where something would be sent

	Now     func() time.Time       // nil: time.Now
	RunID   func(time.Time) string // nil: sync.NewRunID with randomness
	Log     *slog.Logger           // nil: discard
	By      string                 // user@machine
	Machine string
	PID     int
	Version string
	// Unattended says that nobody can be asked, so that a suggested command must not ask either.
	Unattended bool
	Flags      string // flags that a suggested command repeats, as a shell takes them

	// Confirm shows the planned record and says whether to go on. nil: go on.
	Confirm func(sync.Record) (bool, error)
	// NobodyToAsk says that Confirm can but show the plan of a rollback: it does so whatever the gates say of the plan.
	NobodyToAsk bool
	// OnForecast is told what the run is about to ask of Procore, before it reads the first preset. nil: nobody is.
	OnForecast func(sync.Forecast)
	// Progress is told that a phase begins, and how far it is: done of total, where total is not 0. An empty phase says
	// that there is nothing to wait for. nil: nobody is told.
	Progress func(phase string, done, total int)
}

// ApplyRequest is what a person asks of one apply.
type ApplyRequest struct {
	Saved      *sync.PlanFile // apply this plan instead of making one
	Approve    string         // digest, or its first 12 or more hex digits, of the plan that is allowed despite its gates
	ApprovedBy string         // who approved it
	Reason     string         // why it is approved, or run
}

// ExitError is an error with the exit code that it means.
type ExitError struct {
	Code int
	Err  error
}

func (e *ExitError) Error() string { return e.Err.Error() }

// Unwrap returns the cause.
func (e *ExitError) Unwrap() error { return e.Err }

// ExitCode returns one of package sync's exit codes.
func (e *ExitError) ExitCode() int { return e.Code }
