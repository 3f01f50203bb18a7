package check

import (
	"strings"

	"procore-assignee-sync/hrsource"
	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
)

// ProcoreFacts is what check reports about Procore.
type ProcoreFacts struct {
	Host      string                   `json:"host"`
	Company   procore.CompanyID        `json:"company_id"`
	Projects  int                      `json:"projects"`
	People    int                      `json:"people"`
	Tools     []ToolFacts              `json:"tools"`
	Templates []TemplateFacts          `json:"templates"`
	Skipped   []sync.SkippedTemplate   `json:"skipped_templates"`
	Types     []sync.GroupTypeCount    `json:"group_types"`
	Invisible []sync.InvisibleProjects `json:"invisible_projects"`
	Presets   sync.PresetsRead         `json:"presets"`

	// OtherIDs is the number of employee ids in HR if the directory has ids too and none of HR's is among them. The
	// planner then takes people whose ids differ for different people.
	OtherIDs int `json:"other_employee_ids,omitempty"`
}

// ToolFacts says how far a tool could be read.
type ToolFacts struct {
	Tool       string `json:"tool"`
	Level      string `json:"level"` // project or company
	Templates  int    `json:"templates"`
	Presets    int    `json:"presets"`
	Unreadable int    `json:"unreadable"`
}

// TemplateFacts is one live template.
type TemplateFacts struct {
	ID      procore.TemplateID `json:"id"`
	Name    string             `json:"name"`
	Tool    string             `json:"tool"`
	Version procore.VersionID  `json:"version_id"`
	Presets int                `json:"presets"`
}

// Snapshot adds what was read from Procore.
func (c *Report) Snapshot(s *sync.Snapshot) { c.Procore = newProcoreFacts(s) }

// EmployeeIDs checks whether HR and Procore's directory, which Snapshot has added, use the same employee ids.
func (c *Report) EmployeeIDs(roster *hrsource.Roster, users []procore.User) {
	directory, hr := map[string]bool{}, map[string]bool{}
	for _, u := range users {
		if id := hrsource.CleanID(u.EmployeeID); id != "" {
			directory[id] = true
		}
	}
	for i := range roster.Members {
		id := hrsource.CleanID(roster.Members[i].EmployeeID)
		switch {
		case directory[id]:
			return
		case id != "":
			hr[id] = true
		}
	}
	if len(directory) > 0 {
		c.Procore.OtherIDs = len(hr)
	}
}

func newProcoreFacts(s *sync.Snapshot) *ProcoreFacts {
	f := &ProcoreFacts{
		Host: s.Host, Company: s.Company, Projects: len(s.Projects), People: len(s.Users),
		Skipped: append([]sync.SkippedTemplate{}, s.Skipped...), Types: append([]sync.GroupTypeCount{}, s.GroupTypes...),
		Invisible: append([]sync.InvisibleProjects{}, s.Invisible...), Tools: []ToolFacts{}, Templates: []TemplateFacts{},
		Presets: s.Reading(),
	}
	for _, t := range s.Templates {
		facts := TemplateFacts{ID: t.ID, Name: t.Name, Tool: t.Tool.String(), Version: t.Published}
		for _, p := range s.Presets {
			if p.TemplateID == t.ID {
				facts.Presets++
			}
		}
		f.Templates = append(f.Templates, facts)
	}
	for _, t := range s.Tools {
		f.Tools = append(f.Tools, newToolFacts(t, s))
	}
	return f
}

func newToolFacts(t procore.Tool, s *sync.Snapshot) ToolFacts {
	f := ToolFacts{Tool: t.ToolRef.String(), Level: strings.ToLower(t.Provider)}
	for _, template := range s.Templates {
		if template.Tool == t.ToolRef {
			f.Templates++
		}
	}
	for _, p := range s.Presets {
		if p.Tool == t.ToolRef {
			f.Presets++
		}
	}
	for _, u := range s.Unreadable {
		if u.Tool == t.ToolRef || u.Possible != nil && u.Possible.Tool == t.ToolRef {
			f.Unreadable++
		}
	}
	return f
}
