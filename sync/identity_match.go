package sync

import (
	"slices"

	"procore-assignee-sync/hrsource"
)

// matching is how looking up a row's identifiers ended.
type matching uint8

const (
	unmatched matching = iota // nothing found: not_in_procore
	ambiguous                 // more than one person found
	inactive                  // one person found, whom the directory has inactive
	matched                   // one active person
)

// kind is the exception that the row is.
func (m matching) kind() Kind {
	switch m {
	case unmatched:
		return NotInProcore
	case ambiguous:
		return Ambiguous
	default:
		return Inactive
	}
}

// resolved says whether one person was found.
func (m matching) resolved() bool { return m == matched || m == inactive }

// matchRow looks up every identifier that an HR row has: procore_login (else email) among the logins, employee_id
// among the directory's employee ids. All that is found must be one person; an active record beats inactive ones.
// Found holds all that was found, active or not, in the buffer given.
func (p *people) matchRow(m *hrsource.Member, buffer []int32) (result matching, who int32, found []int32) {
	found = p.byLogin.find(foldLogin(m.Login()), buffer[:0])
	found = p.byEmployee.find(m.EmployeeID, found)
	if len(found) == 0 {
		return unmatched, -1, nil
	}
	active := 0
	for _, f := range found {
		if p.all[f].active {
			active++
			who = f
		}
	}
	switch {
	case active == 1:
		return matched, who, found
	case active == 0 && len(found) == 1:
		return inactive, found[0], found
	default:
		return ambiguous, -1, found
	}
}

// identifiedBy gives everybody whom any identifier of a rejected row names. Which of them it is can't be known, so all
// of them are meant.
func (p *people) identifiedBy(r *hrsource.RejectedRow) []int32 {
	var found []int32
	found = p.byLogin.find(foldLogin(r.ProcoreLogin), found)
	found = p.byLogin.find(foldLogin(r.Email), found)
	return p.byEmployee.find(r.EmployeeID, found)
}

// labels names persons, sorted by login.
func (p *people) labels(who []int32) []string {
	who = slices.Clone(who)
	p.sortByLogin(who)
	names := make([]string, len(who))
	for i, w := range who {
		names[i] = p.all[w].label()
	}
	return names
}
