package ledger

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	gosync "sync"
	"syscall"
	"time"

	"github.com/gofrs/flock"

	"procore-assignee-sync/procore"
)

// lock takes the file lock of a company on a Procore host in this ledger, and records who holds it. It never waits: if
// another run holds it, the error is a *HeldError. The kernel releases the lock when the process ends, however it ends.
// release may be called more than once.
func (l *folder) lock(company procore.CompanyID, host string, h Holder) (release func() error, err error) {
	if err := os.MkdirAll(l.dir, folderMode); err != nil {
		return nil, fmt.Errorf("make the ledger's folder: %w; check LEDGER_DIR", err)
	}
	signature := l.holderPath(company, host)
	held, err := tryLock(l.lockPath(company, host))
	if errors.Is(err, errHeld) {
		return nil, &HeldError{readHolder(signature)}
	}
	if err != nil {
		return nil, err
	}
	if err := writeHolder(l.dir, filepath.Base(signature), h); err != nil {
		return nil, errors.Join(fmt.Errorf("write down who holds the lock: %w", err), held.Close())
	}
	return gosync.OnceValue(func() error {
		// Delete it first, so that nobody reads about a holder that is gone.
		err := os.Remove(signature)
		if errors.Is(err, os.ErrNotExist) {
			err = nil
		}
		return errors.Join(err, held.Close())
	}), nil
}

func (l *folder) lockPath(company procore.CompanyID, host string) string {
	return filepath.Join(l.dir, ".lock-"+key(company, host))
}

// holderPath returns the path of the file that names the lock's holder. It lies beside the lock, because some systems
// let nobody read a locked file.
func (l *folder) holderPath(company procore.CompanyID, host string) string {
	return filepath.Join(l.dir, ".holder-"+key(company, host))
}

// errHeld is returned by tryLock if another process, or another part of this one, has locked the file.
var errHeld = errors.New("the file is locked")

// tryLock locks the file under a name without waiting, and makes sure that it is still the file of that name: if
// somebody deleted it after it was opened, another run may hold the lock on a new one.
func tryLock(path string) (*flock.Flock, error) {
	for {
		lock := flock.New(path, flock.SetPermissions(fileMode))
		locked, err := lock.TryLock()
		switch {
		case errors.Is(err, syscall.EINTR):
			continue
		case err != nil:
			return nil, errors.Join(fmt.Errorf("lock %s: %w; the ledger's folder needs a file system with locks", path, err), lock.Close())
		case !locked:
			return nil, errHeld
		}
		if isNamed(lock) {
			return lock, nil
		}
		if err := lock.Close(); err != nil {
			return nil, err
		}
	}
}

// isNamed reports whether a locked file is still the file of its name.
func isNamed(lock *flock.Flock) bool {
	mine, err := lock.Stat()
	if err != nil {
		return false
	}
	now, err := os.Stat(lock.Path())
	return err == nil && os.SameFile(mine, now)
}

func writeHolder(dir, name string, h Holder) error {
	return writeWhole(dir, name, func(w io.Writer) error { return json.NewEncoder(w).Encode(h) })
}

// readHolder returns the holder of the lock, or the zero Holder if the file does not name one.
func readHolder(path string) Holder {
	var h Holder
	text, err := os.ReadFile(path)
	if err != nil || json.Unmarshal(text, &h) != nil {
		return Holder{}
	}
	return h
}

// Holder is the run that holds a lock.
type Holder struct {
	Host    string            `json:"host"` // the machine
	PID     int               `json:"pid"`
	RunID   string            `json:"run_id"`
	Since   time.Time         `json:"since"`
	Company procore.CompanyID `json:"company_id"`
}

// HeldError says that another run holds the lock. Holder is zero if it is not known which.
type HeldError struct{ Holder }

func (e *HeldError) Error() string {
	if e.RunID == "" {
		return "another run holds the lock; wait until it has ended"
	}
	return fmt.Sprintf("run %s holds the lock since %s (pid %d on %s); wait until it has ended",
		e.RunID, e.Since.UTC().Format(time.RFC3339), e.PID, e.Host)
}
