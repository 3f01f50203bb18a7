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

// Prune deletes the folders of runs that started more than keepDays days before now, and what a killed process left
// half made or half deleted. It keeps what a later run needs: the last passed run of each company and host, the last
// of each of its HR sources, runs that are yet to be closed, and runs that can't be read. Zero keepDays keeps all.
func (l *Ledger) Prune(keepDays int, now time.Time) error {
	if keepDays <= 0 {
		return nil
	}
	ids, err := l.runIDs()
	if err != nil {
		return err
	}
	since := now.UTC().AddDate(0, 0, -keepDays).Format("20060102T150405Z")
	passed := map[string]bool{}
	errs := []error{l.sweep(now)}
	for _, id := range ids {
		s, err := l.summary(id)
		if err != nil || s.Company == "" {
			continue
		}
		needed := false
		if s.Passed {
			of, ofSource := key(s.Company, s.Host), key(s.Company, s.Host)+"\n"+s.HRSource
			needed = !passed[of] || !passed[ofSource]
			passed[of], passed[ofSource] = true, true
		}
		if needed || id >= since || l.isGoing(id) || l.isOpen(id, s) {
			continue
		}
		errs = append(errs, l.remove(id))
	}
	return errors.Join(errs...)
}

// isOpen says whether a run is yet to be closed. A dry run leaves nothing to close.
func (l *Ledger) isOpen(id string, s sync.Summary) bool {
	if s.Command == dryRun {
		return false
	}
	finished, err := hasFinished(l.journalPath(id))
	return err != nil || !finished
}

// remove deletes a run's folder: under another name first, so that nobody meets half of it.
func (l *Ledger) remove(id string) error {
	old := filepath.Join(l.dir, oldPrefix+id)
	err := os.Rename(l.path(id), old)
	if errors.Is(err, fs.ErrNotExist) {
		return nil // another company's run deletes old runs at the same time
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
func (l *Ledger) sweep(now time.Time) error {
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
