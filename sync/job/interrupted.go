package job

import (
	"context"
	"fmt"
	"time"

	"procore-assignee-sync/sync"
)

// closeInterrupted accounts for what killed runs left open. The lock is held, so none of them can still be going on. A run
// counts as closed once the ledger database has it too; until then every next run tries again. It takes no longer than
// the run that began at start is allowed.
func (j *Job) closeInterrupted(ctx context.Context, start time.Time) error {
	if j.MaxDuration > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithDeadline(ctx, start.Add(j.MaxDuration))
		defer cancel()
	}
	runs, err := j.Ledger.Interrupted(j.Company, j.Host)
	if err != nil {
		return &ExitError{sync.ExitFailed, fmt.Errorf("look for interrupted runs: %w", err)}
	}
	for _, run := range runs {
		rec, err := j.Ledger.CloseInterrupted(ctx, run, j.Procore.Preset, j.tell(ctx))
		if err != nil {
			return &ExitError{exitCode(ctx, err), fmt.Errorf("close the interrupted run %s: %w", run.ID, err)}
		}
		j.log().Warn("closed an interrupted run", "run", run.ID,
			"applied", rec.Summary.Results.Applied, "failed", rec.Summary.Results.Failed,
			"not_attempted", rec.Summary.Results.NotAttempted)
	}
	return nil
}

// tell passes a closed run on to the ledger database, if there is one.
func (j *Job) tell(ctx context.Context) func(sync.Record) error {
	if j.Database == nil {
		return nil
	}
	return func(rec sync.Record) error {
		if err := j.toDatabase(ctx, rec); err != nil {
			return fmt.Errorf("write it to the ledger database: %w", err)
		}
		return nil
	}
}
