package sandbox

import "net/http"

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

// getOwnUser serves the token's own user whatever the company, in the short form of v1.0.
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

// listCompanies serves the companies that the token sees: this one.
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
