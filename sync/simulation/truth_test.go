package simulation_test

import (
	"encoding/csv"
	"fmt"
	"path"
	"slices"
	"strings"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/procore/sandbox"
	"procore-assignee-sync/sync"
)

// truth is what is so in the world, whatever Procore answers and HR's export looks like. It reads the rules a second
// time, naively, and knows who really is who.
type truth struct {
	company *sandbox.Company
	rows    []hrRow
	rules   []rule
	policy  sync.Policy
	apart   []apartRule
}

// hrRow is one HR row. person is the index of the user that it really is, -1 for someone unknown to Procore.
type hrRow struct {
	person                int
	ownEmployee, ownEmail string // the person's, whether this row gives them or not
	employee, email       string // as the row has them
	team, role            string
	project               string // a number; empty: every project
	status                string
	unreadable            bool   // a row that the loader must reject
	renamed               bool   // HR has an address of the person that Procore does not
	login                 string // their Procore login as HR has it; empty: the row's e-mail is it
	other                 int    // somebody else whose employee id this row gives, -1: nobody
}

// rule is one row of the role map.
type rule struct{ template, group, team, role string }

func (r rule) fills(t sandbox.Template, g procore.ResponsibleGroup) bool {
	return (r.template == "*" || r.template == t.Name) && strings.ReplaceAll(r.group, "group  ", "Group ") == g.Name
}

func (r rule) isOf(team string) bool { return strings.ReplaceAll(r.team, "TEAM-", "Team ") == team }

func (r rule) selects(row hrRow) bool {
	return r.isOf(row.team) && (r.role == "*" || r.role == row.role)
}

func (t *truth) clone() *truth {
	return &truth{company: t.company, rows: slices.Clone(t.rows), rules: t.rules, policy: t.policy, apart: t.apart}
}

// template gives the preset's template.
func (t *truth) template(id procore.TemplateID) sandbox.Template {
	return t.company.Templates[slices.IndexFunc(t.company.Templates, func(x sandbox.Template) bool { return x.ID == id })]
}

func (t *truth) version(id procore.VersionID) sandbox.Version {
	return t.company.Versions[slices.IndexFunc(t.company.Versions, func(x sandbox.Version) bool { return x.ID == id })]
}

// managed is a second, naive reading of what a managed group is: a role group of a name of its own that a rule names.
func (t *truth) managed(tmpl sandbox.Template, v sandbox.Version, uuid procore.GroupUUID) (procore.ResponsibleGroup, bool) {
	i := slices.IndexFunc(v.Groups, func(g procore.ResponsibleGroup) bool { return g.UUID == uuid })
	if i < 0 || !strings.EqualFold(v.Groups[i].Type, procore.TypeResponsibleRole) {
		return procore.ResponsibleGroup{}, false
	}
	g := v.Groups[i]
	for j, other := range v.Groups {
		if j != i && other.Name == g.Name {
			return g, false
		}
	}
	return g, slices.ContainsFunc(t.rules, func(r rule) bool { return r.fills(tmpl, g) })
}

func (t *truth) user(id procore.LoginID) (int, sandbox.User) {
	i := slices.IndexFunc(t.company.Users, func(u sandbox.User) bool { return u.ID == id })
	return i, t.company.Users[i]
}

// numberOf is the project's number where that says which project it is.
func (t *truth) numberOf(project procore.ProjectID) string {
	for _, p := range t.company.Projects {
		if p.ID == project && t.knows(p.Number) {
			return p.Number
		}
	}
	return ""
}

// knows says whether exactly one project that can be seen has the number.
func (t *truth) knows(number string) bool {
	n := 0
	for _, p := range t.company.Projects {
		if p.Number == number && p.Visibility != sandbox.Hidden {
			n++
		}
	}
	return n == 1
}

func (t *truth) protected(u sandbox.User) bool {
	return slices.ContainsFunc(t.policy.Protected, func(glob string) bool {
		ok, _ := path.Match(glob, u.Login)
		return ok
	})
}

func (t *truth) outside(u sandbox.User) bool {
	_, domain, _ := strings.Cut(u.Login, "@")
	return len(t.policy.ManagedDomains) > 0 && !slices.Contains(t.policy.ManagedDomains, domain)
}

// means says whether the row may mean the person. Where it names two, an active one beats an inactive one.
func (t *truth) means(r hrRow, person int) bool {
	if r.other < 0 || r.person < 0 {
		return r.person == person
	}
	users := t.company.Users
	beaten := users[r.person].Active != users[r.other].Active && !users[person].Active
	return (r.person == person || r.other == person) && !beaten
}

// open says whether the row certainly leaves open whether it means the person or another one. Somebody whose login the
// directory does not have is found only where a list or a preset gives it.
func (t *truth) open(r hrRow, person int) bool {
	return r.other >= 0 && t.company.Users[r.person].Active == t.company.Users[r.other].Active &&
		(person == r.person || !t.hidden(r))
}

// hidden says whether the directory does not have the login that the row gives.
func (t *truth) hidden(r hrRow) bool {
	return r.person >= 0 && t.company.Users[r.person].Email != t.company.Users[r.person].Login
}

