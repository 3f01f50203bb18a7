package sandbox

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"procore-assignee-sync/procore"
)

// number is an id as v1 sends it.
func number[T ~string](id T) int64 {
	n, err := strconv.ParseInt(string(id), 10, 64)
	if err != nil {
		panic("sandbox: the id " + strconv.Quote(string(id)) + " is not a whole number of 64 bits")
	}
	return n
}

// textOrNull is text, or null where there is none.
func textOrNull(text string) any {
	if text == "" {
		return nil
	}
	return text
}

// longAgo is when everything was made.
var longAgo = time.Date(2024, time.January, 8, 9, 0, 0, 0, time.UTC)

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

type userView struct {
	ID         int64     `json:"id"`
	ContactID  int64     `json:"contact_id"`
	Email      string    `json:"email_address,omitempty"`
	EmployeeID any       `json:"employee_id"`
	OriginID   any       `json:"origin_id"`
	Active     bool      `json:"is_active"`
	Employee   bool      `json:"is_employee"`
	FirstName  any       `json:"first_name"`
	LastName   string    `json:"last_name"`
	Name       string    `json:"name"`
	JobTitle   any       `json:"job_title"`
	CreatedAt  time.Time `json:"created_at"`
	UpdatedAt  time.Time `json:"updated_at"`
	Vendor     named     `json:"vendor"`
}

// listCompanyUsers serves the active people.
func (s *Server) listCompanyUsers(c *call) reply {
	s.mu.RLock()
	defer s.mu.RUnlock()
	people := s.index.active
	if search := strings.ToLower(c.query.Get("filters[search]")); search != "" {
		people = slices.DeleteFunc(slices.Clone(people), func(at int32) bool {
			u := &s.company.Users[at]
			return !strings.Contains(strings.ToLower(u.Name()+"\n"+u.Email+"\n"+u.JobTitle), search)
		})
	}
	if c.query.Get("view") == "ids_only" {
		return c.page(pagesUsers, len(people), func(first, end int) any {
			ids := make([]int64, 0, end-first)
			for _, at := range people[first:end] {
				ids = append(ids, number(s.company.Users[at].ID))
			}
			return ids
		})
	}
	return s.pageOfUsers(c, people)
}

// listInactiveCompanyUsers serves those who were deactivated.
func (s *Server) listInactiveCompanyUsers(c *call) reply {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.pageOfUsers(c, s.index.inactive)
}

func (s *Server) pageOfUsers(c *call, people []int32) reply {
	return c.page(pagesUsers, len(people), func(first, end int) any {
		views := make([]userView, 0, end-first)
		for _, at := range people[first:end] {
			u := &s.company.Users[at]
			views = append(views, userView{
				ID: number(u.ID), ContactID: number(u.ID) + 1_000_000, Email: u.Email, EmployeeID: textOrNull(u.EmployeeID),
				Active: u.Active, Employee: u.EmployeeID != "", FirstName: textOrNull(u.FirstName), LastName: u.LastName,
				Name: u.Name(), JobTitle: textOrNull(u.JobTitle), CreatedAt: longAgo, UpdatedAt: longAgo,
				Vendor: named{number(s.company.ID), s.company.Name},
			})
		}
		return views
	})
}

// loginView is a person as workflows show them.
type loginView struct {
	ID    procore.LoginID `json:"id"`
	Login string          `json:"login,omitempty"`
	Name  string          `json:"name,omitempty"`
}

// login shows a person; of one whom the directory lacks there is only the id. The caller holds the lock.
func (s *Server) login(id procore.LoginID) loginView {
	at, ok := s.index.users[id]
	if !ok {
		return loginView{ID: id}
	}
	u := &s.company.Users[at]
	if u.Login == "" {
		return loginView{ID: id}
	}
	return loginView{ID: id, Login: u.Login, Name: u.Name()}
}
