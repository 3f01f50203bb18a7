package sync

import (
	"slices"
	"strings"
	"time"

	"procore-assignee-sync/hrsource"
)

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

// HistoryFilter says whose history is asked for: of one person, or of one project and perhaps one group in it.
type HistoryFilter struct {
	Person  string    // e-mail address
	Project string    // id or number
	Group   string    // name; empty: every group
	Since   time.Time // zero: from the beginning
}

// Has reports whether a change is part of the history.
func (f HistoryFilter) Has(c Change) bool {
	if f.Person != "" && hrsource.FoldAddress(c.Login) != hrsource.FoldAddress(f.Person) {
		return false
	}
	project := FoldNumber(f.Project)
	if project != "" && project != FoldNumber(string(c.Project)) && project != FoldNumber(c.ProjectNumber) {
		return false
	}
	return f.Group == "" || FoldName(f.Group) == FoldName(c.GroupName)
}

// SortHistory puts a history into the order in which it happened.
func SortHistory(list []PastChange) {
	slices.SortStableFunc(list, func(a, b PastChange) int {
		if c := a.At().Compare(b.At()); c != 0 {
			return c
		}
		if c := strings.Compare(a.Run.ID, b.Run.ID); c != 0 {
			return c
		}
		return CompareChanges(a.Change, b.Change)
	})
}
