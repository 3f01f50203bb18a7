package job

import (
	"context"
	"errors"
	"fmt"
	"time"

	"procore-assignee-sync/sync"
	"procore-assignee-sync/sync/apply"
)

// MaxPlanAge is how old a saved plan may be when it is applied.
const MaxPlanAge = 24 * time.Hour

// mostAhead is how far ahead of this machine's clock a saved plan may have been made, since no two clocks are the same.
const mostAhead = 5 * time.Minute

// PlanAgeError says that a saved plan is older than MaxPlanAge, or made later than now.
type PlanAgeError struct{ Age time.Duration }

func (e *PlanAgeError) Error() string {
	if e.Age < 0 {
		return fmt.Sprintf("the saved plan was made %s later than now: set the clocks of both machines, or make a new one with plan --out",
			-e.Age.Round(time.Minute))
	}
	return fmt.Sprintf("the saved plan is %s old and one may be at most %s old: make a new one with plan --out",
		e.Age.Round(time.Minute), MaxPlanAge)
}

// ExitCode is what the command ends with.
func (e *PlanAgeError) ExitCode() int { return sync.ExitRefused }

// Apply plans and applies, or applies a saved plan. It takes the lock before it reads anything, and closes what an
// interrupted run left open. The record is filled as far as the run came, also where an error is given; the error
// carries the exit code.
func (j *Job) Apply(ctx context.Context, req ApplyRequest) (sync.Record, error) {
	approve := ""
	if req.Approve != "" {
		var err error
		if approve, err = sync.ParseDigest(req.Approve); err != nil {
			return sync.Record{}, err
		}
	}
	info := j.info("apply")
	info.Approved, info.ApprovedBy, info.Reason, info.SavedPlan = approve, req.ApprovedBy, req.Reason, req.Saved != nil
	return j.locked(ctx, info, func(r *run) (sync.Record, error) {
		prepare := r.prepare
		if req.Saved != nil {
			prepare = func(ctx context.Context) error { return r.prepareSaved(ctx, req.Saved) }
		}
		if err := prepare(ctx); err != nil {
			return r.fail(ctx, err)
		}
		if !r.allowed(approve) {
			return r.end(ctx)
		}
		return r.applyPlan(ctx)
	})
}

// locked does one run under the lock, after closing those that were interrupted.
func (j *Job) locked(ctx context.Context, info sync.Run, do func(*run) (sync.Record, error)) (sync.Record, error) {
	release, err := j.lock(ctx, info)
	if err != nil {
		return sync.Record{Run: info}, err
	}
	defer release()
	if err := j.closeInterrupted(ctx, info.StartedAt); err != nil {
		return sync.Record{Run: info}, err
	}
	r, err := j.begin(ctx, info)
	if err != nil {
		return sync.Record{Run: info}, err
	}
	return do(r)
}

// prepareSaved takes a saved plan instead of making one. It reads no HR, and judges the gates again from what the plan
// carries.
func (r *run) prepareSaved(ctx context.Context, saved *sync.PlanFile) error {
	r.noAccess("a saved plan")
	plan := saved.Plan
	switch {
	case plan.Company != r.Company:
		return &ExitError{sync.ExitConfig, fmt.Errorf("the saved plan is for company %s, the settings name company %s", plan.Company, r.Company)}
	case plan.Host != r.Host:
		return &ExitError{sync.ExitConfig, fmt.Errorf("the saved plan was made against %s, the settings name %s", plan.Host, r.Host)}
	}
	if age := r.now().Sub(saved.CreatedAt); age > MaxPlanAge || -age > mostAhead {
		return &PlanAgeError{age}
	}
	baseline, err := r.Ledger.Baseline(ctx, r.Company, r.Host, plan.Roster.Key)
	if err != nil {
		return err
	}
	r.beginWith(baseline)
	if err := plan.Rejudge(r.Policy, baseline, r.now()); err != nil {
		return err
	}
	r.rec.Run.Filtered, r.rec.Run.RollbackOf = plan.Filtered, plan.RollbackOf
	return r.take(plan)
}

// allowed reports whether the plan may be applied: no gate refuses it, or exactly this plan was approved. A digest that is
// not this plan's refuses always.
func (r *run) allowed(approve string) bool {
	if approve != "" {
		return r.rec.Plan.ApprovedBy(approve)
	}
	return len(r.rec.Plan.Gates) == 0
}

// errNotConfirmed is what a run ends with that a person did not let go on.
var errNotConfirmed = errors.New("not confirmed: nothing was written")

// applyPlan asks, writes, and ends the run.
func (r *run) applyPlan(ctx context.Context) (sync.Record, error) {
	plan := r.rec.Plan
	if err := r.confirm(plan.Counts.PresetsToWrite); err != nil {
		return r.fail(ctx, err)
	}
	r.doubt(ctx)
	_ = r.phase("apply", func() error {
		r.result = apply.Plan(ctx, plan, r.Procore, r.kept.Journal(), apply.Options{
			Concurrency: r.Concurrency,
			MaxAttempts: r.MaxAttempts,
			Now:         r.now,
			Deadline:    r.deadline,
			First:       r.first,
			Grace:       r.Grace,
			Log:         r.log(),
			Progress:    func(done, total int) { r.progress("apply", done, total) },
		})
		return nil
	})
	r.rec.Changes, r.rec.Writes = r.result.Changes, r.result.Writes
	written := *plan
	written.Changes = r.rec.Changes // as planned they are in plan.json: of a large run they are large
	r.rec.Plan = &written
	r.rec.Exceptions = append(r.rec.Exceptions, r.result.Exceptions...)
	sync.SortExceptions(r.rec.Exceptions)
	r.watch(ctx, r.rec)
	r.look(ctx)
	return r.end(ctx)
}

func (r *run) progress(phase string, done, total int) {
	if r.Progress != nil {
		r.Progress(phase, done, total)
	}
}
