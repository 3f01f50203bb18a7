package procore

import "time"

// InstanceRef is where a running workflow lives. Project is empty for workflows of company-level tools.
type InstanceRef struct {
	Project  ProjectID  `json:"project_id,omitempty"`
	Instance InstanceID `json:"instance_id"`
}

// InstanceFilter narrows a list of running workflows. Procore's filters are a hint to it: only what Instance reads is
// known.
type InstanceFilter struct {
	Assignee LoginID // whose turn it is; empty: anybody's
	Active   bool    // only those that have not ended
}

// InstanceSummary is a running workflow, or one that has ended, as the list gives it. It names nobody.
type InstanceSummary struct {
	ID        InstanceID
	Item      ItemID // what it runs on
	Tool      ToolRef
	StartedAt time.Time // zero, like every time here, where Procore gives none that can be read
	Ended     bool      // Procore gives an end, whether or not it can be read
}

// Instance is a running workflow with its current step and its people.
type Instance struct {
	InstanceSummary
	Version VersionID       // the version that it runs through
	Step    *StepOccurrence // nil where no step is current: it has ended, or Procore is moving it on

	// Memberships are the instance's own copy of its preset's; nil where the answer does not say.
	Memberships []InstanceMembership
}

// InstanceMembership is one group of a running workflow with its people.
type InstanceMembership struct {
	Group     GroupUUID
	Name      string // empty where Procore leaves it out: then the version has it
	Assignees []Login
}

// StepOccurrence is one passage of a running workflow through a step.
type StepOccurrence struct {
	ID        StepOccurrenceID
	StepUUID  string // the step of the version; may be empty
	Name      string // may be empty
	StartedAt time.Time
	OverdueAt time.Time        // when a response is due
	Options   []ResponseOption // what may be answered
	Responses []ResponseOccurrence
}

// ResponseOption is one answer that a step offers. Names are the company's own and differ from step to step.
type ResponseOption struct {
	ID           ResponseOptionID `json:"id"`
	Name         string           `json:"name"`
	ResponseType string           `json:"response_type"` // the kind behind the name, such as approve
}

// ResponseOccurrence is one person's place on a step and, once submitted, their answer.
type ResponseOccurrence struct {
	Assignee  Login           // empty where Procore names nobody
	Required  bool            // has to respond before the step ends
	Submitted bool            // has responded
	Selected  *ResponseOption // nil until submitted
	Comment   string
}

// Response returns the occurrence of that person on the step, and whether there is one. Of several, an open one counts.
func (s StepOccurrence) Response(login LoginID) (ResponseOccurrence, bool) {
	found, ok := ResponseOccurrence{}, false
	for _, r := range s.Responses {
		if r.Assignee.ID == login && login != "" && (!ok || !r.Submitted) {
			found, ok = r, true
		}
	}
	return found, ok
}

// Why somebody is invited to a running workflow: the reasons that Procore knows.
const (
	ReasonNewEmployee     = "new_employee"
	ReasonLeftCompany     = "original_assignee_left_company"
	ReasonLeftProject     = "original_assignee_left_the_project"
	ReasonOnExtendedLeave = "original_assignee_on_extended_leave"
	ReasonOnVacation      = "original_assignee_on_vacation"
	ReasonOther           = "other"
)

// RoleResponder and RoleCommenter are what somebody may be on a step.
const (
	RoleResponder = "responder"
	RoleCommenter = "commenter"
)

// Invitation asks for more people on one step of a running workflow.
type Invitation struct {
	Step     StepOccurrenceID
	Logins   []LoginID
	Required bool   // whether the step waits for their responses
	Reason   string // one of the Reason constants
	Comment  string // for workflow managers and admins; may be empty
}

// Response answers the current step of a running workflow as the token's own user.
type Response struct {
	Step    StepOccurrenceID
	Option  ResponseOptionID
	Comment string // may be empty
	// IdempotencyToken marks this response, so that the same request sent twice counts once; empty: no mark is sent.
	IdempotencyToken string
}

// InstanceResult is what a write to a running workflow answered.
type InstanceResult struct {
	Instance   *Instance // nil where the answer does not show it
	HTTPStatus int
	RequestID  string // X-Request-Id
}
