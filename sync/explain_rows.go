package sync

import (
	"cmp"
	"fmt"

	"procore-assignee-sync/hrsource"
)

// explainRow follows one HR row as far as it reaches.
func (b *builder) explainRow(i int32) ExplainedRow {
	row := &b.rows[i]
	m := row.member
	e := ExplainedRow{
		At: joinPositions(m.At), Says: saysOf(m), Member: "member today", Rules: []string{},
	}
	if !row.today {
		e.Member = "no member today: " + b.whyNoMember([]int32{i})
	}
	groups := 0
	for n := range b.layouts.rules {
		r := &b.layouts.rules[n]
		if b.speaksOf(&b.selectors[b.layouts.selectors[n]], row) && (!b.layouts.byNames || b.layouts.used[n]) {
			e.Rules = append(e.Rules, describeRule(r))
			if b.layouts.used[n] {
				groups++
			}
		}
	}
	if row.result.resolved() {
		e.Login = b.describePerson(row.who)
	} else {
		e.Login = string(row.result.kind()) + ": " + b.whyUnresolved(row)
	}
	switch {
	case !row.today:
		e.Missing = e.Member
	case len(e.Rules) == 0:
		e.Missing = fmt.Sprintf("no rule of the role map speaks of %s", teamAndRole(m))
	case groups == 0:
		e.Missing = "the rules for it name no group that Procore has"
	case row.project == unknownProject:
		e.Missing = fmt.Sprintf("no single active project has the id or number %q", m.Project)
	case row.result == inactive:
		e.Missing = string(Inactive) + ": " + b.whyUnresolved(row)
	case row.result != matched:
		e.Missing = e.Login
	}
	return e
}

func saysOf(m *hrsource.Member) string {
	text := teamAndRole(m)
	if m.Project == hrsource.EveryProject {
		text += ", every project"
	} else {
		text += ", project " + m.Project
	}
	text += ", " + string(m.Status)
	if !m.Start.IsZero() {
		text += ", from " + m.Start.String()
	}
	if !m.End.IsZero() {
		text += ", until " + m.End.String()
	}
	return text
}

func describeRule(r *rule) string {
	if r.row.At.Source == NamesRoleMap().facts.Source {
		return "the group of the team's name"
	}
	template := "template " + quoted(r.row.Template)
	if r.anyTemplate {
		template = "every template"
	}
	return fmt.Sprintf("%s: group %s of %s", r.at(), quoted(r.row.Group), template)
}

// explainRejected gives the rejected rows that bear an identifier.
func (b *builder) explainRejected(text string) []ExplainedRow {
	var rows []ExplainedRow
	folded := foldLogin(text)
	for i := range b.hr.Rejected {
		r := &b.hr.Rejected[i]
		if folded == "" || foldLogin(r.Email) != folded && foldLogin(r.ProcoreLogin) != folded && r.EmployeeID != text {
			continue
		}
		why := "the row was rejected: " + whyRejected(r)
		rows = append(rows, ExplainedRow{
			At: r.At.String(), Says: "team " + cmp.Or(r.Team, "(can't be read)"), Member: why, Login: "not looked up",
			Rules: []string{}, Missing: why,
		})
	}
	return rows
}
