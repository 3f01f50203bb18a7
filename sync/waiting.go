package sync

import (
	"cmp"
	"slices"
	"time"

	"procore-assignee-sync/procore"
)

// WaitState is what a run found of somebody for whom a running workflow waits, or what it did about it.
type WaitState string

// The states of running.csv.
const (
	Waits            WaitState = "waiting"
	WaitPlanned      WaitState = "planned"
	WaitInvited      WaitState = "invited"
	WaitFailed       WaitState = "failed"
	WaitConflict     WaitState = "conflict"
	WaitNotAttempted WaitState = "not_attempted"
	WaitNotLooked    WaitState = "not_looked"
	WaitUnreadable   WaitState = "unreadable"
)

// Waiting is one person for whom one running workflow waits on its current step, though the preset has them no more: a
// row of running.csv, but for the run's id. What was not looked at, or could not be read, has no instance.
type Waiting struct {
	Instance procore.InstanceID
	Item     procore.ItemID // what the workflow runs on

	Project       procore.ProjectID // empty for company-level tools
	ProjectNumber string
	ProjectName   string
	Tool          procore.ToolRef

	Step     procore.StepOccurrenceID
	StepName string

	Person    procore.Login
	Required  bool      // the step can't end without their response
	StartedAt time.Time // the step's; zero where Procore does not say
	OverdueAt time.Time // when a response is or was due; zero where Procore does not say
	Reason    string    // Procore's word for why somebody else is invited
	// Successors are those who would be invited, or were, by login id.
	Successors []procore.Login
	OnStep     bool // all successors are on the step already

	State      WaitState
	HTTPStatus int    // of the invitation's answer; 0: none was sent, or no answer came
	RequestID  string // of that answer
	Error      string // what went wrong, for a person
}

// Overdue reports whether a response was due before now.
func (w Waiting) Overdue(now time.Time) bool { return !w.OverdueAt.IsZero() && w.OverdueAt.Before(now) }

// SortWaiting puts what waits longest first; of the same age by project, tool, instance and person.
func SortWaiting(list []Waiting) {
	slices.SortFunc(list, func(a, b Waiting) int {
		return cmp.Or(
			a.StartedAt.Compare(b.StartedAt),
			procore.CompareIDs(a.Project, b.Project),
			cmp.Compare(a.Tool.String(), b.Tool.String()),
			procore.CompareIDs(a.Instance, b.Instance),
			procore.CompareIDs(a.Person.ID, b.Person.ID),
			cmp.Compare(a.State, b.State),
		)
	})
}
