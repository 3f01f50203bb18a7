package ledger

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"procore-assignee-sync/sync"
)

// old returns the runs of run's company and host that began, or were closed as interrupted, more than keepDays days
// before now. It leaves out what later runs need: the last passed run, the last passed run of each HR source, runs that
// are still to be closed, and runs that can't be read. For a dry run, which holds no lock, it returns dry runs only. If
// keepDays is 0 it returns nothing.
func (l *folder) old(run sync.Run, keepDays int, now time.Time) ([]string, error) {
	if keepDays <= 0 {
		return nil, nil
	}
	ids, err := l.runIDs()
	if err != nil {
		return nil, err
	}
	since := now.UTC().AddDate(0, 0, -keepDays)
	of := Filter{Company: run.Company, Host: run.Host}
	passed := map[string]bool{}
	var list []string
	for _, id := range ids {
		s, err := l.summary(id)
		if err != nil || s.Company == "" || !of.has(s.Run) {
			continue
		}
		needed := false
		if s.Passed && !s.StartedAt.After(now) {
			source := sourceOf(s.HRSource)
			needed = len(passed) == 0 || !passed[source]
			passed[source] = true
		}
		if needed || !ageOf(s).Before(since) || l.isGoing(id) || l.isOpen(id, s) || run.Command == sync.CommandPlan && s.Command != sync.CommandPlan {
			continue
		}
		list = append(list, id)
	}
	return list, nil
}

// ageOf returns the time from which LEDGER_KEEP_DAYS counts for a run.
func ageOf(s sync.Summary) time.Time {
	if s.Outcome == sync.Interrupted && s.FinishedAt.After(s.StartedAt) {
		return s.FinishedAt
	}
	return s.StartedAt
}

// remove deletes runs, and what killed processes left half created or half deleted.
func (l *folder) remove(ids []string, now time.Time) error {
	errs := []error{l.sweep(now)}
	for _, id := range ids {
		errs = append(errs, l.removeRun(id))
	}
	return errors.Join(errs...)
}

// isOpen reports whether a run is still to be closed. A dry run never is.
func (l *folder) isOpen(id string, s sync.Summary) bool {
	if s.Command == sync.CommandPlan {
		return false
	}
	finished, err := hasFinished(l.journalPath(id))
	return err != nil || !finished
}

// removeRun deletes a run's folder, which it renames first so that nobody sees half of it.
func (l *folder) removeRun(id string) error {
	old := filepath.Join(l.dir, oldPrefix+id)
	err := os.Rename(l.path(id), old)
	if errors.Is(err, fs.ErrNotExist) {
		return nil // another dry run deletes old dry runs at the same time
	}
	if err == nil {
		err = os.RemoveAll(old)
	}
	if err != nil {
		return fmt.Errorf("delete run %s: %w", id, err)
	}
	return nil
}

// sweep deletes folders that were never completely created or deleted.
func (l *folder) sweep(now time.Time) error {
	entries, err := os.ReadDir(l.dir)
	if err != nil {
		return err
	}
	var errs []error
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), newPrefix) && !strings.HasPrefix(e.Name(), oldPrefix) {
			continue
		}
		if info, err := e.Info(); err == nil && now.Sub(info.ModTime()) > dryRunIsOver {
			errs = append(errs, os.RemoveAll(filepath.Join(l.dir, e.Name())))
		}
	}
	return errors.Join(errs...)
}
