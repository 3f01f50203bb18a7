package ledger

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
)

// History returns what happened to a person or in a project over all runs of a company, or of every company where none is
// named, in the order in which it happened: from the folder, and of runs that are not there from the database. Dry runs
// are left out. Runs that can't be read make up the error; the others are given all the same.
func (l *Ledger) History(ctx context.Context, company procore.CompanyID, f sync.HistoryFilter) (sync.History, error) {
	h := &past{filter: f, company: company, here: map[string]bool{}}
	h.found.Looked.Place = l.Place()
	err := errors.Join(l.folder.history(h), l.onDatabase(func(d *database) error { return d.history(ctx, h) }))
	if h.none() {
		asked := cmp.Or(f.Person, f.Project)
		if near := sync.NearNames(asked, h.names); !slices.ContainsFunc(near, func(n string) bool { return sync.FoldName(n) == sync.FoldName(asked) }) {
			h.found.Near = near // else they are known, but not since that day, or not in that group
		}
	}
	h.found.Sort()
	return h.found, err
}

// past is a history while it is gathered.
type past struct {
	filter  sync.HistoryFilter
	company procore.CompanyID
	found   sync.History
	here    map[string]bool // runs that the folder has
	names   []string        // of the newest runs: what may have been meant
}

// nearRuns is in how many of the newest runs names are looked for that are like one that is unknown.
const nearRuns = 50

// of reports whether a run is one that the history is of.
func (h *past) of(run sync.Run) bool {
	return run.Command != sync.CommandPlan && (h.company == "" || run.Company == "" || run.Company == h.company)
}

// take takes those changes of a run that the filter asks for.
func (h *past) take(run sync.Run, outcome sync.Outcome, changes []sync.Change) {
	for _, c := range changes {
		p := sync.PastChange{Run: run, Outcome: outcome, Change: c}
		if h.filter.Has(c) && !p.At().Before(h.filter.Since) {
			h.found.Changes = append(h.found.Changes, p)
		}
	}
}

// takeWaiting takes those invitations of a run that the filter asks for.
func (h *past) takeWaiting(run sync.Run, outcome sync.Outcome, list []sync.Waiting) {
	for _, w := range list {
		if h.filter.HasInvitation(w) && !run.StartedAt.Before(h.filter.Since) {
			h.found.Invited = append(h.found.Invited, sync.PastInvitation{Run: run, Outcome: outcome, Waiting: w})
		}
	}
}

// takeLeftOut takes whom a rollback could not put back: who they are is known once all changes are. One that put nobody back left
// out nobody either.
func (h *past) takeLeftOut(run sync.Run, outcome sync.Outcome, list []sync.Exception) {
	if outcome == sync.Refused || outcome == sync.RunFailed {
		return
	}
	for _, e := range list {
		if !run.StartedAt.Before(h.filter.Since) {
			h.found.LeftOut = append(h.found.LeftOut, sync.PastLeftOut{Run: run, Outcome: outcome, Exception: e})
		}
	}
}

// none reports whether nothing was found, once whom rollbacks left out has been sorted out.
func (h *past) none() bool {
	h.found.LeftOut = slices.DeleteFunc(h.found.LeftOut, func(p sync.PastLeftOut) bool { return !h.filter.HasLeftOut(p.Exception, h.found.Changes) })
	return h.found.None()
}

// learn takes what people or projects are called in a run.
func (h *past) learn(changes []sync.Change) {
	for _, c := range changes {
		if h.filter.Person != "" {
			h.names = append(h.names, c.Login, c.PersonName, c.EmployeeID)
		} else {
			h.names = append(h.names, c.ProjectNumber, c.ProjectName, string(c.Project))
		}
	}
}

// history goes through what the folder knows.
func (l *folder) history(h *past) error {
	ids, err := l.runIDs()
	if err != nil {
		return err
	}
	var errs []error
	var runs []string
	for _, id := range ids {
		h.here[id] = true
		run := l.whichRun(id)
		if !h.of(run) {
			continue
		}
		runs = append(runs, id)
		errs = append(errs, l.historyOf(run, h))
	}
	if len(h.found.Changes)+len(h.found.Invited) == 0 {
		for _, id := range runs[:min(nearRuns, len(runs))] {
			changes, _ := readChanges(filepath.Join(l.path(id), changesFile)) // what can't be read has been told
			h.learn(changes)
		}
	}
	return errors.Join(errs...)
}

// whichRun says which run a folder is of, without reading more of it than needs be.
func (l *folder) whichRun(id string) sync.Run {
	if first, ok := l.firstLine(id); ok {
		return first.Run
	}
	return l.identify(id)
}

func (l *folder) historyOf(run sync.Run, h *past) error {
	changes, err := l.changesLike(run.ID, h.filter)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	h.found.Looked.Add(run)
	if err != nil {
		return err
	}
	waiting, err := readLike(filepath.Join(l.path(run.ID), runningFile), h.filter, parseWaiting)
	var leftOut []sync.Exception
	if run.RollbackOf != "" && (err == nil || errors.Is(err, fs.ErrNotExist)) {
		leftOut, err = readExceptions(filepath.Join(l.path(run.ID), exceptionsFile))
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("read run %s: %w", run.ID, err)
	}
	if len(changes)+len(waiting)+len(leftOut) == 0 {
		return nil // most runs have nothing of it, and there may be thousands
	}
	s, err := l.summary(run.ID)
	if err != nil || !h.of(s.Run) {
		return err
	}
	h.take(s.Run, s.Outcome, changes)
	h.takeWaiting(s.Run, s.Outcome, waiting)
	h.takeLeftOut(s.Run, s.Outcome, leftOut)
	return nil
}

// changesLike reads the changes of a run, or none where none can be what the filter asks for. Of a run that has not ended
// they are as far as it has come.
func (l *folder) changesLike(id string, f sync.HistoryFilter) ([]sync.Change, error) {
	changes, err := readLike(filepath.Join(l.path(id), changesFile), f, parseChanges)
	if !errors.Is(err, fs.ErrNotExist) {
		return changes, err
	}
	past, err := l.load(id)
	if err != nil {
		return nil, err
	}
	return past.Changes, nil
}

// readLike reads a file's rows, or none where none can be what the filter asks for.
func readLike[T any](path string, f sync.HistoryFilter, parse func(string, io.Reader) ([]T, error)) ([]T, error) {
	text, err := os.ReadFile(path)
	if err != nil || !mayHold(text, f) {
		return nil, err
	}
	return parse(path, bytes.NewReader(text))
}

// mayHold reports whether the text of a CSV file may hold what the filter asks for. It is quick where that is ASCII, which
// has no other form than its upper and lower case; a name may also be spaced otherwise and, beyond ASCII, be spelled
// otherwise.
func mayHold(text []byte, f sync.HistoryFilter) bool {
	words := []string{strings.ToLower(strings.TrimSpace(cmp.Or(f.Person, f.Project)))}
	if f.Person != "" && !f.ByAddress() {
		if !isASCII(text) {
			return true
		}
		words = strings.Fields(sync.FoldName(f.Person))
	}
	lower := bytes.ToLower(text)
	return !slices.ContainsFunc(words, func(w string) bool { return isASCII(w) && !bytes.Contains(lower, []byte(w)) })
}

func isASCII[T string | []byte](s T) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}
