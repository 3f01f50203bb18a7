package job

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
	"procore-assignee-sync/sync/apply"
	"procore-assignee-sync/sync/ledger"
	"procore-assignee-sync/sync/running"
	"procore-assignee-sync/sync/snapshot"
)

// run is a run in progress: the job, and the results so far.
type run struct {
	*Job
	rec      sync.Record
	kept     *ledger.Run
	unlock   func() // nil in a dry run, which takes no lock
	memory   *ledger.Memory
	known    *snapshot.Memory    // what is remembered: from earlier runs at first, then from this one too
	unread   []procore.PresetRef // in a dry run: what the next run still has to read, whatever this one has read
	deadline time.Time           // zero means none
	phases   []sync.PhaseDuration
	result   *apply.Result // nil until something was applied
	partial  bool          // there was no time to read all presets
	notWhole bool          // the record could not be written completely

	access   []sync.AccessRow    // who is, or is to be, in every group; nil unless it was asked for
	first    []procore.PresetRef // presets that the apply begins with
	lookedAt time.Time           // when presets were last listed everywhere
	presets  sync.PresetsRead
	watched  running.WatchList // as the last look left it
}

// approval is what a person gives to allow a plan despite its gates.
type approval struct{ digest, by, reason string }

// start begins a run under the company's lock: it takes the lock, closes runs that were interrupted, and creates the
// run's folder. Call unlock once the run has ended. If there is an error, the record holds as much of the run as there
// is.
func (j *Job) start(ctx context.Context, info sync.Run, by approval) (*run, error) {
	if by.digest != "" {
		var err error
		if info.Approved, err = sync.ParseDigest(by.digest); err != nil {
			return &run{}, err
		}
	}
	info.ApprovedBy, info.Reason = by.by, by.reason
	if by.digest != "" {
		info.ApprovedBy, info.Reason = cmp.Or(by.by, sync.NotGiven), cmp.Or(by.reason, sync.NotGiven)
	}
	notBegun := &run{rec: sync.Record{Run: info}}
	unlock, err := j.lock(ctx, info)
	if err != nil {
		return notBegun, err
	}
	if err := j.closeInterrupted(ctx, info.StartedAt); err != nil {
		unlock()
		return notBegun, err
	}
	r, err := j.begin(ctx, info)
	if err != nil {
		unlock()
		return notBegun, err
	}
	r.unlock = unlock
	return r, nil
}

// begin creates the run's folder.
func (j *Job) begin(ctx context.Context, info sync.Run) (*run, error) {
	kept, err := j.Ledger.Begin(info)
	if err != nil {
		return nil, &ExitError{sync.ExitFailed, fmt.Errorf("make the run's folder: %w; check LEDGER_DIR", err)}
	}
	r := &run{
		Job:  j,
		rec:  sync.Record{Run: info},
		kept: kept,
	}
	r.recall(ctx)
	r.recallWatched(ctx)
	j.Procore.ExpectHourly(r.known.Hourly.At(info.StartedAt))
	if j.MaxDuration > 0 {
		r.deadline = info.StartedAt.Add(j.MaxDuration)
	}
	return r, nil
}

// info returns what is known about a run before it has done anything.
func (j *Job) info(command sync.Command) sync.Run {
	now := j.now()
	return sync.Run{
		ID:        j.runID(now),
		Company:   j.Company,
		Host:      j.Host,
		Command:   command,
		StartedAt: now,
		By:        j.By,
		PID:       j.PID,
		Version:   j.Version,
		Filtered:  len(j.Templates)+len(j.Projects) > 0,
		Flags:     j.Flags,

		Unattended: j.Unattended,
	}
}

func (j *Job) now() time.Time {
	if j.Now == nil {
		return time.Now().UTC()
	}
	return j.Now().UTC()
}

func (j *Job) runID(now time.Time) string {
	if j.RunID == nil {
		return sync.NewRunID(now, nil)
	}
	return j.RunID(now)
}

func (j *Job) log() *slog.Logger {
	if j.Log == nil {
		return slog.New(slog.DiscardHandler)
	}
	return j.Log
}

func (j *Job) warn(what string, err error) {
	if err == nil {
		return
	}
	j.log().Warn(what, "error", err)
}

// phase times one step of the run, and reports its beginning and end to Progress.
func (r *run) phase(name string, do func() error) error {
	start := r.now()
	r.progress(name, 0, 0)
	err := do()
	r.progress("", 0, 0)
	r.phases = append(r.phases, sync.PhaseDuration{Phase: name, Began: start, Seconds: r.now().Sub(start).Seconds()})
	return err
}

func (r *run) progress(phase string, done, total int) {
	if r.Progress != nil {
		r.Progress(phase, done, total)
	}
}

// withDeadline bounds the reading by SYNC_MAX_DURATION, so that the client gives up instead of waiting for the rate
// limit beyond it.
func (r *run) withDeadline(ctx context.Context) (context.Context, context.CancelFunc) {
	if r.deadline.IsZero() {
		return context.WithCancel(ctx)
	}
	return context.WithDeadlineCause(ctx, r.deadline, errTimeOver{})
}

// errTimeOver is a context.DeadlineExceeded that says in words which time is over.
type errTimeOver struct{}

func (errTimeOver) Error() string { return sync.TimeOver }

// Is reports whether target is context.DeadlineExceeded.
func (errTimeOver) Is(target error) bool { return target == context.DeadlineExceeded }

func (r *run) isDry() bool { return r.rec.Run.Command == sync.CommandPlan }

// exitCode returns the exit code for an error that ended this run before any write. Running out of the time allowed
// while waiting for the rate limit is not a failure; running out of it while waiting for an answer is. A dry run leaves
// nothing undone, so it is never incomplete.
func (r *run) exitCode(ctx context.Context, err error) int {
	code := exitCode(ctx, err)
	if code == sync.ExitFailed && errors.Is(err, context.DeadlineExceeded) && !r.deadline.IsZero() && !r.now().Before(r.deadline) {
		code = sync.ExitIncomplete
	}
	if code == sync.ExitIncomplete && r.isDry() {
		code = sync.ExitFailed
	}
	return code
}

// exitCode returns the exit code for an error that ended a run before any write.
func exitCode(ctx context.Context, err error) int {
	var coded interface{ ExitCode() int }
	var auth *procore.AuthError
	var budget *procore.BudgetError
	switch {
	case errors.As(err, &coded):
		return coded.ExitCode()
	case ctx.Err() != nil, errors.As(err, &budget):
		return sync.ExitIncomplete
	case errors.As(err, &auth), procore.WrongCompany(err):
		return sync.ExitConfig
	default:
		return sync.ExitFailed
	}
}
