package sandbox

import (
	"net/http"
	"strconv"

	"procore-assignee-sync/procore"
)

// tool reads which tool a request is about, from the query's parameters of that prefix and suffix, and checks it.
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
	return ref, ref.Type + " is no tool with workflows at this level."
}

// toolCorrespondence is the one tool type that needs a subtype.
const toolCorrespondence = "correspondence"

type possibleView struct {
	loginView
	Company map[string]string `json:"company"`
}

// listPossibleAssignees serves who may be assigned with a tool.
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
