package sandbox

import (
	"net/http"
	"slices"
	"strings"
	"time"
)

type projectView struct {
	ID            int64     `json:"id"`
	Name          string    `json:"name"`
	DisplayName   string    `json:"display_name"`
	Number        any       `json:"project_number"`
	Active        bool      `json:"active"`
	Demo          bool      `json:"is_demo"`
	OriginID      any       `json:"origin_id"`
	CreatedAt     time.Time `json:"created_at"`
	UpdatedAt     time.Time `json:"updated_at"`
	Stage         any       `json:"project_stage"`
	IsTemplate    bool      `json:"template"`
	Company       named     `json:"company"`
	FromTemplate  any       `json:"project_template"`
	OriginPayload any       `json:"origin_data"`
}

type named struct {
	ID   int64  `json:"id"`
	Name string `json:"name"`
}

// listProjects serves the v1.1 list.
func (s *Server) listProjects(c *call) reply {
	s.mu.RLock()
	defer s.mu.RUnlock()
	keep, problem := projectFilter(c)
	if problem != "" {
		return c.fail(http.StatusBadRequest, problem)
	}
	var kept []int32
	for _, at := range s.index.listed {
		if keep(&s.company.Projects[at]) {
			kept = append(kept, at)
		}
	}
	if strings.HasSuffix(c.query.Get("sort"), "name") {
		slices.SortStableFunc(kept, func(a, b int32) int {
			return strings.Compare(s.company.Projects[a].Name, s.company.Projects[b].Name)
		})
	}
	if c.query.Get("view") == "ids" {
		ids := make([]int64, len(kept))
		for i, at := range kept {
			ids[i] = number(s.company.Projects[at].ID)
		}
		return jsonReply(http.StatusOK, ids)
	}
	return c.page(pagesProjects, len(kept), func(first, end int) any {
		views := make([]projectView, 0, end-first)
		for _, at := range kept[first:end] {
			views = append(views, s.projectView(&s.company.Projects[at]))
		}
		return views
	})
}

func (s *Server) projectView(p *Project) projectView {
	return projectView{
		ID: number(p.ID), Name: p.Name, DisplayName: strings.TrimSpace(p.Number + " " + p.Name), Number: textOrNull(p.Number),
		Active: !p.Inactive, Demo: p.Demo, CreatedAt: longAgo, UpdatedAt: longAgo, IsTemplate: p.Template,
		Company: named{number(s.company.ID), s.company.Name},
	}
}

// projectFilter reads the filters of the list of projects.
func projectFilter(c *call) (keep func(*Project) bool, problem string) {
	var tests []func(*Project) bool
	switch status := c.query.Get("filters[by_status]"); status {
	case "", "All":
	case "Active":
		tests = append(tests, func(p *Project) bool { return !p.Inactive })
	case "Inactive":
		tests = append(tests, func(p *Project) bool { return p.Inactive })
	default:
		return nil, "filters[by_status] must be All, Active or Inactive."
	}
	flags := map[string]func(*Project) bool{
		"filters[template]": func(p *Project) bool { return p.Template },
		"filters[is_demo]":  func(p *Project) bool { return p.Demo },
	}
	for name, has := range flags {
		want, given, problem := c.flag(name)
		if problem != "" {
			return nil, problem
		}
		if given {
			tests = append(tests, func(p *Project) bool { return has(p) == want })
		}
	}
	if ids := slices.Concat(c.query["filters[id]"], c.query["filters[id][]"]); len(ids) > 0 {
		wanted := strings.Split(strings.Trim(strings.Join(ids, ","), "[]"), ",")
		tests = append(tests, func(p *Project) bool { return slices.Contains(wanted, string(p.ID)) })
	}
	return func(p *Project) bool {
		return !slices.ContainsFunc(tests, func(test func(*Project) bool) bool { return !test(p) })
	}, ""
}

// flag reads true or false from the query.
func (c *call) flag(name string) (value, given bool, problem string) {
	switch c.query.Get(name) {
	case "":
		return false, false, ""
	case "true":
		return true, true, ""
	case "false":
		return false, true, ""
	default:
		return false, false, name + " must be true or false."
	}
}

// listCompanyProjects serves the short v1.0 list, which does not page.
func (s *Server) listCompanyProjects(*call) reply {
	s.mu.RLock()
	defer s.mu.RUnlock()
	views := make([]map[string]any, 0, len(s.index.listed))
	for _, at := range s.index.listed {
		p := &s.company.Projects[at]
		status := "Active"
		if p.Inactive {
			status = "Inactive"
		}
		views = append(views, map[string]any{"id": number(p.ID), "name": p.Name, "status_name": status})
	}
	return jsonReply(http.StatusOK, views)
}
