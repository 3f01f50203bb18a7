package job

import (
	"context"
	"errors"
	"fmt"

	"procore-assignee-sync/sync"
	"procore-assignee-sync/sync/ledger"
)

// lock takes the file lock and, where there is a ledger database, the lock that holds across machines. An error carries
// the exit code: another run holds it, or it cannot be taken at all.
func (j *Job) lock(ctx context.Context, info sync.Run) (release func(), err error) {
	holder := ledger.Holder{
		Host: j.Machine, PID: j.PID, RunID: info.ID, Since: info.StartedAt, Company: j.Company,
	}
	unlockFile, err := j.Ledger.Lock(j.Company, j.Host, holder)
	if err != nil {
		return nil, lockError(err)
	}
	if j.Database == nil {
		return func() { j.warn("free the file lock", unlockFile()) }, nil
	}
	unlockDatabase, err := j.Database.Lock(ctx, j.Company, j.Host, holder)
	if err != nil {
		return nil, errors.Join(lockError(err), unlockFile())
	}
	return func() {
		j.warn("free the ledger database's lock", unlockDatabase())
		j.warn("free the file lock", unlockFile())
	}, nil
}

func lockError(err error) error {
	var held *ledger.HeldError
	if errors.As(err, &held) {
		return &ExitError{sync.ExitLocked, err}
	}
	return &ExitError{sync.ExitFailed, fmt.Errorf("take the lock: %w", err)}
}
