package main

import (
	"strings"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
)

// procoreFacts is what check tells of Procore.
type procoreFacts struct {
	Host      string                   `json:"host"`
	Company   procore.CompanyID        `json:"company_id"`
	Projects  int                      `json:"projects"`
	People    int                      `json:"people"`
	Tools     []toolFacts              `json:"tools"`
	Templates []templateFacts          `json:"templates"`
	Skipped   []sync.SkippedTemplate   `json:"skipped_templates"`
	Types     []sync.GroupTypeCount    `json:"group_types"`
	Invisible []sync.InvisibleProjects `json:"invisible_projects"`
}

// toolFacts says how far a tool could be read.
type toolFacts struct {
	Tool       string `json:"tool"`
	Level      string `json:"level"` // project or company
	Templates  int    `json:"templates"`
	Presets    int    `json:"presets"`
	Unreadable int    `json:"unreadable"`
}

// templateFacts is one live template.
type templateFacts struct {
	ID      procore.TemplateID `json:"id"`
	Name    string             `json:"name"`
	Tool    string             `json:"tool"`
	Version procore.VersionID  `json:"version_id"`
	Presets int                `json:"presets"`
}

func newProcoreFacts(s *sync.Snapshot) *procoreFacts {
	f := &procoreFacts{
		Host: s.Host, Company: s.Company, Projects: len(s.Projects), People: len(s.Users),
		Skipped: append([]sync.SkippedTemplate{}, s.Skipped...), Types: append([]sync.GroupTypeCount{}, s.GroupTypes...),
		Invisible: append([]sync.InvisibleProjects{}, s.Invisible...), Tools: []toolFacts{}, Templates: []templateFacts{},
	}
	for _, t := range s.Templates {
		facts := templateFacts{ID: t.ID, Name: t.Name, Tool: t.Tool.String(), Version: t.Published}
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

func newToolFacts(t procore.Tool, s *sync.Snapshot) toolFacts {
	f := toolFacts{Tool: t.ToolRef.String(), Level: strings.ToLower(t.Provider)}
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
		// What can't be read names its tool between commas: "project 24-017 Harbour tower, commitments, presets".
		if strings.Contains(u.Subject, ", "+f.Tool+", ") {
			f.Unreadable++
		}
	}
	return f
}
