package ledger

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strings"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
)

// Runs lists runs, newest first, each once: those of the folder and of the database, which has those of other machines
// too. One that has not finished has an empty Outcome. Runs that can't be read are left out and make up the error; the
// others are given all the same.
func (l *Ledger) Runs(ctx context.Context, f Filter) ([]sync.Summary, error) {
	list, err := l.folder.runs(f)
	databaseErr := l.onDatabase(func(d *database) error {
		more, err := d.runs(ctx, f)
		here := map[string]bool{}
		for _, s := range list {
			here[s.ID] = true
		}
		for _, s := range more {
			if !here[s.ID] {
				list = append(list, s)
			}
		}
		slices.SortStableFunc(list, func(a, b sync.Summary) int { return b.StartedAt.Compare(a.StartedAt) })
		return err
	})
	return f.cut(list), errors.Join(err, databaseErr)
}

// cut returns as many as the filter asks for.
func (f Filter) cut(list []sync.Summary) []sync.Summary {
	if f.Limit > 0 && len(list) > f.Limit {
		return list[:f.Limit]
	}
	return list
}

// Load reads one run, from the folder, else from the database. Where there is none: an error for which
// errors.Is(err, fs.ErrNotExist) holds.
func (l *Ledger) Load(ctx context.Context, runID string) (*PastRun, error) {
	past, err := l.folder.load(runID)
	if errors.Is(err, fs.ErrNotExist) && l.database != nil {
		return l.database.load(ctx, runID)
	}
	return past, err
}

// Baseline is what a run of the company and host that reads this HR source compares itself with: the newer of what the
// folder and the database remember.
func (l *Ledger) Baseline(ctx context.Context, company procore.CompanyID, host, sourceKey string) (sync.Baseline, error) {
	base, err := l.folder.baseline(company, host, sourceKey)
	if err != nil {
		return base, fmt.Errorf("read the last passed run: %w", err)
	}
	err = l.onDatabase(func(d *database) error {
		there, err := d.baseline(ctx, company, host, sourceKey, l.now())
		base = sync.Baseline{Last: newer(base.Last, there.Last), SameSource: newer(base.SameSource, there.SameSource)}
		return err
	})
	if err != nil {
		return base, fmt.Errorf("read the last passed run from the ledger database: %w", err)
	}
	return base, nil
}

func newer(a, b *sync.PassedRun) *sync.PassedRun {
	if a == nil || b != nil && b.StartedAt.After(a.StartedAt) {
		return b
	}
	return a
}

// Last names the last run instead of an id.
const Last = "last"

// ShortID returns the last six characters of a run's id, by which it can be named too.
func ShortID(id string) string { return id[strings.LastIndexByte(id, '-')+1:] }

var lastSix = regexp.MustCompile(`^[0-9a-f]{6}$`)

// UnknownRunError says that no run has such a name, or more than one.
type UnknownRunError struct {
	Name  string
	Found []string // the ids that it may mean
}

// Error says so, and what to do.
func (e *UnknownRunError) Error() string {
	if len(e.Found) > 0 {
		return fmt.Sprintf("%s may be run %s: give the whole id", e.Name, strings.Join(e.Found, " or "))
	}
	if e.Name == Last {
		return "there is no run yet"
	}
	if lastSix.MatchString(e.Name) || sync.IsRunID(e.Name) {
		return fmt.Sprintf("there is no run %s: `assignee-sync runs` lists those there are", e.Name)
	}
	return fmt.Sprintf("%q is no run: name it by its id, such as 20261123T020000Z-3f9a1c, by its last six characters, or by "+
		"`last`; `assignee-sync runs` lists them", e.Name)
}

// ExitCode is that of wrong usage.
func (e *UnknownRunError) ExitCode() int { return sync.ExitUsage }

// CheckName reports whether a run could have such a name, without looking for one: nil, or an *UnknownRunError.
func CheckName(name string) error {
	if name != Last && !sync.IsRunID(name) && !lastSix.MatchString(name) {
		return &UnknownRunError{Name: name}
	}
	return nil
}

// Find returns the id of the run that is named by its id, by its last six characters, or by Last: the last of those that
// the filter lets through and that have begun by now. An id is given back whether or not there is such a run. With wrote,
// Last is the last run that wrote to Procore, or may have.
func (l *Ledger) Find(ctx context.Context, name string, f Filter, wrote bool) (string, error) {
	if err := CheckName(name); err != nil || sync.IsRunID(name) {
		return name, err
	}
	list, err := l.Runs(ctx, f)
	var found []string
	for _, s := range list {
		switch {
		case name != Last && strings.HasSuffix(s.ID, "-"+name):
			found = append(found, s.ID)
		case name != Last, s.StartedAt.After(l.now()): // under a clock that was ahead
		case !wrote || mayHaveWritten(s):
			return s.ID, nil
		}
	}
	switch {
	case len(found) == 1:
		return found[0], nil
	case name == Last && len(list) > 0 && err == nil:
		return "", &NothingWrittenError{}
	}
	return "", errors.Join(&UnknownRunError{name, found}, err)
}

// mayHaveWritten reports whether a run wrote to Procore, or may have: one that was killed, or that failed where the answer was
// lost. A hand-over or an answer that went out counts, though it can't be undone: an earlier run must not be taken for the
// last in its place.
func mayHaveWritten(s sync.Summary) bool {
	open := s.Outcome == "" || s.Outcome == sync.Interrupted
	switch s.Command {
	case sync.CommandApply, sync.CommandRollback:
		return open || s.Results.PresetsWritten > 0 || s.Results.Failed > 0
	case sync.CommandHandover:
		return open || s.Running != nil && s.Running.Invited+s.Running.Failed > 0
	case sync.CommandRespond:
		return open || slices.ContainsFunc(s.Responses, func(r sync.Response) bool { return r.Status == sync.Applied || r.Status == sync.Failed })
	default:
		return false
	}
}

// NothingWrittenError says that there are runs, but none that wrote presets.
type NothingWrittenError struct{}

func (*NothingWrittenError) Error() string {
	return "no run has written presets yet, so there is nothing to put back: `assignee-sync runs` lists what was done"
}

// ExitCode is that of wrong usage.
func (*NothingWrittenError) ExitCode() int { return sync.ExitUsage }
