package job

import (
	"context"
	"fmt"
	"time"

	"procore-assignee-sync/sync"
	"procore-assignee-sync/sync/ledger"
)

// closeInterrupted accounts for runs that were killed, and copies to the ledger database what it is missing. The lock
// must be held, so that none of those runs can still be going on. It takes no longer than is allowed to the run that
// began at start.
func (j *Job) closeInterrupted(ctx context.Context, start time.Time) error {
	if j.MaxDuration > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithDeadlineCause(ctx, start.Add(j.MaxDuration), errTimeOver{})
		defer cancel()
	}
	runs, err := j.Ledger.Interrupted(j.Company, j.Host)
	if err != nil {
		return &ExitError{sync.ExitFailed, fmt.Errorf("look for interrupted runs: %w", err)}
	}
	for _, run := range runs {
		rec, err := j.Ledger.CloseInterrupted(ctx, run, ledger.Looks{Preset: j.Procore.Preset, Instance: j.Procore.Instance})
		if err != nil {
			return &ExitError{exitCode(ctx, err), fmt.Errorf("close the interrupted run %s: %w", run.ID, err)}
		}
		j.watch(ctx, rec)
		j.log().Warn("closed an interrupted run", "run", run.ID,
			"applied", rec.Summary.Results.Applied, "failed", rec.Summary.Results.Failed,
			"not_attempted", rec.Summary.Results.NotAttempted)
	}
	brought, err := j.Ledger.CatchUp(ctx, j.Company, j.Host)
	if len(brought) > 0 {
		j.log().Info("brought runs to the ledger database that it did not have", "runs", brought)
	}
	if err != nil {
		return &ExitError{exitCode(ctx, err), err}
	}
	return nil
}
