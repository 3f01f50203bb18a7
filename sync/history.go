package sync

import (
	"slices"
	"strings"
	"time"

	"procore-assignee-sync/hrsource"
	"procore-assignee-sync/procore"
)

// History is what happened to somebody, or in a project, over all runs that were no dry runs, and where that was looked for.
type History struct {
	Changes []PastChange     // in the order in which they happened
	Invited []PastInvitation // to running workflows, likewise
	LeftOut []PastLeftOut    // whom rollbacks could not put back, likewise
	Looked  Looked
	Near    []string // where there is nothing: names, logins or projects like the one that was asked for
}

// None reports whether nothing is known.
func (h *History) None() bool { return len(h.Changes)+len(h.Invited)+len(h.LeftOut) == 0 }

// Sort puts all of it into the order in which it happened.
func (h *History) Sort() {
	slices.SortStableFunc(h.Changes, func(a, b PastChange) int {
		if c := a.At().Compare(b.At()); c != 0 {
			return c
		}
		if c := strings.Compare(a.Run.ID, b.Run.ID); c != 0 {
			return c
		}
		return CompareChanges(a.Change, b.Change)
	})
	slices.SortStableFunc(h.Invited, func(a, b PastInvitation) int { return compareRuns(a.Run, b.Run) })
	slices.SortStableFunc(h.LeftOut, func(a, b PastLeftOut) int { return compareRuns(a.Run, b.Run) })
}

func compareRuns(a, b Run) int {
	if c := a.StartedAt.Compare(b.StartedAt); c != 0 {
		return c
	}
	return strings.Compare(a.ID, b.ID)
}

// PastChange is a change of a past run that was no dry run.
type PastChange struct {
	Run     Run
	Outcome Outcome // of the run; empty as long as it has not ended
	Change  Change
}

// At is when it happened or, of what never came to it, when its run began.
func (p PastChange) At() time.Time {
	if p.Change.Time.IsZero() {
		return p.Run.StartedAt
	}
	return p.Change.Time
}

// PastInvitation is an invitation to a running workflow that went out, or failed: a row of running.csv.
type PastInvitation struct {
	Run     Run
	Outcome Outcome
	Waiting Waiting
}

// PastLeftOut is somebody whom a rollback found in a group and could not put back into it.
type PastLeftOut struct {
	Run       Run
	Outcome   Outcome
	Exception Exception
}

// Looked says where a history was looked for.
type Looked struct {
	Place string // the ledger's folder, and its database where there is one
	// Runs is how many runs there are that were no dry runs, the first of which began at First.
	Runs  int
	First time.Time
}

// Add counts a run.
func (l *Looked) Add(run Run) {
	l.Runs++
	if l.First.IsZero() || run.StartedAt.Before(l.First) {
		l.First = run.StartedAt
	}
}

// HistoryFilter says whose history is asked for: of one person, or of one project and perhaps one group in it.
type HistoryFilter struct {
	Person  string    // e-mail address; without an @, whole: a name, employee id or login id
	Project string    // id or number
	Group   string    // name; empty: every group
	Since   time.Time // zero: from the beginning
}

// ByAddress reports whether a person is asked for by e-mail address.
func (f HistoryFilter) ByAddress() bool { return strings.Contains(f.Person, "@") }

// Has reports whether a change is part of the history.
func (f HistoryFilter) Has(c Change) bool {
	return f.is(c.LoginID, c.Login, c.PersonName, c.EmployeeID) && f.on(c.Project, c.ProjectNumber) &&
		(f.Group == "" || FoldName(f.Group) == FoldName(c.GroupName))
}

// is reports whether the filter means a person; it means anybody where none is asked for.
func (f HistoryFilter) is(id procore.LoginID, login, name, employee string) bool {
	switch asked := strings.TrimSpace(f.Person); {
	case asked == "", hrsource.FoldAddress(login) == hrsource.FoldAddress(asked):
		return true
	case f.ByAddress():
		return false
	case string(id) == asked, strings.EqualFold(strings.TrimSpace(employee), asked):
		return true
	default:
		folded := FoldName(asked)
		return folded != "" && folded == FoldName(name)
	}
}

// on reports whether the filter means a project; it means any where none is asked for.
func (f HistoryFilter) on(id procore.ProjectID, number string) bool {
	asked := FoldNumber(f.Project)
	return asked == "" || asked == FoldNumber(string(id)) || asked == FoldNumber(number)
}

// HasInvitation reports whether an invitation is part of the history: of those who were invited, of the one in whose place,
// or of the project. One to a step is of no group.
func (f HistoryFilter) HasInvitation(w Waiting) bool {
	sent := w.State == WaitInvited || w.State == WaitFailed
	return sent && f.Group == "" && f.on(w.Project, w.ProjectNumber) &&
		(f.HasPerson(w.Person) || slices.ContainsFunc(w.Successors, f.HasPerson))
}

// HasPerson reports whether the history is of a person.
func (f HistoryFilter) HasPerson(who procore.Login) bool {
	return f.is(who.ID, who.Login, who.Name, "")
}

// HasLeftOut reports whether somebody whom a rollback left out is part of the history. What it knows of people and projects is
// little, so that the history's changes say who and which they are.
func (f HistoryFilter) HasLeftOut(e Exception, changes []PastChange) bool {
	if e.Kind != NotAssignable && e.Kind != HeldSeparation || f.Group != "" && FoldName(f.Group) != FoldName(e.GroupName) {
		return false
	}
	same := func(p PastChange) bool {
		person := e.Subject == p.Change.Login || e.Subject == p.Change.PersonName
		return (f.Person == "" || person) && (f.Project == "" || e.Project == p.Change.Project)
	}
	return f.is("", e.Subject, e.Subject, "") && f.on(e.Project, "") || slices.ContainsFunc(changes, same)
}
