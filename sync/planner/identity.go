package planner

import (
	"cmp"
	"fmt"
	"strings"

	"procore-assignee-sync/hrsource"
	"procore-assignee-sync/sync"
)

// match is the outcome of looking up a row's identifiers.
type match uint8

const (
	unmatched match = iota // nothing found: not_in_procore
	ambiguous              // more than one person found
	inactive               // one person found, who is inactive in the directory
	matched                // one active person
)

// kind returns the kind of exception for the outcome.
func (m match) kind() sync.Kind {
	switch m {
	case unmatched:
		return sync.NotInProcore
	case ambiguous:
		return sync.Ambiguous
	default:
		return sync.Inactive
	}
}

// find looks up every identifier of an HR row: procore_login (else email) among the logins, and employee_id among the
// directory's employee ids. All that is found must be one person; an active record beats inactive ones. found is
// everybody who was found, active or not; who is nil unless that is one person.
func (p *people) find(m *hrsource.Member) (result match, who *person, found []*person) {
	found = p.byLogin.find(nil, hrsource.FoldAddress(m.Login()))
	found = p.byEmployeeID.find(found, m.EmployeeID)
	active := 0
	for _, f := range found {
		if f.active {
			active++
			who = f
		}
	}
	switch {
	case len(found) == 0:
		return unmatched, nil, nil
	case active == 1:
		return matched, who, found
	case active == 0 && len(found) == 1:
		return inactive, found[0], found
	default:
		return ambiguous, nil, found
	}
}

// identifiedBy returns everybody whom any identifier of a rejected row names. There is no telling which of them the row
// means, so all of them may be meant.
func (p *people) identifiedBy(r *hrsource.RejectedRow) []*person {
	found := p.byLogin.find(nil, hrsource.FoldAddress(r.ProcoreLogin))
	found = p.byLogin.find(found, hrsource.FoldAddress(r.Email))
	return p.byEmployeeID.find(found, r.EmployeeID)
}

// bearers returns everybody who has one of the addresses of an HR row.
func (p *people) bearers(m *hrsource.Member) []*person {
	found := p.byLogin.find(nil, hrsource.FoldAddress(m.Email))
	return p.byLogin.find(found, hrsource.FoldAddress(m.ProcoreLogin))
}

// subjectOf names an HR person in exceptions: by login, else by employee id.
func subjectOf(m *hrsource.Member) string { return cmp.Or(m.Login(), m.EmployeeID) }

// identifiers lists the identifiers of a row, joined by between.
func identifiers(m *hrsource.Member, between string) string {
	var ids []string
	if login := m.Login(); login != "" {
		ids = append(ids, "login "+login)
	}
	if m.EmployeeID != "" {
		ids = append(ids, "employee id "+m.EmployeeID)
	}
	return strings.Join(ids, between)
}

// whyNotFound says which link from the row to a login is missing.
func (p *people) whyNotFound(r *row) string {
	switch r.match {
	case inactive:
		return fmt.Sprintf("%s is inactive in Procore's directory", r.who.label())
	case ambiguous:
		_, _, found := p.find(r.Member)
		return fmt.Sprintf("%s lead to more than one person in Procore: %s", identifiers(r.Member, " and "), strings.Join(tellApart(found), ", "))
	default:
		return "nobody in Procore has " + identifiers(r.Member, " or ")
	}
}
