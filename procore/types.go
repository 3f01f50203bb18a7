package procore

import (
	"encoding/json"
	"slices"
)

// Project is an active project as the v1.1 list gives it.
type Project struct {
	ID     ProjectID
	Name   string
	Number string // project_number; may be empty
	Active bool
	Demo   bool

	CompanyName string // may be empty
}

// User is a person of the company directory, active or not.
type User struct {
	ID         LoginID
	Email      string // contact address; can differ from the login
	EmployeeID string // text: leading zeros matter; may be empty
	Name       string
	Active     bool
}

// The values of a tool's Provider.
const (
	ProviderProject = "Project"
	ProviderCompany = "Company"
)

// Tool is a Procore tool that can run workflows. Provider decides whether the project's or the company's paths are
// used.
type Tool struct {
	ToolRef
	Provider string
}

// ToolRef identifies a tool: its type and, for correspondence, the subtype (text here, as Procore may send a number).
type ToolRef struct {
	Type    string `json:"type"`
	Subtype string `json:"subtype,omitempty"`
}

// String returns the tool's type and, if it has one, its subtype, for people.
func (t ToolRef) String() string {
	if t.Subtype == "" {
		return t.Type
	}
	return t.Type + " " + t.Subtype
}

// ProviderOf returns a tool's provider, by type and subtype or else by type alone, since the list of tools need not
// repeat every subtype. known reports whether the list has such a tool.
func ProviderOf(tools []Tool, ref ToolRef) (provider string, known bool) {
	for _, t := range tools {
		if t.ToolRef == ref {
			return t.Provider, true
		}
		if t.Type == ref.Type {
			provider = t.Provider
		}
	}
	return provider, provider != ""
}

// Template is a workflow template: a container of versions.
type Template struct {
	ID               TemplateID
	Name             string
	Tool             ToolRef
	Archived         bool
	AssignedProjects int       // how many projects use it, visible to the service account or not; AssignedUnknown if Procore does not say
	Published        VersionID // the latest published version; empty if there is none
}

// AssignedUnknown is the value of Template.AssignedProjects if Procore left the count out.
const AssignedUnknown = -1

// TypeResponsibleRole is the only type of group that people fill; compare without regard to case.
const TypeResponsibleRole = "responsible_role"

// ResponsibleGroup is a slot for people in a version.
type ResponsibleGroup struct {
	UUID GroupUUID `json:"uuid"`
	Name string    `json:"name"`
	Type string    `json:"type"`
}

// TemplateVersion is one published configuration of a template; it never changes.
type TemplateVersion struct {
	ID     VersionID          `json:"id"`
	Groups []ResponsibleGroup `json:"responsible_groups"`
	Steps  VersionSteps       `json:"steps,omitempty"` // empty if Procore does not give them in a known form
}

// VersionStep is one step of a version and the groups that fill it.
type VersionStep struct {
	UUID   string      `json:"uuid"`
	Name   string      `json:"name,omitempty"`
	Groups []StepGroup `json:"responsible_groups,omitempty"`
}

// StepGroup is a group that fills a step. ResponsesRequired is Procore's word: one or all.
type StepGroup struct {
	UUID              GroupUUID `json:"uuid"`
	ResponsesRequired string    `json:"responses_required,omitempty"`
}

// VersionSteps are the steps of a version.
type VersionSteps []VersionStep

// UnmarshalJSON treats steps in an unknown form as none, since presets can be read and written without them.
func (s *VersionSteps) UnmarshalJSON(b []byte) error {
	var steps []VersionStep
	if json.Unmarshal(b, &steps) != nil {
		steps = nil
	}
	*s = steps
	return nil
}

// Step returns the step with that uuid, and whether there is one.
func (v TemplateVersion) Step(uuid string) (VersionStep, bool) {
	at := slices.IndexFunc(v.Steps, func(s VersionStep) bool { return s.UUID == uuid })
	if uuid == "" || at < 0 {
		return VersionStep{}, false
	}
	return v.Steps[at], true
}

// Login is a person as workflows know them. Login (the e-mail) and Name may be empty if Procore did not give them.
type Login struct {
	ID    LoginID `json:"id"`
	Login string  `json:"login,omitempty"`
	Name  string  `json:"name,omitempty"`
}

// PresetRef identifies a preset. Project is empty for presets of company-level tools.
type PresetRef struct {
	Project ProjectID `json:"project_id,omitempty"`
	Preset  PresetID  `json:"preset_id"`
}

// AssigneeScope is the project and tool for which possible assignees are listed.
type AssigneeScope struct {
	Project ProjectID
	Tool    ToolRef
}

// PresetTemplate is the template that a preset configures.
type PresetTemplate struct {
	ID        TemplateID
	Name      string    // only given by the list
	Published VersionID // last_published_version_id: the version whose groups the preset holds
}

// PresetSummary is a preset as the list gives it.
type PresetSummary struct {
	ID       PresetID
	Valid    bool
	Template PresetTemplate
}

// Membership is one group of a preset with its people, in Procore's order.
type Membership struct {
	Group     GroupUUID `json:"group"`
	Assignees []Login   `json:"assignees"`
}

// IndividualAssignees are people assigned directly to a step. They are read for checking and never written.
type IndividualAssignees struct {
	Step   string
	Logins []StepLogin
}

// StepLogin is a person on a step.
type StepLogin struct {
	ID       LoginID
	Required bool
	RoleType string
}

// Preset is a preset with its people.
type Preset struct {
	ID          PresetID
	Valid       bool
	Template    PresetTemplate
	Manager     LoginID // empty if there is none
	Memberships []Membership
	Individual  []IndividualAssignees
}

// GroupWrite is one group in the assignees PATCH.
type GroupWrite struct {
	UUID     GroupUUID `json:"uuid"`
	LoginIDs []LoginID `json:"login_ids"`
}

// AssigneesResult is the answer to the assignees PATCH. Memberships is nil if the answer does not mention groups, and
// empty if it says that there are none.
type AssigneesResult struct {
	Memberships []GroupWrite
	HTTPStatus  int
	RequestID   string // X-Request-Id
}
