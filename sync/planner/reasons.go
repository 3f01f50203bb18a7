package planner

import (
	"fmt"
	"slices"
	"strings"

	"procore-assignee-sync/hrsource"
	"procore-assignee-sync/sync"
)

// rowsOf returns the HR rows on which the decision about a person rests: those that put them into the group, else all
// of theirs.
func (d *groupDecision) rowsOf(at placed) []*row {
	switch at.is {
	case DecidedStays, DecidedAdded, DecidedHeldAdd, DecidedNotAssignable:
		return d.group.rowsFor(at.who, d.preset.Ref.Project)
	default:
		return at.who.rows
	}
}

// why returns the reason for a decision. It is the reason of a change, and explanations show the same.
func (p *planner) why(d *groupDecision, at placed) sync.Reason {
	var why sync.Reason
	switch at.is {
	case DecidedKept:
		return sync.Only(at.keptBy.reason(at.who))
	case DecidedRemoved, DecidedHeldRemove:
		why = p.whyRemoved(d.group, at.who)
	default:
		why.Because = d.group.whyWanted(d.rowsOf(at))
	}
	why.Hold = d.heldBy(at)
	also := func(says string) { why.Because = append(why.Because, sync.Because{Says: says}) }
	if name := otherName(at.who, d.rowsOf(at)); name != "" {
		also("HR calls them " + quoted(name))
	}
	if at.apartFrom != nil {
		also("but SYNC_SEPARATION keeps the group apart from " + quoted(at.apartFrom.Name) + ", where they are, or would be")
	}
	if at.is == DecidedNotAssignable && why.Hold == "" {
		also(fmt.Sprintf("but not among the possible assignees of %s there", d.preset.Tool.String()))
	}
	return why
}

// otherName returns HR's name for a person if Procore has another one.
func otherName(who *person, rows []*row) string {
	for _, r := range rows {
		if r.Name != "" && who.name != "" && !sameName(r.Name, who.name) {
			return r.Name
		}
	}
	return ""
}

// sameName reports whether two names consist of the same words, in any order.
func sameName(a, b string) bool {
	words := func(name string) []string { return slices.Sorted(strings.FieldsSeq(sync.FoldName(name))) }
	return slices.Equal(words(a), words(b))
}

// whyWanted returns the rules by which rows put somebody into the group.
func (g *group) whyWanted(rows []*row) []sync.Because {
	var why []sync.Because
	for _, r := range rows {
		for _, rule := range g.rules {
			if rule.people.has(r) {
				because := sync.Because{Says: "member of " + teamAndRole(r.Member), Rule: rule.at()}
				if !slices.Contains(why, because) {
					why = append(why, because)
				}
			}
		}
	}
	return why
}

func teamAndRole(m *hrsource.Member) string {
	if m.Role == "" {
		return "team " + quoted(m.Team)
	}
	return fmt.Sprintf("team %s as %s", quoted(m.Team), quoted(m.Role))
}

// whyRemoved says from a person's HR rows why they are removed, looking at the rows of the group's own teams first.
func (p *planner) whyRemoved(g *group, who *person) sync.Reason {
	switch {
	case len(who.rows) == 0 && !who.active:
		return sync.CauseNotInHR.Reason(", and inactive in Procore's directory")
	case len(who.rows) == 0:
		return sync.CauseNotInHR.Reason("")
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
	switch {
	case len(now) > 0 && p.mapChanged() && !slices.ContainsFunc(now, g.isFilledBy):
		return sync.CauseNoRule.Reason(" puts " + teamsOf(now) + " there any more, and the role map changed since run " + p.in.Baseline.Last.ID)
	case len(now) > 0:
		return sync.CauseMoved.Reason(": " + whereNow(now, ours))
	case slices.ContainsFunc(gone, ours):
		gone = slices.DeleteFunc(gone, func(r *row) bool { return !ours(r) })
	}
	return whyNoMember(gone, p.in.Today)
}

// mapChanged reports whether the role map differs from that of the last passed run.
func (p *planner) mapChanged() bool {
	last := p.in.Baseline.Last
	return last != nil && last.RoleMap.Fingerprint != p.in.RoleMap.facts.Fingerprint
}

// isFilledBy reports whether a rule maps the row's team and role to the group, on any project.
func (g *group) isFilledBy(r *row) bool {
	return slices.ContainsFunc(g.filledBy, func(in *teamInRole) bool { return in.has(r) })
}

// teamsOf lists the teams and roles of rows.
func teamsOf(rows []*row) string {
	var teams []string
	for _, r := range rows {
		if text := teamAndRole(r.Member); !slices.Contains(teams, text) {
			teams = append(teams, text)
		}
	}
	return strings.Join(teams, " or ")
}

// whereNow says where rows make somebody a member today: each team once, with its projects if it is one of the group's
// own teams.
func whereNow(rows []*row, ours func(*row) bool) string {
	var teams []string
	projects := map[string][]string{} // nil: every project
	for _, r := range rows {
		team := "team " + quoted(r.Team)
		if ours(r) {
			team = teamAndRole(r.Member)
		}
		on, known := projects[team]
		if !known {
			teams = append(teams, team)
		}
		switch {
		case !ours(r), r.everyProject():
			projects[team] = nil
		case !known, len(on) > 0 && !slices.Contains(on, r.Project):
			projects[team] = append(on, r.Project)
		}
	}
	for i, team := range teams {
		teams[i] = "on " + team + inProjects(projects[team])
	}
	return "now " + strings.Join(teams, " and ")
}

// projectsTold is how many projects a reason names. The HR rows shown beside it name them all.
const projectsTold = 3

func inProjects(list []string) string {
	switch n := len(list); {
	case n == 0:
		return ""
	case n == 1:
		return " in project " + list[0]
	case n <= projectsTold:
		return " in projects " + strings.Join(list[:n-1], ", ") + " and " + list[n-1]
	default:
		return fmt.Sprintf(" in projects %s and %d more", strings.Join(list[:projectsTold], ", "), n-projectsTold)
	}
}

// whyNoMember returns the reason given by the latest of some rows, none of which makes anybody a member today.
func whyNoMember(rows []*row, today hrsource.Date) sync.Reason {
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
		return sync.CauseNotStarted.Reason(": begins " + starts.String())
	case terminated:
		return sync.CauseLeft.Reason(": terminated")
	case !ended.IsZero():
		return sync.CauseEnded.Reason(" " + ended.String())
	default:
		return sync.CauseNotStarted.Reason(": prehire without a start date")
	}
}

func quoted(s string) string { return `"` + s + `"` }
