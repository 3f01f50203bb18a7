package ledger

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
	"procore-assignee-sync/sync/apply"
)

// Filter narrows a list of runs. Zero fields let everything through.
type Filter struct {
	Company procore.CompanyID
	Host    string
	Limit   int // how many at most
}

func (f Filter) has(run sync.Run) bool {
	return (f.Company == "" || f.Company == run.Company) && (f.Host == "" || f.Host == run.Host)
}

// Runs lists runs, newest first. One that has not finished has an empty Outcome. Runs that can't be read are left out
// and make up the error; the others are given all the same.
func (l *Ledger) Runs(f Filter) ([]sync.Summary, error) {
	ids, err := l.runIDs()
	if err != nil {
		return nil, err
	}
	var list []sync.Summary
	var errs []error
	for _, id := range ids {
		if f.Limit > 0 && len(list) == f.Limit {
			break
		}
		s, err := l.summary(id)
		switch {
		case err != nil:
			errs = append(errs, err)
		case f.has(s.Run):
			list = append(list, s)
		}
	}
	return list, errors.Join(errs...)
}

// Baseline gives the last passed run of the company and host, and the last that read this HR source. A summary that
// can't be read is an error, since it may be the one to compare with. Folders without summary and journal are no runs.
func (l *Ledger) Baseline(company procore.CompanyID, host, sourceKey string) (sync.Baseline, error) {
	ids, err := l.runIDs()
	if err != nil {
		return sync.Baseline{}, err
	}
	of := Filter{Company: company, Host: host}
	var base sync.Baseline
	for _, id := range ids {
		s, err := l.summary(id)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return sync.Baseline{}, err
		}
		if !s.Passed || !of.has(s.Run) {
			continue
		}
		if base.Last == nil {
			base.Last = &s
		}
		if s.HRSource == sourceKey {
			base.SameSource = &s
			break
		}
	}
	return base, nil
}

// runIDs lists the runs' ids, newest first.
func (l *Ledger) runIDs() ([]string, error) {
	entries, err := os.ReadDir(l.dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("list the runs: %w", err)
	}
	var ids []string
	for _, e := range entries {
		if e.IsDir() && sync.IsRunID(e.Name()) {
			ids = append(ids, e.Name())
		}
	}
	slices.Sort(ids)
	slices.Reverse(ids)
	l.orderWithinSeconds(ids)
	return ids, nil
}

// orderWithinSeconds puts runs that began in the same second, which their ids tell no further, newest first too.
func (l *Ledger) orderWithinSeconds(ids []string) {
	second := func(id string) string { return id[:strings.IndexByte(id, '-')] }
	for from := 0; from < len(ids); {
		to := from + 1
		for to < len(ids) && second(ids[to]) == second(ids[from]) {
			to++
		}
		if same := ids[from:to]; len(same) > 1 {
			began := make(map[string]time.Time, len(same))
			for _, id := range same {
				began[id] = l.startedAt(id)
			}
			slices.SortStableFunc(same, func(a, b string) int { return began[b].Compare(began[a]) })
		}
		from = to
	}
}

// startedAt is when a run began, as its journal's first line says; zero where that can't be read.
func (l *Ledger) startedAt(id string) time.Time {
	f, err := os.Open(l.journalPath(id))
	if err != nil {
		return time.Time{}
	}
	defer f.Close()
	line, err := bufio.NewReader(f).ReadBytes('\n')
	var steps apply.JournalFile
	if err != nil || readLine(&steps, line) != nil {
		return time.Time{}
	}
	return steps.Run.StartedAt
}

// summary reads a run's summary.json; of a run that has none yet, the journal's first line.
func (l *Ledger) summary(id string) (sync.Summary, error) {
	var s sync.Summary
	text, err := os.ReadFile(filepath.Join(l.path(id), summaryFile))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		steps, _, err := readJournal(l.journalPath(id))
		if err != nil {
			return s, fmt.Errorf("read run %s: %w", id, err)
		}
		return sync.Summary{Run: steps.Run}, nil
	case err != nil:
		return s, fmt.Errorf("read run %s: %w", id, err)
	}
	if err := json.Unmarshal(text, &s); err != nil {
		return s, fmt.Errorf("read run %s: %s is damaged (%w): mend it, or move the run's folder away", id, summaryFile, err)
	}
	return s, nil
}

func (l *Ledger) journalPath(id string) string { return filepath.Join(l.path(id), journalFile) }

// PastRun is a run as its folder shows it.
type PastRun struct {
	Summary    sync.Summary
	Plan       *sync.PlanFile // nil where the run had none, or it can't be read
	Steps      apply.JournalFile
	Changes    []sync.Change
	Exceptions []sync.Exception // as exceptions.csv has them: not whether they made the run incomplete
}

// Load reads one run. Where there is none: an error for which errors.Is(err, fs.ErrNotExist) holds. Of a run that has
// not finished, the changes are given as its plan and journal show them so far, and there are no exceptions.
func (l *Ledger) Load(runID string) (*PastRun, error) {
	if !sync.IsRunID(runID) {
		return nil, fmt.Errorf("%q is not a run's id, such as 20261123T020000Z-3f9a1c: %w", runID, fs.ErrNotExist)
	}
	if _, err := os.Stat(l.path(runID)); err != nil {
		return nil, fmt.Errorf("read run %s: %w", runID, err)
	}
	past := &PastRun{}
	var err error
	if past.Summary, err = l.summary(runID); err != nil {
		return nil, err
	}
	if past.Steps, _, err = readJournal(l.journalPath(runID)); err != nil {
		return nil, fmt.Errorf("read run %s: %w", runID, err)
	}
	past.Plan = l.plan(runID)
	if past.Summary.Outcome == "" {
		past.Changes = past.changesSoFar()
		return past, nil
	}
	if past.Changes, err = readChanges(filepath.Join(l.path(runID), changesFile)); err != nil {
		return nil, fmt.Errorf("read run %s: %w", runID, err)
	}
	past.Exceptions, err = readExceptions(filepath.Join(l.path(runID), exceptionsFile))
	if err != nil {
		return nil, fmt.Errorf("read run %s: %w", runID, err)
	}
	return past, nil
}

// Steps reads a run's journal alone.
func (l *Ledger) Steps(runID string) (apply.JournalFile, error) {
	steps, _, err := readJournal(l.journalPath(runID))
	if err != nil {
		return steps, fmt.Errorf("read run %s: %w", runID, err)
	}
	return steps, nil
}

// plan reads plan.json; nil where there is none that can be trusted.
func (l *Ledger) plan(runID string) *sync.PlanFile {
	text, err := os.ReadFile(filepath.Join(l.path(runID), planFile))
	if err != nil {
		return nil
	}
	p, err := sync.DecodePlanFile(text)
	if err != nil {
		return nil
	}
	return p
}

// changesSoFar is what a run that has not finished has come to, as far as its plan and journal say. Nobody looks at
// Procore for it.
func (p *PastRun) changesSoFar() []sync.Change {
	var plan *sync.Plan
	if p.Plan != nil {
		plan = p.Plan.Plan
	}
	_, result, _ := apply.AccountInterrupted(plan, p.Steps, p.Summary.StartedAt, notLookedAt)
	return result.Changes
}

func notLookedAt(procore.PresetRef) (procore.Preset, error) {
	return procore.Preset{}, apply.ErrNotLookedAt
}
