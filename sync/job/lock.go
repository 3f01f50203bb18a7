package job

import (
	"context"
	"errors"
	"fmt"

	"procore-assignee-sync/sync"
	"procore-assignee-sync/sync/ledger"
)

// lock takes the company's lock. An error carries the exit code: another run holds the lock, or it can't be taken at
// all.
func (j *Job) lock(ctx context.Context, info sync.Run) (release func(), err error) {
	unlock, err := j.Ledger.Lock(ctx, j.Company, j.Host, ledger.Holder{
		Host: j.Machine, PID: j.PID, RunID: info.ID, Since: info.StartedAt, Company: j.Company,
	})
	if err != nil {
		return nil, lockError(err)
	}
	return func() { j.warn("free the lock", unlock()) }, nil
}

func lockError(err error) error {
	var held *ledger.HeldError
	if errors.As(err, &held) {
		return &ExitError{sync.ExitLocked, err}
	}
	return &ExitError{sync.ExitFailed, fmt.Errorf("take the lock: %w", err)}
}
