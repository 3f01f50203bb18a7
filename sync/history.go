package sync

import (
	"slices"
	"strings"
	"time"

	"procore-assignee-sync/hrsource"
	"procore-assignee-sync/procore"
)

// History is what happened to a person or in a project over all runs except dry runs, and where it was looked for.
type History struct {
	Changes []PastChange     // in the order in which they happened
	Invited []PastInvitation // to running workflows, likewise
	LeftOut []PastLeftOut    // whom rollbacks could not put back, likewise
	Looked  Looked
	Near    []string // if nothing was found: names, logins or projects similar to what was asked for
}

// None reports whether nothing is known.
func (h *History) None() bool { return len(h.Changes)+len(h.Invited)+len(h.LeftOut) == 0 }

// Sort sorts everything in the order in which it happened.
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

// PastChange is a change of a past run. Dry runs have none.
type PastChange struct {
	Run     Run
	Outcome Outcome // of the run; empty until it has ended
	Change  Change
}

// At returns when the change happened or, if it never did, when its run began.
func (p PastChange) At() time.Time {
	if p.Change.Time.IsZero() {
		return p.Run.StartedAt
	}
	return p.Change.Time
}

// PastInvitation is an invitation to a running workflow that was sent or failed: a row of running.csv.
type PastInvitation struct {
	Run     Run
	Outcome Outcome
	Waiting Waiting
}

// PastLeftOut is a person whom a rollback should have put back into a group but could not.
type PastLeftOut struct {
	Run       Run
	Outcome   Outcome
	Exception Exception
}

// Looked says where a history was looked for.
type Looked struct {
	Place string // the ledger's folder, and its database if there is one
	// Runs is the number of runs that were not dry runs; the first of them began at First.
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

// HistoryFilter says whose history is wanted: that of one person, or of one project and perhaps one group in it.
type HistoryFilter struct {
	Person  string    // an e-mail address or, without an @, a complete name, employee id or login id
	Project string    // id or number
	Group   string    // name; empty means every group
	Since   time.Time // zero means from the beginning
}

// ByAddress reports whether the person is given by e-mail address.
func (f HistoryFilter) ByAddress() bool { return strings.Contains(f.Person, "@") }

// Has reports whether a change belongs to the history.
func (f HistoryFilter) Has(c Change) bool {
	return f.is(c.LoginID, c.Login, c.PersonName, c.EmployeeID) && f.on(c.Project, c.ProjectNumber) &&
		(f.Group == "" || FoldName(f.Group) == FoldName(c.GroupName))
}

// is reports whether the filter means this person. If it gives none, it means everybody.
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

// on reports whether the filter means this project. If it gives none, it means every project.
func (f HistoryFilter) on(id procore.ProjectID, number string) bool {
	asked := FoldNumber(f.Project)
	return asked == "" || asked == FoldNumber(string(id)) || asked == FoldNumber(number)
}

// HasInvitation reports whether an invitation belongs to the history of the people invited, of the person they replace,
// or of the project. An invitation to a step belongs to no group.
func (f HistoryFilter) HasInvitation(w Waiting) bool {
	sent := w.State == WaitInvited || w.State == WaitFailed
	return sent && f.Group == "" && f.on(w.Project, w.ProjectNumber) &&
		(f.HasPerson(w.Person) || slices.ContainsFunc(w.Successors, f.HasPerson))
}

// HasPerson reports whether the filter asks for this person.
func (f HistoryFilter) HasPerson(who procore.Login) bool {
	return f.is(who.ID, who.Login, who.Name, "")
}

// HasLeftOut reports whether somebody whom a rollback left out belongs to the history. Such an exception says little
// about people and projects, so the history's changes are used to identify them.
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
