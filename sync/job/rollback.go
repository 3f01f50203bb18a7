package job

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
	"procore-assignee-sync/sync/apply"
	"procore-assignee-sync/sync/ledger"
	"procore-assignee-sync/sync/snapshot"
)

// Rollback puts the groups that a run changed back as they were before it, wherever they have not moved since. It is a
// run of its own: locked, planned, judged by the removal gates, confirmed and journalled. The run is named by its id,
// by the id's last six characters, or by ledger.Last, the last run that wrote to Procore; if that is itself a rollback,
// it must be named by its id. The record is filled in as far as the run got, even if there is an error; the error
// carries the exit code.
func (j *Job) Rollback(ctx context.Context, name string, req ApplyRequest) (sync.Record, error) {
	runID, err := j.Ledger.Find(ctx, name, ledger.Filter{Company: j.Company, Host: j.Host}, true)
	if err != nil {
		return sync.Record{}, err
	}
	if name == ledger.Last {
		if err := j.noSecondRollback(ctx, runID); err != nil {
			return sync.Record{}, err
		}
	}
	info := j.info(sync.CommandRollback)
	info.RollbackOf, info.Filtered = runID, false
	r, err := j.start(ctx, info, approval{req.Approve, req.ApprovedBy, req.Reason})
	if err != nil {
		return r.rec, err
	}
	defer r.unlock()
	if err := r.planRollback(ctx, runID); err != nil {
		return r.fail(ctx, err)
	}
	if r.NobodyToAsk {
		if err := r.confirm(r.rec.Plan.Counts.PresetsToWrite); err != nil {
			return r.fail(ctx, err)
		}
	}
	return r.carryOut(ctx)
}

// noSecondRollback refuses to undo a rollback that is named only as the last run: somebody who runs the command twice
// does not mean to undo the first rollback.
func (j *Job) noSecondRollback(ctx context.Context, runID string) error {
	past, err := j.Ledger.Load(ctx, runID)
	if err != nil || past.Summary.RollbackOf == "" {
		return nil //nolint:nilerr // planRollback reads it again and reports what is wrong
	}
	return &ExitError{sync.ExitUsage, fmt.Errorf("the last run that wrote, %s, is a rollback itself, of run %s: `assignee-sync rollback %s` "+
		"undoes it, which puts the changes of run %s back in; to undo an earlier run, name it by its id",
		runID, past.Summary.RollbackOf, runID, past.Summary.RollbackOf)}
}

// undoable refuses a run that has nothing to put back or that can't be undone.
func undoable(past *ledger.PastRun) error {
	s := past.Summary
	refuse := func(format string, args ...any) error {
		return &ExitError{sync.ExitUsage, fmt.Errorf("run %s "+format, append([]any{s.ID}, args...)...)}
	}
	switch {
	case s.Command == sync.CommandHandover:
		return refuse("is a hand-over: an invitation can't be taken back; a workflow manager can take people off a step in Procore; " +
			"an earlier run is undone by its id")
	case s.Command == sync.CommandRespond:
		return refuse("answered running workflows: an answer can't be taken back; an earlier run is undone by its id")
	case s.Command == sync.CommandPlan:
		return refuse("is a dry run, which wrote nothing: there is nothing to put back")
	case s.Results.PresetsWritten > 0 && len(past.Steps.Intents) == 0:
		return fmt.Errorf("run %s wrote %s, but the ledger has no journal of it that says how they were before: "+
			"put back by hand what its changes show", s.ID, sync.Several(s.Results.PresetsWritten, "preset"))
	case s.Outcome == "" || s.Outcome == sync.Interrupted || s.Results.PresetsWritten > 0 || len(past.Steps.Damaged) > 0:
		return nil // what it wrote is in its journal
	case len(apply.RollbackRefs(past.Steps)) == 0:
		return refuse("wrote no preset (%s): there is nothing to put back; `assignee-sync runs` lists what each run changed", s.Outcome)
	}
	return nil
}

// planRollback plans the rollback from the run's journal and the presets as they are now.
func (r *run) planRollback(ctx context.Context, runID string) error {
	r.noAccess("a rollback")
	past, err := r.Ledger.Load(ctx, runID)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return &ExitError{sync.ExitUsage, fmt.Errorf("there is no run %s in the ledger: `assignee-sync runs` lists them", runID)}
	case err != nil:
		return fmt.Errorf("read run %s: %w", runID, err)
	}
	if err := r.ours(past.Summary.Run); err != nil {
		return err
	}
	if err := undoable(past); err != nil {
		return err
	}
	r.rec.Run.Redoes = past.Summary.RollbackOf
	in := apply.RollbackInput{
		Company: r.Company,
		Host:    r.Host,
		Run:     past.Summary.Run,
		Changes: past.Changes,
		Steps:   past.Steps,
		Limits:  r.Policy.Limits,
	}
	if past.Plan != nil {
		in.Plan = past.Plan.Plan
	}
	return r.phase("plan", func() error {
		readCtx, cancel := r.withDeadline(ctx)
		defer cancel()
		in.Now, in.Unreadable, err = snapshot.ReadPresets(readCtx, r.Procore, apply.RollbackRefs(past.Steps), r.readOptions())
		if err != nil {
			return err
		}
		if err := r.readWhoMayComeBack(readCtx, &in); err != nil {
			return err
		}
		plan, err := apply.BuildRollback(in)
		if err != nil {
			return err
		}
		return r.take(plan)
	})
}

// readWhoMayComeBack reads who may be assigned wherever somebody is to be put back.
func (r *run) readWhoMayComeBack(ctx context.Context, in *apply.RollbackInput) error {
	scopes, err := apply.RollbackScopes(*in)
	if err != nil {
		return err
	}
	lists := &sync.Snapshot{Possible: map[procore.AssigneeScope][]procore.Login{}}
	if err := snapshot.ReadPossible(ctx, r.Procore, lists, scopes, r.readOptions()); err != nil {
		return err
	}
	in.Possible, in.Unreadable = lists.Possible, append(in.Unreadable, lists.Unreadable...)
	return nil
}

// ours refuses a run of another company or Procore host.
func (r *run) ours(past sync.Run) error {
	if past.Company == r.Company && past.Host == r.Host {
		return nil
	}
	return &ExitError{sync.ExitConfig, fmt.Errorf("run %s is of company %s on %s, the settings name company %s on %s",
		past.ID, past.Company, past.Host, r.Company, r.Host)}
}
