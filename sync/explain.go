package sync

import (
	"io"

	"procore-assignee-sync/procore"
)

// Explanation is why someone is or is not an assignee.
type Explanation struct{}

// ExplainPerson follows one person from the HR rows to the groups.
func ExplainPerson(in Inputs, email string) (*Explanation, error) { return &Explanation{}, nil }

// ExplainProject follows everyone in the managed groups of one project (an id or a number), or of one group there.
func ExplainProject(in Inputs, project, group string) (*Explanation, error) {
	return &Explanation{}, nil
}

// Render writes the explanation as text.
func (e *Explanation) Render(w io.Writer) error { return nil }

// CoverageReport says group by group who fills it.
type CoverageReport struct {
	Groups []GroupCoverage  `json:"groups"`
	Types  []GroupTypeCount `json:"group_types"`
}

// GroupCoverage is one group of one template's published version.
type GroupCoverage struct {
	TemplateID   procore.TemplateID `json:"template_id"`
	TemplateName string             `json:"template_name"`
	VersionID    procore.VersionID  `json:"version_id"`
	GroupUUID    procore.GroupUUID  `json:"group_uuid"`
	GroupName    string             `json:"group_name"`
	Type         string             `json:"type"`
	Managed      bool               `json:"managed"`
	Rules        []string           `json:"rules"` // where each stands: role-map.csv:3
	People       int                `json:"people"`
	Why          string             `json:"why,omitempty"` // why it is not managed
}

// Coverage says group by group which rule manages it and how many people that gives.
func Coverage(in Inputs) *CoverageReport { return &CoverageReport{} }
