package planner

import (
	"slices"

	"procore-assignee-sync/procore"
)

// teamInRole is a team of HR in one role, or in any: the people to whom a rule of the role map applies. Rules with the
// same team and role share one.
type teamInRole struct {
	team    *team  // nil: HR has no such team
	role    string // folded
	anyRole bool
	fills   bool // it fills a managed group

	everywhere []*row                       // today's members for every project, by position
	single     map[procore.ProjectID][]*row // today's members for one project, by position

	// The following count rows of any status: a team that has such rows exists in HR, so that missing ones were
	// probably forgotten.
	some           bool // there is a row
	someEverywhere bool // a row is for every project
	someSingle     bool // a row is for a single project, known or not
	projects       map[procore.ProjectID]bool
}

// inRole returns the team with this folded name in a role, as a rule names it.
func (r *roster) inRole(name, role string, anyRole bool) *teamInRole {
	t := r.teamByFolded[name]
	if name == "" {
		t = nil
	}
	in := &teamInRole{team: t, role: role, anyRole: anyRole, single: map[procore.ProjectID][]*row{}, projects: map[procore.ProjectID]bool{}}
	if t == nil {
		return in
	}
	for _, have := range t.inRoles {
		if have.anyRole == anyRole && (anyRole || have.role == role) {
			return have
		}
	}
	t.used = true
	t.inRoles = append(t.inRoles, in)
	return in
}

// has reports whether a row belongs to the team in the role.
func (in *teamInRole) has(r *row) bool {
	return in.team != nil && in.team == r.team && (in.anyRole || in.role != "" && in.role == r.role)
}

// fills reports whether a row of the team fills a managed group.
func (t *team) fills(r *row) bool {
	return slices.ContainsFunc(t.inRoles, func(in *teamInRole) bool { return in.fills && in.has(r) })
}

// fillRoles assigns each row to the teams in roles that it belongs to. All of these must have been created by inRole.
func (r *roster) fillRoles() {
	for _, row := range r.rows {
		for _, in := range row.team.inRoles {
			if in.has(row) {
				in.add(row)
			}
		}
	}
}

func (in *teamInRole) add(r *row) {
	in.some = true
	switch {
	case r.everyProject():
		in.someEverywhere = true
		if r.today {
			in.everywhere = append(in.everywhere, r)
		}
	case r.unknown:
		in.someSingle = true
	default:
		in.someSingle = true
		in.projects[r.project.ID] = true
		if r.today {
			in.single[r.project.ID] = append(in.single[r.project.ID], r)
		}
	}
}

// hasNoProjectRows reports whether HR has the team for single projects, but neither for this one nor for every project.
// It is then more likely that HR has not entered its rows yet than that nobody is on the project. The company's own
// presets take rows for every project only.
func (in *teamInRole) hasNoProjectRows(project procore.ProjectID) bool {
	return in.someSingle && !in.someEverywhere && !in.projects[project]
}

// wants is the people whom the roster wants in one group of one preset.
type wants struct {
	people     map[*person]bool // those found and active
	inactive   []*row           // members who are found, and inactive
	unresolved []*row           // members who are not_in_procore or ambiguous
}

// wants returns whom today's HR rows put into the group on a project. Members on an unknown project are wanted nowhere,
// and count as unresolved wherever they may be meant.
func (g *group) wants(project procore.ProjectID) wants {
	w := wants{people: map[*person]bool{}}
	for _, in := range g.filledBy {
		for _, r := range in.everywhere {
			w.add(r)
		}
		for _, r := range in.single[project] {
			w.add(r)
		}
	}
	for _, t := range g.teams {
		w.unresolved = append(w.unresolved, t.lost...)
	}
	return w
}

func (w *wants) add(r *row) {
	switch r.match {
	case matched:
		w.people[r.who] = true
	case inactive:
		w.inactive = append(w.inactive, r)
	default:
		w.unresolved = append(w.unresolved, r)
	}
}

// rowsFor returns the rows that put a person into the group on a project, by position.
func (g *group) rowsFor(who *person, project procore.ProjectID) []*row {
	var rows []*row
	for _, r := range who.rows {
		if r.today && r.on(project) && g.isFilledBy(r) {
			rows = append(rows, r)
		}
	}
	return rows
}

// mayWantElsewhere reports whether one of today's rows puts the person on one of the group's teams on an unknown
// project.
func (g *group) mayWantElsewhere(who *person) bool {
	return slices.ContainsFunc(who.rows, func(r *row) bool { return r.today && r.unknown && slices.Contains(g.teams, r.team) })
}
