package job

import (
	"context"
	"fmt"
	"time"

	"procore-assignee-sync/sync"
	"procore-assignee-sync/sync/ledger"
)

// closeInterrupted accounts for what killed runs left open, and brings to the ledger database what it did not get. The lock
// is held, so none of them can still be going on. It takes no longer than the run that began at start is allowed.
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
