package sync

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"procore-assignee-sync/hrsource"
)

// addChanges notes person by person what the group's plan means.
func (b *builder) addChanges(p *PresetPlan, g *GroupPlan, d *draft, s conclusion) {
	project := everyProject
	if p.Ref.Project != "" {
		project = b.projectOf(&PresetState{Ref: p.Ref})
	}
	for _, who := range s.come {
		rows := b.justifying(d.slot, who, project)
		b.plan.Changes = append(b.plan.Changes, b.change(p, g, Add, who, rows, b.whyAdded(d.slot, rows), s.hold))
	}
	for _, who := range s.leave {
		b.plan.Changes = append(b.plan.Changes, b.change(p, g, Remove, who, b.rowsOf.of(who), b.whyRemoved(d.slot, who), s.hold))
	}
	for _, who := range s.kept {
		b.plan.Changes = append(b.plan.Changes,
			b.change(p, g, Remove, who, b.rowsOf.of(who), b.whyRemoved(d.slot, who), d.losesNobody))
	}
}

func (b *builder) change(p *PresetPlan, g *GroupPlan, action Action, who int32, rows []int32, reason string, hold Kind) Change {
	person := &b.people.all[who]
	c := Change{
		Project: p.Ref.Project, ProjectNumber: p.ProjectNumber, ProjectName: p.ProjectName,
		TemplateID: p.TemplateID, TemplateName: p.TemplateName, VersionID: p.VersionID, Preset: p.Ref.Preset,
		GroupUUID: g.UUID, GroupName: g.Name, Action: action,
		LoginID: person.id, Login: person.login, PersonName: person.name, EmployeeID: person.employeeID,
		Reason: reason, Source: b.sourceOf(rows), Status: Planned,
	}
	if hold != "" {
		c.Status, c.Reason = Held, string(hold)+": "+reason
	}
	for i := len(rows) - 1; i >= 0; i-- {
		m := b.rows[rows[i]].member
		c.PersonName, c.EmployeeID = cmp.Or(m.Name, c.PersonName), cmp.Or(m.EmployeeID, c.EmployeeID)
	}
	return c
}

// sourceOf names where rows stand.
func (b *builder) sourceOf(rows []int32) string {
	var at []hrsource.Position
	for _, i := range rows {
		at = append(at, b.rows[i].member.At...)
	}
	return joinPositions(at)
}

// justifying gives the rows that put somebody into a group on a project, by position.
func (b *builder) justifying(s *slot, who, project int32) []int32 {
	var rows []int32
	for _, i := range b.rowsOf.of(who) {
		row := &b.rows[i]
		if row.today && row.result == matched && (row.project == everyProject || project >= 0 && row.project == project) &&
			slices.ContainsFunc(s.selectors, func(n int32) bool { return b.speaksOf(&b.selectors[n], row) }) {
			rows = append(rows, i)
		}
	}
	return rows
}

// whyAdded names the rules by which rows put somebody into a group.
func (b *builder) whyAdded(s *slot, rows []int32) string {
	var why []string
	for _, i := range rows {
		row := &b.rows[i]
		for _, n := range s.rules {
			if b.speaksOf(&b.selectors[b.layouts.selectors[n]], row) {
				text := fmt.Sprintf("member of %s (rule %s)", teamAndRole(row.member), b.layouts.rules[n].at())
				if !slices.Contains(why, text) {
					why = append(why, text)
				}
			}
		}
	}
	return strings.Join(why, "; ")
}

func teamAndRole(m *hrsource.Member) string {
	if m.Role == "" {
		return "team " + quoted(m.Team)
	}
	return fmt.Sprintf("team %s as %s", quoted(m.Team), quoted(m.Role))
}

// whyRemoved says what became of somebody, by their HR rows: those of the group's own teams first.
func (b *builder) whyRemoved(s *slot, who int32) string {
	rows := b.rowsOf.of(who)
	if len(rows) == 0 {
		if p := &b.people.all[who]; !p.active {
			return "not in HR data, and inactive in Procore's directory"
		}
		return "not in HR data"
	}
	ours := func(i int32) bool { return slices.Contains(s.teams, b.rows[i].team) }
	var today, gone []int32
	for _, i := range rows {
		if b.rows[i].today {
			today = append(today, i)
		} else {
			gone = append(gone, i)
		}
	}
	if len(today) > 0 {
		return "moved: " + b.whereNow(today, ours)
	}
	if slices.ContainsFunc(gone, ours) {
		gone = slices.DeleteFunc(gone, func(i int32) bool { return !ours(i) })
	}
	return b.whyNoMember(gone)
}

// whereNow says where somebody is a member today instead.
func (b *builder) whereNow(today []int32, ours func(int32) bool) string {
	var where []string
	for _, i := range today {
		m := b.rows[i].member
		text := "on team " + quoted(m.Team)
		if ours(i) {
			text = "on " + teamAndRole(m)
			if m.Project != hrsource.EveryProject {
				text += ", project " + m.Project
			}
		}
		if !slices.Contains(where, text) {
			where = append(where, text)
		}
	}
	return strings.Join(where, ", ") + " now"
}

// whyNoMember says of rows that make nobody a member today which of them speaks latest.
func (b *builder) whyNoMember(rows []int32) string {
	var ended, starts hrsource.Date
	terminated := false
	for _, i := range rows {
		m := b.rows[i].member
		switch {
		case m.Status == hrsource.Terminated:
			terminated = true
		case !m.End.IsZero() && m.End.Before(b.today):
			if ended.Before(m.End) {
				ended = m.End
			}
		case !m.Start.IsZero() && (starts.IsZero() || m.Start.Before(starts)):
			starts = m.Start
		}
	}
	switch {
	case !starts.IsZero():
		return "not started: begins " + starts.String()
	case terminated:
		return "left: terminated"
	case !ended.IsZero():
		return "ended " + ended.String()
	default:
		return "not started: prehire without a start date"
	}
}
