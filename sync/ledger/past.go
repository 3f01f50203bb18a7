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

// Runs returns runs, newest first, each once: those of the folder and of the database, which also has those of other
// machines. A run that has not finished has an empty Outcome. Runs that can't be read are left out and reported in the
// error; the others are returned all the same.
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

// cut returns at most as many as the filter asks for.
func (f Filter) cut(list []sync.Summary) []sync.Summary {
	if f.Limit > 0 && len(list) > f.Limit {
		return list[:f.Limit]
	}
	return list
}

// Load reads one run from the folder, or else from the database. If there is none, errors.Is(err, fs.ErrNotExist)
// holds.
func (l *Ledger) Load(ctx context.Context, runID string) (*PastRun, error) {
	past, err := l.folder.load(runID)
	if errors.Is(err, fs.ErrNotExist) && l.database != nil {
		return l.database.load(ctx, runID)
	}
	return past, err
}

// Baseline returns what a run of the company and host that reads this HR source compares itself with: the newer of what
// the folder and the database have.
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

// Last names the last run, in place of an id.
const Last = "last"

// ShortID returns the last six characters of a run's id, by which the run can be named too.
func ShortID(id string) string { return id[strings.LastIndexByte(id, '-')+1:] }

var lastSix = regexp.MustCompile(`^[0-9a-f]{6}$`)

// UnknownRunError says that a name means no run, or more than one.
type UnknownRunError struct {
	Name  string
	Found []string // the ids that it may mean
}

// Error says what is wrong with the name and what to do.
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
	return fmt.Sprintf("%q is not a run: name it by its id, such as 20261123T020000Z-3f9a1c, by its last six characters, or by "+
		"`last`; `assignee-sync runs` lists them", e.Name)
}

// ExitCode returns sync.ExitUsage.
func (e *UnknownRunError) ExitCode() int { return sync.ExitUsage }

// CheckName returns an *UnknownRunError if no run could have this name. It does not look for one.
func CheckName(name string) error {
	if name != Last && !sync.IsRunID(name) && !lastSix.MatchString(name) {
		return &UnknownRunError{Name: name}
	}
	return nil
}

// Find returns the id of the run named by its id, by the id's last six characters, or by Last: the last run that the
// filter lets through and that has begun by now. An id is returned whether or not there is such a run. With wrote, Last
// means the last run that wrote to Procore or may have.
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
		case name != Last, s.StartedAt.After(l.now()): // its clock was ahead
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

// mayHaveWritten reports whether a run wrote to Procore or may have: it may have been killed, or failed when an answer
// was lost. A hand-over or a response that was sent counts, although it can't be undone, so that no earlier run is
// taken for the last one.
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

// ExitCode returns sync.ExitUsage.
func (*NothingWrittenError) ExitCode() int { return sync.ExitUsage }
