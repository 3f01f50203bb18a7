package planner

import (
	"cmp"
	"fmt"
	"slices"

	"procore-assignee-sync/hrsource"
	"procore-assignee-sync/sync"
)

// explainRow follows one HR row as far as it leads.
func (p *planner) explainRow(r *row) ExplainedRow {
	e := ExplainedRow{At: sync.PositionsOf(r.At).String(), Says: saysOf(r.Member), Member: "member today", Rules: []string{}}
	if !r.today {
		e.Member = "no member today: " + whyNoMember([]*row{r}, p.in.Today).Says()
	}
	namesGroup := false
	for _, rule := range p.groups.rules {
		if rule.people.has(r) && (!p.groups.byNames || rule.used) {
			e.Rules = append(e.Rules, describeRule(rule.rule))
			namesGroup = namesGroup || rule.used
		}
	}
	if r.who != nil {
		e.Login = r.who.describe()
	} else {
		e.Login = string(r.match.kind()) + ": " + p.people.whyNotFound(r)
	}
	switch {
	case !r.today:
		e.Missing = e.Member
	case len(e.Rules) == 0:
		e.Missing = fmt.Sprintf("no rule of the role map speaks of %s", teamAndRole(r.Member))
	case !namesGroup:
		e.Missing = "the rules for it name no group that Procore has"
	case r.unknown:
		e.Kind = sync.ProjectUnknown
		e.Missing = fmt.Sprintf("no single active project has the id or number %q", r.Project)
	case r.match == inactive:
		e.Kind = sync.Inactive
		e.Missing = string(sync.Inactive) + ": " + p.people.whyNotFound(r)
	case r.match != matched:
		e.Kind, e.Missing = r.match.kind(), e.Login
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

func describeRule(r rule) string {
	if r.row.At.Source == NamesRoleMap().facts.Source {
		return "the group of the team's name"
	}
	template := "template " + quoted(r.row.Template)
	if r.anyTemplate {
		template = "every template"
	}
	return fmt.Sprintf("%s: group %s of %s", r.at(), quoted(r.row.Group), template)
}

// explainRejected returns the rejected rows that bear an identifier or that may mean one of the given people.
func (p *planner) explainRejected(text string, people []*person) []ExplainedRow {
	var rows []ExplainedRow
	folded := hrsource.FoldAddress(text)
	for _, r := range p.roster.rejectedRows {
		bears := folded != "" && (hrsource.FoldAddress(r.Email) == folded || hrsource.FoldAddress(r.ProcoreLogin) == folded || r.EmployeeID == text)
		if !bears && !slices.ContainsFunc(people, func(who *person) bool { return slices.Contains(who.meant.rejected, r) }) {
			continue
		}
		why := "the row was rejected: " + r.Reason
		rows = append(rows, ExplainedRow{
			At: r.At.String(), Says: "team " + cmp.Or(r.Team, "(can't be read)"), Member: why, Login: "not looked up",
			Rules: []string{}, Missing: why, Kind: sync.RowRejected,
		})
	}
	return rows
}
