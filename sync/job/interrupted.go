package job

import (
	"context"
	"fmt"

	"procore-assignee-sync/sync"
)

// closeInterrupted accounts for what killed runs left open. The lock is held, so none of them can still be going on.
func (j *Job) closeInterrupted(ctx context.Context) error {
	runs, err := j.Ledger.Interrupted(j.Company, j.Host)
	if err != nil {
		return &ExitError{sync.ExitFailed, fmt.Errorf("look for interrupted runs: %w", err)}
	}
	for _, run := range runs {
		rec, err := j.Ledger.CloseInterrupted(ctx, run, j.Procore.Preset)
		if err != nil {
			return &ExitError{exitCode(ctx, err), fmt.Errorf("close the interrupted run %s: %w", run.ID, err)}
		}
		j.log().Warn("closed an interrupted run", "run", run.ID,
			"applied", rec.Summary.Results.Applied, "failed", rec.Summary.Results.Failed,
			"not_attempted", rec.Summary.Results.NotAttempted)
		if j.Database != nil {
			if err := j.toDatabase(ctx, rec); err != nil {
				return &ExitError{sync.ExitFailed, fmt.Errorf("write the interrupted run %s to the ledger database: %w", run.ID, err)}
			}
		}
	}
	return nil
}
