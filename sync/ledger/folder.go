package ledger

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	gosync "sync"
	"time"

	"procore-assignee-sync/procore"
)

// The files of a run.
const (
	planFile       = "plan.json"
	journalFile    = "journal.jsonl"
	changesFile    = "changes.csv"
	exceptionsFile = "exceptions.csv"
	sourcesFile    = "sources.csv"
	accessFile     = "access.csv"
	summaryFile    = "summary.json"
	runningFile    = "running.csv"
	reportFile     = "report.html"
	workbookFile   = "report.xlsx"
	manifestFile   = "manifest.json"
)

// Folders and files are readable only by the user who runs the job, since they name people.
const (
	folderMode = 0o700
	fileMode   = 0o600
)

// folder is the ledger's folder of runs. It is safe for concurrent use.
type folder struct {
	dir string
	now func() time.Time

	mu    gosync.Mutex
	going map[string]bool // runs that were created here and have not finished
}

// openFolder opens the folder of runs at dir. It writes nothing, and the folder need not exist yet: create and lock
// create it. It is an error if dir is something other than a folder or can't be looked at.
func openFolder(dir string) (*folder, error) {
	if dir == "" {
		return nil, errors.New("the ledger's folder has no name: set LEDGER_DIR")
	}
	info, err := os.Stat(dir)
	switch {
	case errors.Is(err, os.ErrNotExist):
	case err != nil:
		return nil, fmt.Errorf("the folder that LEDGER_DIR names can't be looked at: %w", err)
	case !info.IsDir():
		return nil, fmt.Errorf("%s is not a folder: LEDGER_DIR names the folder that keeps the runs", dir)
	}
	return &folder{dir: dir, now: time.Now, going: map[string]bool{}}, nil
}

// exists reports whether the folder is there, or may be. If it can't be looked at, whoever reads in it will get the
// error.
func (l *folder) exists() bool {
	_, err := os.Stat(l.dir)
	return !errors.Is(err, os.ErrNotExist)
}

// canWrite checks, without writing anything, whether a run could be kept: whether the folder, or the nearest existing
// one above it, is writable.
func (l *folder) canWrite() error {
	dir, err := filepath.Abs(l.dir)
	if err != nil {
		return fmt.Errorf("look at the ledger's folder: %w", err)
	}
	for {
		info, err := os.Stat(dir)
		if parent := filepath.Dir(dir); errors.Is(err, os.ErrNotExist) && parent != dir {
			dir = parent
			continue
		}
		if err == nil && !info.IsDir() {
			err = errors.New("it is not a folder")
		}
		if err == nil {
			err = mayWrite(dir)
		}
		if err != nil {
			return fmt.Errorf("no run can be kept in %s, since %s can't be written to (%w): set LEDGER_DIR to a folder that can", l.dir, dir, err)
		}
		return nil
	}
}

// prepare creates the folder if need be, and tests whether a file can be created in it, which canWrite can only guess.
func (l *folder) prepare() error {
	err := os.MkdirAll(l.dir, folderMode)
	if err == nil {
		var f *os.File
		if f, err = os.CreateTemp(l.dir, ".try-*"); err == nil {
			err = errors.Join(f.Close(), os.Remove(f.Name()))
		}
	}
	if err != nil {
		return fmt.Errorf("no run can be kept in %s (%w): set LEDGER_DIR to a folder that can be written to", l.dir, err)
	}
	return nil
}

// cache returns the folder for what is remembered about this company and host. It need not exist.
func (l *folder) cache(company procore.CompanyID, host string) string {
	return filepath.Join(l.dir, ".cache", key(company, host))
}

// key returns a name for a company on a Procore host that is safe as a file name.
func key(company procore.CompanyID, host string) string {
	sum := sha256.Sum256([]byte(host))
	return url.PathEscape(string(company)) + "-" + hex.EncodeToString(sum[:4])
}

func (l *folder) path(runID string) string { return filepath.Join(l.dir, runID) }

// begun and ended keep track of the runs in progress in this process.
func (l *folder) begun(runID string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.going[runID] = true
}

func (l *folder) ended(runID string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.going, runID)
}

func (l *folder) isGoing(runID string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.going[runID]
}
