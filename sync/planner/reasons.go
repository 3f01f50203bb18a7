package planner

import (
	"fmt"
	"slices"
	"strings"

	"procore-assignee-sync/hrsource"
)

// rowsOf returns the HR rows that a decision about somebody rests on: those that put them there, else all of theirs.
func (d *groupDecision) rowsOf(at placed) []*row {
	switch at.is {
	case DecidedStays, DecidedAdded, DecidedHeldAdd, DecidedNotAssignable:
		return d.group.rowsFor(at.who, d.preset.Ref.Project)
	default:
		return at.who.rows
	}
}

// why says for a person what a decision rests on. It is the reason of a change, and what an explanation says.
func (d *groupDecision) why(at placed, today hrsource.Date) string {
	why := ""
	switch at.is {
	case DecidedKept:
		return at.keeping.reason()
	case DecidedRemoved, DecidedHeldRemove:
		why = d.group.whyRemoved(at.who, today)
	default:
		why = d.group.whyWanted(d.rowsOf(at))
	}
	if hold := d.heldBy(at); hold != "" {
		return string(hold) + ": " + why
	}
	if at.is == DecidedNotAssignable {
		why += fmt.Sprintf("; but not among the possible assignees of %s there: give them access to the tool", d.preset.Tool.String())
	}
	return why
}

// whyWanted names the rules by which rows put somebody into the group.
func (g *group) whyWanted(rows []*row) string {
	var why []string
	for _, r := range rows {
		for _, rule := range g.rules {
			if rule.people.has(r) {
				text := fmt.Sprintf("member of %s (rule %s)", teamAndRole(r.Member), rule.at())
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
func (g *group) whyRemoved(who *person, today hrsource.Date) string {
	switch {
	case len(who.rows) == 0 && !who.active:
		return "not in HR data, and inactive in Procore's directory"
	case len(who.rows) == 0:
		return "not in HR data"
	}
	ours := func(r *row) bool { return slices.Contains(g.teams, r.team) }
	var now, gone []*row
	for _, r := range who.rows {
		if r.today {
			now = append(now, r)
		} else {
			gone = append(gone, r)
		}
	}
	if len(now) > 0 {
		return "moved: " + whereNow(now, ours)
	}
	if slices.ContainsFunc(gone, ours) {
		gone = slices.DeleteFunc(gone, func(r *row) bool { return !ours(r) })
	}
	return whyNoMember(gone, today)
}

// whereNow says where rows make somebody a member today.
func whereNow(rows []*row, ours func(*row) bool) string {
	var where []string
	for _, r := range rows {
		text := "on team " + quoted(r.Team)
		if ours(r) {
			text = "on " + teamAndRole(r.Member)
			if r.Project != hrsource.EveryProject {
				text += ", project " + r.Project
			}
		}
		if !slices.Contains(where, text) {
			where = append(where, text)
		}
	}
	return strings.Join(where, ", ") + " now"
}

// whyNoMember says of rows that make nobody a member today which of them speaks latest.
func whyNoMember(rows []*row, today hrsource.Date) string {
	var ended, starts hrsource.Date
	terminated := false
	for _, r := range rows {
		switch {
		case r.Status == hrsource.Terminated:
			terminated = true
		case !r.End.IsZero() && r.End.Before(today):
			if ended.Before(r.End) {
				ended = r.End
			}
		case !r.Start.IsZero() && (starts.IsZero() || r.Start.Before(starts)):
			starts = r.Start
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

func quoted(s string) string { return `"` + s + `"` }
