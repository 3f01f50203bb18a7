package sandbox

import (
	"cmp"
	"net/http"
	"strconv"
	"time"

	"procore-assignee-sync/procore"
)

// listWorkflowTools serves the tools, in one page.
func (s *Server) listWorkflowTools(*call) reply {
	s.mu.RLock()
	defer s.mu.RUnlock()
	views := make([]map[string]any, 0, len(s.company.Tools))
	for _, t := range s.company.Tools {
		views = append(views, map[string]any{
			"name": t.Name, "type": t.Type, "provider": t.Provider, "subtype": textOrNull(t.Subtype),
		})
	}
	return dataReply(views)
}

type versionRef struct {
	ID    procore.VersionID `json:"id"`
	Label string            `json:"version"`
}

type templateView struct {
	ID          procore.TemplateID `json:"id"`
	Name        string             `json:"name"`
	CreatedAt   time.Time          `json:"created_at"`
	UpdatedAt   time.Time          `json:"updated_at"`
	ArchivedAt  *time.Time         `json:"archived_at"`
	Assigned    int                `json:"assigned_projects_count"`
	ToolType    string             `json:"tool_type"`
	ToolSubtype any                `json:"tool_subtype"`
	Format      string             `json:"format"`
	Published   *versionRef        `json:"latest_published_version"`
	Versions    []versionRef       `json:"versions"`
}

// listWorkflowTemplates serves the templates, archived ones and drafts included.
func (s *Server) listWorkflowTemplates(c *call) reply {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return c.page(pagesV2, len(s.company.Templates), func(first, end int) any {
		views := make([]templateView, 0, end-first)
		for at := first; at < end; at++ {
			views = append(views, s.templateView(at))
		}
		return views
	})
}

func (s *Server) templateView(at int) templateView {
	t := &s.company.Templates[at]
	view := templateView{
		ID: t.ID, Name: t.Name, CreatedAt: longAgo, UpdatedAt: t.UpdatedAt, Assigned: s.index.assigned[at],
		ToolType: t.Tool.Type, ToolSubtype: textOrNull(t.Tool.Subtype), Format: "diagram", Versions: []versionRef{},
	}
	if t.Archived {
		view.ArchivedAt = &view.UpdatedAt
	}
	for _, id := range t.Versions {
		view.Versions = append(view.Versions, s.versionRef(id))
	}
	if t.Published != "" {
		ref := s.versionRef(t.Published)
		view.Published = &ref
	}
	return view
}

func (s *Server) versionRef(id procore.VersionID) versionRef {
	if at, ok := s.index.versions[id]; ok {
		return versionRef{id, s.company.Versions[at].Label}
	}
	return versionRef{ID: id}
}

type groupView struct {
	UUID procore.GroupUUID `json:"uuid"`
	Name string            `json:"name"`
	Type string            `json:"type"`
}

type stepView struct {
	UUID   string          `json:"uuid"`
	Name   string          `json:"name"`
	Type   string          `json:"type"`
	Groups []stepGroupView `json:"responsible_groups"`
}

type stepGroupView struct {
	UUID     procore.GroupUUID `json:"uuid"`
	Required string            `json:"responses_required"`
}

type versionView struct {
	ID          procore.VersionID `json:"id"`
	Label       string            `json:"version"`
	CreatedAt   time.Time         `json:"created_at"`
	UpdatedAt   time.Time         `json:"updated_at"`
	ToolType    string            `json:"tool_type"`
	ToolSubtype any               `json:"tool_subtype"`
	Format      string            `json:"format"`
	Groups      []groupView       `json:"responsible_groups"`
	Steps       []stepView        `json:"steps"`
	Dynamic     []any             `json:"dynamic_steps"`
}

// getTemplateVersion serves one version with its groups.
func (s *Server) getTemplateVersion(c *call) reply {
	s.mu.RLock()
	defer s.mu.RUnlock()
	at, ok := s.index.versions[procore.VersionID(c.ids.id)]
	if !ok {
		return c.fail(http.StatusNotFound, "The version was not found.")
	}
	v := &s.company.Versions[at]
	view := versionView{
		ID: v.ID, Label: v.Label, CreatedAt: longAgo, UpdatedAt: longAgo, ToolType: v.Tool.Type,
		ToolSubtype: textOrNull(v.Tool.Subtype), Format: "diagram",
		Groups: []groupView{}, Steps: []stepView{}, Dynamic: []any{},
	}
	for _, g := range v.Groups {
		view.Groups = append(view.Groups, groupView(g))
	}
	for _, step := range v.Steps {
		groups := make([]stepGroupView, len(step.Groups))
		for i, g := range step.Groups {
			groups[i] = stepGroupView{UUID: g.UUID, Required: cmp.Or(g.ResponsesRequired, responsesOne)}
		}
		view.Steps = append(view.Steps, stepView{UUID: step.UUID, Name: step.Name, Type: "STANDARD", Groups: groups})
	}
	return dataReply(view)
}

// tool returns the tool that a request is about, from the given query parameters, and checks it.
func (s *Server) tool(c *call, typeName, subtypeName string) (procore.ToolRef, string) {
	ref := procore.ToolRef{Type: c.query.Get(typeName), Subtype: c.query.Get(subtypeName)}
	switch {
	case ref.Type == "":
		return ref, typeName + " is required."
	case ref.Type == toolCorrespondence && ref.Subtype == "":
		return ref, subtypeName + " is required for correspondence."
	case ref.Type != toolCorrespondence:
		ref.Subtype = ""
	}
	if ref.Subtype != "" {
		if _, err := strconv.ParseInt(ref.Subtype, 10, 64); err != nil {
			return ref, subtypeName + " must be a whole number."
		}
	}
	provider := procore.ProviderProject
	if c.ids.project == "" {
		provider = procore.ProviderCompany
	}
	for _, t := range s.company.Tools {
		if t.ToolRef == ref && t.Provider == provider {
			return ref, ""
		}
	}
	return ref, ref.Type + " is not a tool with workflows at this level."
}

// toolCorrespondence is the one tool type that needs a subtype.
const toolCorrespondence = "correspondence"

type possibleView struct {
	loginView
	Company map[string]string `json:"company"`
}

// listPossibleAssignees serves the people who may be assigned with a tool.
func (s *Server) listPossibleAssignees(c *call) reply {
	s.mu.RLock()
	defer s.mu.RUnlock()
	project, refusal, ok := s.project(c)
	if !ok {
		return refusal
	}
	tool, problem := s.tool(c, "tool_type", "tool_subtype")
	if problem != "" {
		return c.fail(http.StatusBadRequest, problem)
	}
	people := s.index.possible(s.company, procore.AssigneeScope{Project: project, Tool: tool})
	return c.page(pagesV2, len(people), func(first, end int) any {
		views := make([]possibleView, 0, end-first)
		for _, at := range people[first:end] {
			views = append(views, s.possible(s.company.Users[at].ID))
		}
		return views
	})
}
