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

// old lists the runs of the company and host of a run that ended more than keepDays days before now: of what began at
// that time, and of what was closed as interrupted then. It keeps what a later run needs: the last passed run, the last
// of each HR source, runs that are yet to be closed, and runs that can't be read. A dry run, which holds no lock, lists
// dry runs alone. Zero keepDays keeps all.
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

// ageOf is when the time began for which a run is kept.
func ageOf(s sync.Summary) time.Time {
	if s.Outcome == sync.Interrupted && s.FinishedAt.After(s.StartedAt) {
		return s.FinishedAt
	}
	return s.StartedAt
}

// remove deletes runs, and what a killed process left half made or half deleted.
func (l *folder) remove(ids []string, now time.Time) error {
	errs := []error{l.sweep(now)}
	for _, id := range ids {
		errs = append(errs, l.removeRun(id))
	}
	return errors.Join(errs...)
}

// isOpen reports whether a run is yet to be closed. A dry run leaves nothing to close.
func (l *folder) isOpen(id string, s sync.Summary) bool {
	if s.Command == sync.CommandPlan {
		return false
	}
	finished, err := hasFinished(l.journalPath(id))
	return err != nil || !finished
}

// removeRun deletes a run's folder: under another name first, so that nobody meets half of it.
func (l *folder) removeRun(id string) error {
	old := filepath.Join(l.dir, oldPrefix+id)
	err := os.Rename(l.path(id), old)
	if errors.Is(err, fs.ErrNotExist) {
		return nil // a dry run deletes old dry runs at the same time
	}
	if err == nil {
		err = os.RemoveAll(old)
	}
	if err != nil {
		return fmt.Errorf("delete run %s: %w", id, err)
	}
	return nil
}

// sweep deletes folders that were never finished being made or deleted.
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
