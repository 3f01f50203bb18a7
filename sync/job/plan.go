package job

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"procore-assignee-sync/sync"
	"procore-assignee-sync/sync/planner"
)

// Plan is the dry run: it reads, plans and judges, and leaves a run folder that says what an apply would do. It takes
// no lock and writes nothing to Procore. The record is filled in as far as the run got, even if there is an error; the
// error carries the exit code.
func (j *Job) Plan(ctx context.Context) (sync.Record, error) {
	r, err := j.begin(ctx, j.info(sync.CommandPlan))
	if err != nil {
		return sync.Record{}, err
	}
	if err := r.makePlan(ctx); err != nil {
		return r.fail(ctx, err)
	}
	r.tellWatched()
	return r.end(ctx)
}

// makePlan reads HR and Procore and makes the plan. It changes nothing in Procore.
func (r *run) makePlan(ctx context.Context) error {
	in, err := r.inputs(ctx)
	if err != nil {
		return err
	}
	return r.phase("plan", func() error {
		plan, err := planner.Build(in)
		if err != nil {
			return err
		}
		plan.Sources = sync.NamedRows(in.Roster, plan)
		if r.Access {
			r.access = planner.Access(in)
		}
		in = planner.Inputs{} // of a large company it takes much memory, and is not needed any more
		if err := r.take(plan); err != nil {
			return err
		}
		if r.partial && len(plan.Presets) == 0 {
			return &ExitError{sync.ExitIncomplete, errNothingRead}
		}
		return nil
	})
}

// errNothingRead ends a run that had no time to read any preset. That is not a gate, since nothing is known that could
// be judged.
var errNothingRead = errors.New("the time for reading (part of SYNC_MAX_DURATION) was over before a preset with a managed " +
	"group was read: give the run more time")

// take makes plan the run's plan and stores it.
func (r *run) take(plan *sync.Plan) error {
	r.rec.Plan = plan
	r.rec.Run.HRSource = plan.Roster.Key
	r.rec.Changes = plan.Changes
	r.rec.Exceptions = slices.Clone(plan.Exceptions) // more will be appended, and the plan must stay as it was made
	file := sync.PlanFile{RunID: r.rec.Run.ID, CreatedAt: r.rec.Run.StartedAt, Plan: plan}
	if err := r.kept.WritePlan(file); err != nil {
		return fmt.Errorf("store the plan: %w; check LEDGER_DIR", err)
	}
	now := r.now()
	r.rec.Summary.Estimate = estimate(plan.Counts.PresetsToWrite, r.looks(plan), r.Procore.HourlyBudget(), r.Concurrency, now, r.deadline)
	return nil
}
