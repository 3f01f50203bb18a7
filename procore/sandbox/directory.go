package sandbox

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"procore-assignee-sync/procore"
)

// number returns an id as v1 sends it.
func number[T ~string](id T) int64 {
	n, err := strconv.ParseInt(string(id), 10, 64)
	if err != nil {
		panic("sandbox: the id " + strconv.Quote(string(id)) + " is not a whole number of 64 bits")
	}
	return n
}

// textOrNull returns text, or null if it is empty.
func textOrNull(text string) any {
	if text == "" {
		return nil
	}
	return text
}

// longAgo is when everything was created.
var longAgo = time.Date(2024, time.January, 8, 9, 0, 0, 0, time.UTC)

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
			views = append(views, s.userView(&s.company.Users[at]))
		}
		return views
	})
}

func (s *Server) userView(u *User) userView {
	return userView{
		ID: number(u.ID), ContactID: number(u.ID) + 1_000_000, Email: u.Email, EmployeeID: textOrNull(u.EmployeeID),
		Active: u.Active, Employee: u.EmployeeID != "", FirstName: textOrNull(u.FirstName), LastName: u.LastName,
		Name: u.Name(), JobTitle: textOrNull(u.JobTitle), CreatedAt: longAgo, UpdatedAt: longAgo,
		Vendor: named{number(s.company.ID), s.company.Name},
	}
}

// loginView is a person as workflows show them.
type loginView struct {
	ID    procore.LoginID `json:"id"`
	Login string          `json:"login,omitempty"`
	Name  string          `json:"name,omitempty"`
}

// login returns a person; if they are not in the directory, only the id. The caller holds the lock.
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

// getOwnCompanyUser serves the token's own user as the company's directory has it.
func (s *Server) getOwnCompanyUser(c *call) reply {
	s.mu.RLock()
	defer s.mu.RUnlock()
	at, ok := s.index.users[s.company.Me]
	if !ok {
		return c.fail(http.StatusForbidden, "These credentials belong to nobody of the company's directory.")
	}
	return jsonReply(http.StatusOK, s.userView(&s.company.Users[at]))
}

// getOwnUser serves the token's own user, whatever the company, in the short form of v1.0.
func (s *Server) getOwnUser(c *call) reply {
	s.mu.RLock()
	defer s.mu.RUnlock()
	at, ok := s.index.users[s.company.Me]
	if !ok {
		return c.fail(http.StatusForbidden, "These credentials belong to nobody.")
	}
	u := &s.company.Users[at]
	return jsonReply(http.StatusOK, map[string]any{"id": number(u.ID), "login": u.Login, "name": u.Name()})
}

// listCompanies serves the companies that the token can see: this one.
func (s *Server) listCompanies(c *call) reply {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return c.page(pagesProjects, 1, func(first, end int) any {
		return []companyView{{number(s.company.ID), s.company.Name, true}}[first:end]
	})
}

type companyView struct {
	ID     int64  `json:"id"`
	Name   string `json:"name"`
	Active bool   `json:"is_active"`
}
