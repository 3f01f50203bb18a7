package sandbox

import (
	"net/http"
	"time"

	"procore-assignee-sync/procore"
)

type presetTemplateView struct {
	ID        procore.TemplateID `json:"id"`
	Name      string             `json:"name,omitempty"`
	Published procore.VersionID  `json:"last_published_version_id,omitempty"`
	Format    string             `json:"format"`
}

type presetSummaryView struct {
	ID       procore.PresetID   `json:"id"`
	Valid    bool               `json:"valid"`
	Default  bool               `json:"default"`
	Template presetTemplateView `json:"template"`
}

// listPresets serves the presets of one tool in a project or in the company.
func (s *Server) listPresets(c *call) reply {
	s.mu.RLock()
	defer s.mu.RUnlock()
	project, refusal, ok := s.project(c)
	if !ok {
		return refusal
	}
	tool, problem := s.tool(c, "filters[tool_type]", "filters[tool_subtype]")
	if problem != "" {
		return c.fail(http.StatusBadRequest, problem)
	}
	wantDefault, byDefault, problem := c.flag("filters[is_default]")
	if problem != "" {
		return c.fail(http.StatusBadRequest, problem)
	}
	wantValid, byValid, problem := c.flag("filters[is_valid]")
	if problem != "" {
		return c.fail(http.StatusBadRequest, problem)
	}
	var found []*Preset
	run := s.index.presets[project]
	for i := run.first; i < run.end; i++ {
		p := &s.company.Presets[i]
		template := s.index.template(s.company, p.Template)
		if template == nil || template.Tool != tool || byDefault && p.Default != wantDefault || byValid && p.Invalid == wantValid {
			continue
		}
		found = append(found, p)
	}
	return c.page(pagesV2, len(found), func(first, end int) any {
		views := make([]presetSummaryView, 0, end-first)
		for _, p := range found[first:end] {
			views = append(views, presetSummaryView{
				ID: p.Preset, Valid: !p.Invalid, Default: p.Default, Template: s.presetTemplate(p, true),
			})
		}
		return views
	})
}

func (s *Server) presetTemplate(p *Preset, withName bool) presetTemplateView {
	view := presetTemplateView{ID: p.Template, Format: "diagram"}
	if t := s.index.template(s.company, p.Template); t != nil {
		view.Published = t.Published
		if withName {
			view.Name = t.Name
		}
	}
	return view
}

type presetView struct {
	ID           procore.PresetID   `json:"id"`
	Valid        bool               `json:"valid"`
	Default      bool               `json:"default"`
	CreatedAt    time.Time          `json:"created_at"`
	UpdatedAt    time.Time          `json:"updated_at"`
	Template     presetTemplateView `json:"template"`
	Manager      *loginView         `json:"workflow_manager"`
	Distribution any                `json:"distribution_list"`
	Memberships  []membershipView   `json:"responsible_group_memberships"`
	Individual   []individualView   `json:"individual_assignees"`
}

type membershipView struct {
	Group     procore.GroupUUID `json:"responsible_group_uuid"`
	Assignees []loginView       `json:"assignees"`
}

type individualView struct {
	Step   string          `json:"step_uuid"`
	Logins []stepLoginView `json:"logins"`
}

type stepLoginView struct {
	loginView
	Required bool   `json:"required"`
	RoleType string `json:"role_type,omitempty"`
}

// getPreset serves one preset with its people.
func (s *Server) getPreset(c *call) reply {
	s.mu.RLock()
	defer s.mu.RUnlock()
	at, refusal, ok := s.presetInPath(c)
	if !ok {
		return refusal
	}
	p := &s.company.Presets[at]
	view := presetView{
		ID: p.Preset, Valid: !p.Invalid, Default: p.Default, CreatedAt: longAgo, UpdatedAt: p.UpdatedAt,
		Template: s.presetTemplate(p, false), Memberships: make([]membershipView, len(p.Memberships)),
		Individual: s.individuals(p),
	}
	if p.Manager != "" {
		manager := s.login(p.Manager)
		view.Manager = &manager
	}
	for i, g := range p.Memberships {
		people := make([]loginView, len(g.LoginIDs))
		for j, id := range g.LoginIDs {
			people[j] = s.login(id)
		}
		view.Memberships[i] = membershipView{Group: g.UUID, Assignees: people}
	}
	return dataReply(view)
}

func (s *Server) individuals(p *Preset) []individualView {
	views := make([]individualView, len(p.Individual))
	for i, on := range p.Individual {
		logins := make([]stepLoginView, len(on.Logins))
		for j, l := range on.Logins {
			logins[j] = stepLoginView{loginView: s.login(l.ID), Required: l.Required, RoleType: l.RoleType}
		}
		views[i] = individualView{Step: on.Step, Logins: logins}
	}
	return views
}

// presetInPath finds the preset that the path names. The caller holds the lock.
func (s *Server) presetInPath(c *call) (int, reply, bool) {
	project, refusal, ok := s.project(c)
	if !ok {
		return 0, refusal, false
	}
	at, ok := s.index.preset(s.company, procore.PresetRef{Project: project, Preset: procore.PresetID(c.ids.id)})
	if !ok {
		return 0, c.fail(http.StatusNotFound, "The preset was not found."), false
	}
	return at, reply{}, true
}
