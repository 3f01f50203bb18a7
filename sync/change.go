package sync

import (
	"cmp"
	"strings"
	"time"

	"procore-assignee-sync/hrsource"
	"procore-assignee-sync/procore"
)

// Action is what a change does: it adds a person to a group or removes one.
type Action string

// The actions.
const (
	Add    Action = "add"
	Remove Action = "remove"
)

// Status is what became of a change. It never says more than what happened.
type Status string

// The statuses of changes.csv.
const (
	Planned      Status = "planned"
	Applied      Status = "applied"
	Failed       Status = "failed"
	Conflict     Status = "conflict"
	Held         Status = "held"
	NotAttempted Status = "not_attempted"
)

// Change is one person who is added to or removed from one group of one preset, or was meant to be. Its fields are the
// columns of changes.csv except the ids of the run and the company, which the record holds.
type Change struct {
	Time          time.Time          `json:"time,omitzero"`
	Project       procore.ProjectID  `json:"project_id,omitempty"`
	ProjectNumber string             `json:"project_number,omitempty"`
	ProjectName   string             `json:"project_name,omitempty"`
	TemplateID    procore.TemplateID `json:"template_id"`
	TemplateName  string             `json:"template_name"`
	VersionID     procore.VersionID  `json:"version_id"`
	Preset        procore.PresetID   `json:"preset_id"`
	GroupUUID     procore.GroupUUID  `json:"group_uuid"`
	GroupName     string             `json:"group_name"`
	Action        Action             `json:"action"`
	LoginID       procore.LoginID    `json:"login_id"`
	Login         string             `json:"login,omitempty"`
	PersonName    string             `json:"person_name,omitempty"`
	EmployeeID    string             `json:"employee_id,omitempty"`
	Reason        Reason             `json:"reason"`
	HasLeft       bool               `json:"has_left,omitempty"` // only for a removal: every HR row of the person says left or ended
	Source        Positions          `json:"source,omitempty"`   // empty for someone HR does not know
	Status        Status             `json:"status"`
	HTTPStatus    int                `json:"http_status,omitempty"` // 0 if nothing was sent or there was no answer
	RequestID     string             `json:"request_id,omitempty"`
	Error         string             `json:"error,omitempty"`
}

// Ref is the preset that the change belongs to.
func (c Change) Ref() procore.PresetRef {
	return procore.PresetRef{Project: c.Project, Preset: c.Preset}
}

// CompareChanges orders changes, the same everywhere: by project, template, preset, group, action, then login.
func CompareChanges(a, b Change) int {
	return cmp.Or(
		procore.CompareIDs(a.Project, b.Project),
		strings.Compare(a.TemplateName, b.TemplateName),
		procore.CompareIDs(a.Preset, b.Preset),
		strings.Compare(a.GroupName, b.GroupName),
		strings.Compare(string(a.GroupUUID), string(b.GroupUUID)),
		strings.Compare(string(a.Action), string(b.Action)),
		strings.Compare(hrsource.FoldAddress(a.Login), hrsource.FoldAddress(b.Login)),
		procore.CompareIDs(a.LoginID, b.LoginID),
	)
}