// mustStay says why a person has to stay in a managed group; empty: nothing of what the world knows keeps them.
func (t *truth) mustStay(id procore.LoginID, tmpl sandbox.Template, g procore.ResponsibleGroup, project procore.ProjectID) string {
	person, u := t.user(id)
	switch {
	case t.policy.Mode == sync.Additive:
		return "people are only added"
	case t.protected(u):
		return "the login is protected"
	case t.outside(u):
		return "the login is of a domain that is not managed"
	}
	if why := t.losesNobody(tmpl, g, project, person); why != "" {
		return why
	}
	for _, row := range t.rows {
		switch {
		case !t.means(row, person), row.renamed && !u.Active:
			continue
		case t.open(row, person):
			return "a row may mean them or somebody else"
		case row.login != "" && row.status != "terminated" && row.email == u.Login:
			return "they bear the e-mail of a row that could not be resolved"
		case row.unreadable:
			return "a row of theirs could not be read"
		case row.status == "terminated":
			continue
		}
		unknown := row.project != "" && !t.knows(row.project)
		if slices.ContainsFunc(t.rules, func(r rule) bool { return r.fills(tmpl, g) && (r.selects(row) || unknown && r.isOf(row.team)) }) &&
			(row.project == "" || unknown || t.numberOf(project) == row.project) {
			return fmt.Sprintf("a row puts them there: %+v", row)
		}
	}
	return ""
}

// losesNobody says why somebody may not leave a group: a rule fills it of whose team HR has no row at all, or none for
// the project though it has some for others; but whoever's own rows of the team say that they left may.
func (t *truth) losesNobody(tmpl sandbox.Template, g procore.ResponsibleGroup, project procore.ProjectID, person int) string {
	for _, r := range t.rules {
		if !r.fills(tmpl, g) {
			continue
		}
		rows := slices.DeleteFunc(slices.Clone(t.rows), func(row hrRow) bool { return !r.selects(row) })
		here := slices.ContainsFunc(rows, func(row hrRow) bool {
			return row.project == "" || project != "" && row.project == t.numberOf(project)
		})
		switch {
		case len(rows) == 0:
			return "HR has no row of " + r.team
		case !here && !t.hasLeft(r, person) &&
			slices.ContainsFunc(rows, func(row hrRow) bool { return t.knows(row.project) && !row.unreadable && row.other < 0 }):
			return "HR has no row of " + r.team + " for the project"
		}
	}
	return ""
}

// hasLeft says whether the person's rows of a rule's team say that they left.
func (t *truth) hasLeft(r rule, person int) bool {
	left := false
	for _, row := range t.rows {
		if r.isOf(row.team) && t.means(row, person) {
			if row.status != "terminated" {
				return false
			}
			left = true
		}
	}
	return left
}

// mustHold says why so many may not leave a group at once.
func (t *truth) mustHold(was, will []procore.LoginID) string {
	leave := len(was) - len(keepOnly(was, will))
	other := func(id procore.LoginID) bool {
		_, u := t.user(id)
		return !t.protected(u)
	}
	switch {
	case leave == 0:
		return ""
	case !t.policy.AllowEmptyGroups && !slices.ContainsFunc(will, other):
		return "and nobody but protected logins is left"
	case len(was) >= 4 && leave*100 > t.policy.MaxGroupRemovalPercent*len(was):
		return fmt.Sprintf("and %d of %d leave", leave, len(was))
	}
	return ""
}

// belongs says whether a row that can be read puts the person into the group.
func (t *truth) belongs(person int, tmpl sandbox.Template, g procore.ResponsibleGroup, project procore.ProjectID) bool {
	for _, row := range t.rows {
		if !t.means(row, person) || row.unreadable || row.status == "terminated" {
			continue
		}
		if slices.ContainsFunc(t.rules, func(r rule) bool { return r.fills(tmpl, g) && r.selects(row) }) &&
			(row.project == "" || project != "" && t.numberOf(project) == row.project) {
			return true
		}
	}
	return false
}

// plain says whether the person's identity in HR and in Procore leaves no question open.
func (t *truth) plain(person int) bool {
	u := t.company.Users[person]
	return u.Email == u.Login && !slices.ContainsFunc(t.rows, func(r hrRow) bool {
		return (r.person == person || r.other == person) && (r.unreadable || r.renamed || r.other >= 0)
	})
}

// assignable says whether Procore takes the person as an assignee there.
func (t *truth) assignable(person int, tool procore.ToolRef, project procore.ProjectID) bool {
	u := t.company.Users[person]
	return u.Active && !slices.ContainsFunc(t.company.Denied, func(d sandbox.Denial) bool {
		return d.Login == u.ID && d.Tool == tool && d.Project == project
	})
}

// hrCSV is the roster as HR exports it.
func (t *truth) hrCSV() string {
	var b strings.Builder
	out := csv.NewWriter(&b)
	_ = out.WriteAll(slices.Concat([][]string{columns}, t.cells())) // a strings.Builder takes everything
	return b.String()
}

var columns = []string{"employee_id", "email", "procore_login", "team", "role", "project", "status"}

func (t *truth) cells() [][]string {
	var records [][]string
	for _, r := range t.rows {
		records = append(records, []string{r.employee, r.email, r.login, r.team, r.role, r.project, r.status})
	}
	return records
}

// lacksColumnOf says whether a column that had a value in an earlier export has none any more.
func (t *truth) lacksColumnOf(earlier *truth) bool {
	filled := func(t *truth, column int) bool {
		return slices.ContainsFunc(t.cells(), func(row []string) bool { return row[column] != "" })
	}
	for i := range columns {
		if filled(earlier, i) && !filled(t, i) {
			return true
		}
	}
	return false
}
