package ledger

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	gosync "sync"

	"procore-assignee-sync/procore"
)

// Lock takes the file lock of a company on a Procore host in this ledger, and writes down who holds it. It never waits:
// where another run holds it, the error is a *HeldError. The kernel frees the lock when its process ends, however it
// ends. release may be called more than once.
func (l *Ledger) Lock(company procore.CompanyID, host string, h Holder) (release func() error, err error) {
	if err := os.MkdirAll(l.dir, folderMode); err != nil {
		return nil, fmt.Errorf("make the ledger's folder: %w; check LEDGER_DIR", err)
	}
	f, err := openLocked(l.lockPath(company, host))
	if err != nil {
		return nil, err
	}
	if err := writeHolder(f, h); err != nil {
		return nil, errors.Join(fmt.Errorf("write down who holds the lock: %w", err), f.Close())
	}
	return gosync.OnceValue(func() error {
		// Emptied first, so that nobody reads a holder that is gone. Closing frees the lock.
		return errors.Join(f.Truncate(0), f.Close())
	}), nil
}

func (l *Ledger) lockPath(company procore.CompanyID, host string) string {
	return filepath.Join(l.dir, ".lock-"+key(company, host))
}

// openLocked opens the file and locks it, and makes sure that it is still the one under that name.
func openLocked(path string) (*os.File, error) {
	for {
		f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, fileMode)
		if err != nil {
			return nil, fmt.Errorf("open the lock file: %w", err)
		}
		named, err := lockNamed(f)
		if err == nil && named {
			return f, nil
		}
		if err := errors.Join(err, f.Close()); err != nil {
			return nil, err
		}
	}
}

// lockNamed locks a file, and says whether it is still the one under its name: where somebody has deleted it since it was
// opened, another run may hold the lock of a new one.
func lockNamed(f *os.File) (named bool, err error) {
	if err := lockFile(f); err != nil {
		if errors.Is(err, errHeld) {
			err = &HeldError{readHolder(f)}
		}
		return false, err
	}
	mine, err := f.Stat()
	if err != nil {
		return false, err
	}
	now, err := os.Stat(f.Name())
	return err == nil && os.SameFile(mine, now), nil
}

// errHeld is what lockFile gives where another process, or another part of this one, has the file locked.
var errHeld = errors.New("the file is locked")

func writeHolder(f *os.File, h Holder) error {
	text, err := json.Marshal(h)
	if err != nil {
		return err
	}
	if err := f.Truncate(0); err != nil {
		return err
	}
	if _, err := f.WriteAt(append(text, '\n'), 0); err != nil {
		return err
	}
	return f.Sync()
}

// readHolder says who holds the lock, or nothing where the file does not say.
func readHolder(f *os.File) Holder {
	var h Holder
	text, err := io.ReadAll(io.LimitReader(f, 4096))
	if err != nil || json.Unmarshal(text, &h) != nil {
		return Holder{}
	}
	return h
}
