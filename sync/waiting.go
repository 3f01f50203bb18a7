package sync

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"procore-assignee-sync/procore"
)

// RunningMode says what a run does about running workflows that wait for somebody who has left.
type RunningMode string

// The values of SYNC_RUNNING.
const (
	RunningOff      RunningMode = "off"
	RunningReport   RunningMode = "report"
	RunningHandover RunningMode = "handover"
)

// WaitState is what a run found out about a person for whom a running workflow waits, or what it did about it.
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

// Waiting is one person for whom one running workflow waits on its current step although the preset no longer has them:
// a row of running.csv, except the run's id. If a place was not looked at or could not be read, its row has no
// instance.
type Waiting struct {
	Instance procore.InstanceID `json:"instance_id,omitempty"`
	Item     procore.ItemID     `json:"item_id,omitempty"` // what the workflow is about

	Project       procore.ProjectID `json:"project_id,omitempty"` // empty for company-level tools
	ProjectNumber string            `json:"project_number,omitempty"`
	ProjectName   string            `json:"project_name,omitempty"`
	Tool          procore.ToolRef   `json:"tool"`

	Step     procore.StepOccurrenceID `json:"step_occurrence_id,omitempty"`
	StepName string                   `json:"step_name,omitempty"`

	Person    procore.Login `json:"person"`
	Required  bool          `json:"required"`            // the step can't end without their response
	StartedAt time.Time     `json:"started_at,omitzero"` // of the step; zero if Procore does not say
	OverdueAt time.Time     `json:"overdue_at,omitzero"` // when a response is or was due; zero if Procore does not say
	Reason    string        `json:"reason"`              // Procore's word for why somebody else is invited
	// Successors are those who were invited or would be, by login id.
	Successors []procore.Login `json:"successors,omitempty"`
	OnStep     bool            `json:"on_step"` // all successors are on the step already

	State      WaitState `json:"state"`
	HTTPStatus int       `json:"http_status,omitempty"` // of the answer to the invitation; 0 if none was sent or no answer came
	RequestID  string    `json:"request_id,omitempty"`  // of that answer
	Error      string    `json:"error,omitempty"`       // what went wrong or, if somebody is waited for, why HR can't name a successor; for people
}

// ToHandOver says what can be done if nobody would be invited in the person's place. The command is complete except for
// whom to invite, because an invitation meant for one person must not be reused for another.
func (w Waiting) ToHandOver() string {
	who := w.Person.Login
	if who == "" || strings.Trim(who, pasteable) != "" {
		who = string(w.Person.ID) // works just as well, and needs no quotes
	}
	command := "`assignee-sync handover --person " + who + " --to LOGIN`"
	if w.Error == "" {
		return "nobody else is in the groups that put them there: fill the team in HR, or invite somebody with " + command
	}
	return w.Error + ": invite somebody with " + command + ", or let a workflow manager put somebody in their place in Procore"
}

// pasteable are the characters of an address that have no meaning to a shell.
const pasteable = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_@%+:,./-"

// Overdue reports whether a response was due before now.
func (w Waiting) Overdue(now time.Time) bool { return !w.OverdueAt.IsZero() && w.OverdueAt.Before(now) }

// SortWaiting sorts by how long a person has been waited for, longest first; then by project, tool, instance and
// person.
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

// WaitCounts counts waiting people by state.
type WaitCounts struct {
	Waiting      int `json:"waiting"`
	Planned      int `json:"planned,omitempty"`
	Invited      int `json:"invited,omitempty"`
	Failed       int `json:"failed,omitempty"`
	Conflict     int `json:"conflict,omitempty"`
	NotAttempted int `json:"not_attempted,omitempty"`
	NotLooked    int `json:"not_looked,omitempty"`
	Unreadable   int `json:"unreadable,omitempty"`
}

// CountWaiting counts the rows by state; nil if the run did not look.
func CountWaiting(rows []Waiting) *WaitCounts {
	if rows == nil {
		return nil
	}
	n := &WaitCounts{}
	for _, row := range rows {
		switch row.State {
		case Waits:
			n.Waiting++
		case WaitPlanned:
			n.Planned++
		case WaitInvited:
			n.Invited++
		case WaitFailed:
			n.Failed++
		case WaitConflict:
			n.Conflict++
		case WaitNotAttempted:
			n.NotAttempted++
		case WaitNotLooked:
			n.NotLooked++
		case WaitUnreadable:
			n.Unreadable++
		}
	}
	return n
}

// WatchCounts counts the people on the watch list as the last look left it.
type WatchCounts struct {
	People int `json:"people"`
	Places int `json:"places"` // projects and tools
	Waited int `json:"waited"` // people and places for which a workflow was found waiting
}

// String returns the counts in words.
func (n WatchCounts) String() string {
	text := fmt.Sprintf("%s who %s taken off, in %s", Several(n.People, "person"), wasOrWere(n.People), Several(n.Places, "place")+" (project and tool)")
	if n.Waited == 0 {
		return text + ": no workflow waited when last looked"
	}
	return text + fmt.Sprintf(": something waited in %s when last looked", Several(n.Waited, "case"))
}

func wasOrWere(n int) string {
	if n == 1 {
		return "was"
	}
	return "were"
}
