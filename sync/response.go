package sync

import "procore-assignee-sync/procore"

// Response is one answer that a run gave, or was to give, on a running workflow as the credentials' own user.
type Response struct {
	Instance   procore.InstanceID       `json:"instance_id"`
	Project    procore.ProjectID        `json:"project_id,omitempty"` // empty for company-level tools
	Step       procore.StepOccurrenceID `json:"step_occurrence_id,omitempty"`
	StepName   string                   `json:"step_name,omitempty"`
	Option     procore.ResponseOption   `json:"option"`
	Comment    string                   `json:"comment,omitempty"`
	Source     Positions                `json:"source,omitempty"` // the row of a file; nil if it was typed
	Status     Status                   `json:"status"`
	HTTPStatus int                      `json:"http_status,omitempty"`
	RequestID  string                   `json:"request_id,omitempty"`
	Error      string                   `json:"error,omitempty"`
}
