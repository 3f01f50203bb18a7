package procore

import "time"

// InstanceRef identifies a running workflow. Project is empty for workflows of company-level tools.
type InstanceRef struct {
	Project  ProjectID  `json:"project_id,omitempty"`
	Instance InstanceID `json:"instance_id"`
}

// InstanceFilter narrows a list of running workflows. What Procore's filters return is only a hint: rely only on what
// Instance reads.
type InstanceFilter struct {
	Assignee LoginID // whose turn it is; empty means anybody's
	Active   bool    // only those that have not ended
}

// InstanceSummary is a workflow, running or ended, as the list gives it. It names no people.
type InstanceSummary struct {
	ID        InstanceID
	Item      ItemID // what the workflow is about
	Tool      ToolRef
	StartedAt time.Time // zero, like every time here, if Procore gives none or none that can be read
	Ended     bool      // Procore gives an end, whether or not it can be parsed
}

// Instance is a running workflow with its current step and its people.
type Instance struct {
	InstanceSummary
	Version VersionID       // the version that it follows
	Step    *StepOccurrence // nil if no step is current: the workflow has ended, or Procore is moving it on

	// Memberships are the instance's own copy of its preset's memberships; nil if the answer does not include them.
	Memberships []InstanceMembership
}

// InstanceMembership is one group of a running workflow with its people.
type InstanceMembership struct {
	Group     GroupUUID
	Name      string // empty if Procore leaves it out; the version has it then
	Assignees []Login
}

// StepOccurrence is one pass of a running workflow through a step.
type StepOccurrence struct {
	ID        StepOccurrenceID
	StepUUID  string // the step of the version; may be empty
	Name      string // may be empty
	StartedAt time.Time
	OverdueAt time.Time        // when a response is due
	Options   []ResponseOption // the possible answers
	Responses []ResponseOccurrence
}

// ResponseOption is one answer that a step offers. Names are the company's own and differ from step to step.
type ResponseOption struct {
	ID           ResponseOptionID `json:"id"`
	Name         string           `json:"name"`
	ResponseType string           `json:"response_type"` // the meaning of the option, such as approve
}

// ResponseOccurrence is one person's place on a step and, once submitted, their answer.
type ResponseOccurrence struct {
	Assignee  Login           // empty where Procore names nobody
	Required  bool            // must respond before the step ends
	Submitted bool            // has responded
	Selected  *ResponseOption // nil until submitted
	Comment   string
}

// Response returns the person's occurrence on the step, and whether there is one. If there are several, an open one
// takes precedence.
func (s StepOccurrence) Response(login LoginID) (ResponseOccurrence, bool) {
	found, ok := ResponseOccurrence{}, false
	for _, r := range s.Responses {
		if r.Assignee.ID == login && login != "" && (!ok || !r.Submitted) {
			found, ok = r, true
		}
	}
	return found, ok
}

// The reasons for inviting somebody to a running workflow that Procore knows.
const (
	ReasonNewEmployee     = "new_employee"
	ReasonLeftCompany     = "original_assignee_left_company"
	ReasonLeftProject     = "original_assignee_left_the_project"
	ReasonOnExtendedLeave = "original_assignee_on_extended_leave"
	ReasonOnVacation      = "original_assignee_on_vacation"
	ReasonOther           = "other"
)

// RoleResponder and RoleCommenter are the roles that a person can have on a step.
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

// Response is an answer to the current step of a running workflow as the token's own user.
type Response struct {
	Step    StepOccurrenceID
	Option  ResponseOptionID
	Comment string // may be empty
	// IdempotencyToken identifies this response, so that it counts once even if it is sent twice; if empty, no token is
	// sent.
	IdempotencyToken string
}

// InstanceResult is the answer to a write to a running workflow.
type InstanceResult struct {
	Instance   *Instance // nil if the answer does not show it
	HTTPStatus int
	RequestID  string // X-Request-Id
}
