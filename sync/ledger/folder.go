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

// Folders and files are for the user that runs the job alone: they name people.
const (
	folderMode = 0o700
	fileMode   = 0o600
)

// folder is the ledger's folder of runs. It is safe for concurrent use.
type folder struct {
	dir string
	now func() time.Time

	mu    gosync.Mutex
	going map[string]bool // runs that were created here and that have not finished
}

// openFolder takes the folder of runs at dir. Nothing is written, and it need not exist yet: create and lock make it. Where
// dir is something else than a folder, or can't be looked at, that is an error.
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

// exists reports whether the folder is there, or may be: that it can't be looked at is told by whoever reads in it.
func (l *folder) exists() bool {
	_, err := os.Stat(l.dir)
	return !errors.Is(err, os.ErrNotExist)
}

// canWrite looks whether a run could be kept, without writing anything: whether the folder, or the nearest one above it
// that is there, may be written to.
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
			err = errors.New("it is no folder")
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

// prepare makes the folder where it is missing, and tries whether a file can be made in it. What canWrite hopes, this knows.
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

// cache is the folder for hints of where to look, of this company and host. It need not exist.
func (l *folder) cache(company procore.CompanyID, host string) string {
	return filepath.Join(l.dir, ".cache", key(company, host))
}

// key names a company on a Procore host in a way that is safe as a file's name.
func key(company procore.CompanyID, host string) string {
	sum := sha256.Sum256([]byte(host))
	return url.PathEscape(string(company)) + "-" + hex.EncodeToString(sum[:4])
}

func (l *folder) path(runID string) string { return filepath.Join(l.dir, runID) }

// begun and ended keep track of the runs that are going on in this process.
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
