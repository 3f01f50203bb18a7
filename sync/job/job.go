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

// Procore is the part of Procore that a job needs. *procore.Client implements it.
type Procore interface {
	snapshot.Reader
	apply.Writer
	runningProcore
	Calls() []procore.CallCount
	Pacing() procore.PacingStats
	HourlyBudget() procore.Budget
	ExpectHourly(limit int)
}

// Job is one company's job, with everything its settings say. Fields are required unless their comment says otherwise.
type Job struct {
	Procore Procore
	Company procore.CompanyID
	Host    string // host of the Procore API, part of the plan's identity

	Source      func(hrsource.Terms) hrsource.Source // of HR data
	LoadRoleMap func(context.Context) (*planner.RoleMap, error)
	Accepted    *sync.Acceptances   // optional
	Separation  *planner.Separation // optional
	Policy      sync.Policy
	Templates   []string       // SYNC_TEMPLATES; empty means all
	Projects    []string       // SYNC_PROJECTS; empty means all
	Location    *time.Location // decides which day it is; nil means UTC

	Ledger *ledger.Ledger

	Running      sync.RunningMode // what to do about running workflows; empty means nothing
	MaxHandovers int              // more hand-overs than this need an approval

	Concurrency int
	MaxAttempts int
	MaxDuration time.Duration // 0 means no limit
	Grace       time.Duration // how long a write in flight may take after a stop: the timeout of one request; 0 means 30 s
	ReadDays    int           // SYNC_READ_DAYS: each preset is read at least once in so many days; 0 or 1 means in each run
	Refresh     bool          // read everything, whatever is remembered
	Access      bool          // leave access.csv: everybody in every group
	Detailed    bool          // Plan ends with sync.ExitChanges if something would be sent

	Now     func() time.Time       // nil means time.Now
	RunID   func(time.Time) string // nil means sync.NewRunID with randomness
	Log     *slog.Logger           // nil means no logging
	By      string                 // user@machine
	Machine string
	PID     int
	Version string
	// Unattended is set if nobody can be asked, so that suggested commands must not ask either.
	Unattended bool
	Flags      string // flags that a suggested command repeats, quoted for a shell

	// Confirm shows the planned record and reports whether to go on; nil means to go on.
	Confirm func(sync.Record) (bool, error)
	// NobodyToAsk is set if Confirm can only show the plan of a rollback. It is then called even if a gate refuses the
	// plan.
	NobodyToAsk bool
	// OnForecast is called with what the run is about to ask of Procore, before it reads the first preset. It may be
	// nil.
	OnForecast func(sync.Forecast)
	// Progress is called when a phase begins and as it goes on: done of total, if total is not 0. An empty phase means
	// that there is nothing to wait for. It may be nil.
	Progress func(phase string, done, total int)
}

// ApplyRequest is what a person asks for in one apply.
type ApplyRequest struct {
	Saved      *sync.PlanFile // apply this plan instead of making one
	Approve    string         // digest, or its first 12 or more hex digits, of the plan that is allowed despite its gates
	ApprovedBy string         // who approved it
	Reason     string         // why it is approved, or run
}

// ExitError is an error that carries an exit code.
type ExitError struct {
	Code int
	Err  error
}

func (e *ExitError) Error() string { return e.Err.Error() }

// Unwrap returns the cause.
func (e *ExitError) Unwrap() error { return e.Err }

// ExitCode returns one of package sync's exit codes.
func (e *ExitError) ExitCode() int { return e.Code }
