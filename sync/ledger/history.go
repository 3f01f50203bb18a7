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

// History returns what happened to a person or in a project over all runs of a company, or of every company if none is
// named, in the order in which it happened. It reads the folder, and the database for runs that the folder does not
// have. It leaves out dry runs. Runs that can't be read are reported in the error; the others are returned all the
// same.
func (l *Ledger) History(ctx context.Context, company procore.CompanyID, f sync.HistoryFilter) (sync.History, error) {
	h := &past{filter: f, company: company, here: map[string]bool{}}
	h.found.Looked.Place = l.Place()
	err := errors.Join(l.folder.history(h), l.onDatabase(func(d *database) error { return d.history(ctx, h) }))
	if h.none() {
		asked := cmp.Or(f.Person, f.Project)
		if near := sync.NearNames(asked, h.names); !slices.ContainsFunc(near, func(n string) bool { return sync.FoldName(n) == sync.FoldName(asked) }) {
			h.found.Near = near // otherwise they are known, but not since that day or not in that group
		}
	}
	h.found.Sort()
	return h.found, err
}

// past is a history while it is being collected.
type past struct {
	filter  sync.HistoryFilter
	company procore.CompanyID
	found   sync.History
	here    map[string]bool // runs that the folder has
	names   []string        // from the newest runs, to suggest what may have been meant
}

// nearRuns is how many of the newest runs are searched for names similar to an unknown one.
const nearRuns = 50

// of reports whether a run belongs to the history.
func (h *past) of(run sync.Run) bool {
	return run.Command != sync.CommandPlan && (h.company == "" || run.Company == "" || run.Company == h.company)
}

// take adds the changes of a run that the filter asks for.
func (h *past) take(run sync.Run, outcome sync.Outcome, changes []sync.Change) {
	for _, c := range changes {
		p := sync.PastChange{Run: run, Outcome: outcome, Change: c}
		if h.filter.Has(c) && !p.At().Before(h.filter.Since) {
			h.found.Changes = append(h.found.Changes, p)
		}
	}
}

// takeWaiting adds the invitations of a run that the filter asks for.
func (h *past) takeWaiting(run sync.Run, outcome sync.Outcome, list []sync.Waiting) {
	for _, w := range list {
		if h.filter.HasInvitation(w) && !run.StartedAt.Before(h.filter.Since) {
			h.found.Invited = append(h.found.Invited, sync.PastInvitation{Run: run, Outcome: outcome, Waiting: w})
		}
	}
}

// takeLeftOut adds those whom a rollback could not put back. Who they are is known only once all changes have been
// read. A rollback that put nobody back left nobody out either.
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

// none reports whether nothing was found. It must be called after those whom rollbacks left out have been resolved.
func (h *past) none() bool {
	h.found.LeftOut = slices.DeleteFunc(h.found.LeftOut, func(p sync.PastLeftOut) bool { return !h.filter.HasLeftOut(p.Exception, h.found.Changes) })
	return h.found.None()
}

// learn notes the names of people or projects in a run.
func (h *past) learn(changes []sync.Change) {
	for _, c := range changes {
		if h.filter.Person != "" {
			h.names = append(h.names, c.Login, c.PersonName, c.EmployeeID)
		} else {
			h.names = append(h.names, c.ProjectNumber, c.ProjectName, string(c.Project))
		}
	}
}

// history reads what the folder has.
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
			changes, _ := readChanges(filepath.Join(l.path(id), changesFile)) // unreadable files have been reported already
			h.learn(changes)
		}
	}
	return errors.Join(errs...)
}

// whichRun returns the run to which a folder belongs, reading no more of it than necessary.
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
		return nil // most of possibly thousands of runs have nothing that matches
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

// changesLike returns the changes of a run, or none if none can match the filter. For a run that has not ended they are
// those so far.
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

// readLike reads the rows of a file, or none if none can match the filter.
func readLike[T any](path string, f sync.HistoryFilter, parse func(string, io.Reader) ([]T, error)) ([]T, error) {
	text, err := os.ReadFile(path)
	if err != nil || !mayHold(text, f) {
		return nil, err
	}
	return parse(path, bytes.NewReader(text))
}

// mayHold reports whether the text of a CSV file may contain what the filter asks for. It is fast if that is ASCII,
// which has no other spellings than upper and lower case; names may also differ in spacing and, beyond ASCII, in
// encoding.
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
