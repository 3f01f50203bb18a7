package ledger

import (
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

// Filter narrows a list of runs. Zero fields match everything.
type Filter struct {
	Company procore.CompanyID
	Host    string
	Limit   int // maximum number of runs
}

// has reports whether the filter lets a run through. A run whose company is no longer known always passes, so that
// nobody misses it.
func (f Filter) has(run sync.Run) bool {
	return run.Command == unknownCommand && run.Company == "" ||
		(f.Company == "" || f.Company == run.Company) && (f.Host == "" || f.Host == run.Host)
}

// runs returns runs, newest first. A run that has not finished has an empty Outcome. Runs that can't be read are left
// out and reported in the error; the others are returned all the same.
func (l *folder) runs(f Filter) ([]sync.Summary, error) {
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
		case errors.Is(err, fs.ErrNotExist): // nothing is left in it; whether that is in order, Verify judges
		case err != nil:
			errs = append(errs, err)
		case f.has(s.Run):
			list = append(list, s)
		}
	}
	return list, errors.Join(errs...)
}

// baseline returns the last passed run of the company and host, and the last one that read this HR source. A summary
// that can't be read is an error, since it may be the one to compare with. Folders with neither summary nor journal are
// not runs, and a run that began in the future, because a clock was ahead, is no baseline.
func (l *folder) baseline(company procore.CompanyID, host, sourceKey string) (sync.Baseline, error) {
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
		if !s.Passed || !of.has(s.Run) || s.StartedAt.After(l.now()) {
			continue
		}
		if base.Last == nil {
			base.Last = &s
		}
		if sameSource(s.HRSource, sourceKey) {
			base.SameSource = &s
			break
		}
	}
	return base, nil
}

// sameSource reports whether two keys of HR sources are of the same kind. All CSV files are, since an export's name may
// contain the date. Earlier versions recorded the file or the database as well, after a colon.
func sameSource(a, b string) bool { return sourceOf(a) == sourceOf(b) }

func sourceOf(key string) string {
	kind, _, _ := strings.Cut(key, ":")
	return kind
}

// runIDs returns the ids of the runs, newest first.
func (l *folder) runIDs() ([]string, error) {
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

// orderWithinSeconds sorts runs that began in the same second, which their ids do not order, newest first too.
func (l *folder) orderWithinSeconds(ids []string) {
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

// startedAt returns when a run began according to its journal's first line, or the zero time if that can't be read.
func (l *folder) startedAt(id string) time.Time {
	first, _ := l.firstLine(id)
	return first.StartedAt
}

// summary reads a run's summary.json. If there is none yet, the other files say which run it is.
func (l *folder) summary(id string) (sync.Summary, error) {
	var s sync.Summary
	text, err := os.ReadFile(filepath.Join(l.path(id), summaryFile))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		steps, _, err := l.journal(id)
		return sync.Summary{Run: steps.Run}, err
	case err != nil:
		return s, fmt.Errorf("read run %s: %w", id, err)
	}
	if err := json.Unmarshal(text, &s); err != nil {
		return s, fmt.Errorf("read run %s: %s is damaged (%w): repair it, or move the run's folder away", id, summaryFile, err)
	}
	return s, nil
}

func (l *folder) journalPath(id string) string { return filepath.Join(l.path(id), journalFile) }

// PastRun is a run as its folder or the database has it.
type PastRun struct {
	Summary    sync.Summary
	Evidence   string         // sha256, in hex, of its manifest; empty if it has none
	Plan       *sync.PlanFile // nil if the run had none or it can't be read
	Steps      apply.JournalFile
	Changes    []sync.Change
	Exceptions []sync.Exception
	Waiting    []sync.Waiting // nil if the run did not look for running workflows
}

// Record returns the run as a record.
func (p *PastRun) Record() sync.Record {
	rec := sync.Record{
		Run: p.Summary.Run, Changes: p.Changes, Exceptions: p.Exceptions, Summary: p.Summary, Evidence: p.Evidence,
		Waiting: p.Waiting, Responses: p.Summary.Responses,
	}
	if p.Plan != nil {
		rec.Plan = p.Plan.Plan
	}
	return rec
}

// load reads one run. If there is none, errors.Is(err, fs.ErrNotExist) holds. For a run that has not finished, the
// changes are those that its plan and journal show so far, and there are no exceptions.
func (l *folder) load(runID string) (*PastRun, error) {
	if !sync.IsRunID(runID) {
		return nil, fmt.Errorf("%q is not a run's id, such as 20261123T020000Z-3f9a1c: %w", runID, fs.ErrNotExist)
	}
	if _, err := os.Stat(l.path(runID)); err != nil {
		return nil, fmt.Errorf("read run %s: %w", runID, err)
	}
	past := &PastRun{Evidence: l.evidence(runID)}
	var err error
	if past.Summary, err = l.summary(runID); err != nil {
		return nil, err
	}
	if past.Steps, _, err = l.journal(runID); err != nil {
		return nil, err
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
	sync.ReadBackExceptions(past.Exceptions, past.Summary.Exceptions)
	if err == nil {
		past.Waiting, err = readWaiting(filepath.Join(l.path(runID), runningFile))
	}
	if err != nil {
		return nil, fmt.Errorf("read run %s: %w", runID, err)
	}
	return past, nil
}

// steps reads only a run's journal.
func (l *folder) steps(runID string) (apply.JournalFile, error) {
	steps, _, err := l.journal(runID)
	return steps, err
}

// plan reads plan.json, or returns nil if there is none that can be trusted.
func (l *folder) plan(runID string) *sync.PlanFile {
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

// changesSoFar returns the changes of a run that has not finished, as its plan and journal show them, without looking
// at Procore.
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
