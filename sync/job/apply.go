package job

import (
	"context"

	"procore-assignee-sync/sync"
	"procore-assignee-sync/sync/apply"
)

// Apply plans and applies, or applies a saved plan. It takes the lock before it reads anything, and closes runs that
// were interrupted. The record is filled in as far as the run got, even if there is an error; the error carries the
// exit code.
func (j *Job) Apply(ctx context.Context, req ApplyRequest) (sync.Record, error) {
	info := j.info(sync.CommandApply)
	info.SavedPlan = req.Saved != nil
	r, err := j.start(ctx, info, approval{req.Approve, req.ApprovedBy, req.Reason})
	if err != nil {
		return r.rec, err
	}
	defer r.unlock()
	if req.Saved != nil {
		err = r.takeSaved(ctx, req.Saved)
	} else {
		err = r.makePlan(ctx)
	}
	if err != nil {
		return r.fail(ctx, err)
	}
	return r.carryOut(ctx)
}

// carryOut applies the run's plan if it is allowed and confirmed, deals with running workflows, and records the run.
func (r *run) carryOut(ctx context.Context) (sync.Record, error) {
	if !r.allowed() {
		return r.end(ctx)
	}
	if err := r.confirm(r.rec.Plan.Counts.PresetsToWrite); err != nil {
		return r.fail(ctx, err)
	}
	r.write(ctx)
	r.watch(ctx, r.rec)
	r.look(ctx)
	return r.end(ctx)
}

// write applies the plan and records the result.
func (r *run) write(ctx context.Context) {
	plan := r.rec.Plan
	r.rememberWrites(ctx)
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
	written.Changes = r.rec.Changes // plan.json has them as planned; a large run's changes take much memory
	r.rec.Plan = &written
	r.rec.Exceptions = append(r.rec.Exceptions, r.result.Exceptions...)
	sync.SortExceptions(r.rec.Exceptions)
}
