package sync

import "slices"

// selector is a team in a role, or in any: whom a rule speaks of. Rules with the same team and role share one.
type selector struct {
	team    int32  // -1: HR has no such team
	role    string // folded
	anyRole bool

	some   bool    // a row of any status is of it
	every  []int32 // rows of members of today, for every project; by position
	single []int32 // rows of members of today for a single known project; by project, then position

	// What rows of any status say, for whom the map or HR may have forgotten.
	everySome bool    // one is for every project
	singles   bool    // one is for a single project, known or not
	projects  []int32 // the known projects that have one; sorted
}

// selectorOf gives the number of the selector for a team and role, folded.
func (r *roster) selectorOf(teamName, role string, anyRole bool) int32 {
	t, ok := r.teamByFold[teamName]
	if !ok || teamName == "" {
		t = -1
	}
	if t >= 0 {
		for _, s := range r.teams[t].selectors {
			if have := &r.selectors[s]; have.anyRole == anyRole && (anyRole || have.role == role) {
				return s
			}
		}
	}
	s := int32(len(r.selectors))
	r.selectors = append(r.selectors, selector{team: t, role: role, anyRole: anyRole})
	if t >= 0 {
		r.teams[t].used = true
		r.teams[t].selectors = append(r.teams[t].selectors, s)
	}
	return s
}

// speaksOf says whether a row is of the selector's team and role.
func (r *roster) speaksOf(s *selector, row *hrRow) bool {
	return s.team >= 0 && s.team == row.team && (s.anyRole || s.role != "" && s.role == r.roles[row.role])
}

// sortRows gives each row to the selectors that speak of it. All selectors must be there.
func (r *roster) sortRows() {
	for i := range r.rows {
		row := &r.rows[i]
		for _, n := range r.teams[row.team].selectors {
			if s := &r.selectors[n]; r.speaksOf(s, row) {
				s.take(row, int32(i))
			}
		}
	}
	for i := range r.selectors {
		s := &r.selectors[i]
		slices.SortStableFunc(s.single, func(a, b int32) int { return int(r.rows[a].project) - int(r.rows[b].project) })
		slices.Sort(s.projects)
		s.projects = slices.Compact(s.projects)
	}
}

func (s *selector) take(row *hrRow, i int32) {
	s.some = true
	if row.project == everyProject {
		s.everySome = true
	} else {
		s.singles = true
	}
	if row.project >= 0 {
		s.projects = append(s.projects, row.project)
	}
	switch {
	case !row.today:
	case row.project == everyProject:
		s.every = append(s.every, i)
	case row.project >= 0:
		s.single = append(s.single, i)
	}
}

// on gives the rows of members of today for one project; none for the company's own presets.
func (r *roster) on(s *selector, project int32) []int32 {
	if project < 0 {
		return nil
	}
	from, ok := slices.BinarySearchFunc(s.single, project, func(row, p int32) int { return int(r.rows[row].project) - int(p) })
	if !ok {
		return nil
	}
	to := from
	for to < len(s.single) && r.rows[s.single[to]].project == project {
		to++
	}
	return s.single[from:to]
}

// forgets says whether the selector has rows for single projects but none for this one: it is more likely that HR has
// not written them yet than that nobody is on the project. The company's own presets take rows for every project only,
// so there it is rows for every project that must not be lacking altogether.
func (s *selector) forgets(project int32) bool {
	if !s.singles {
		return false
	}
	if project < 0 {
		return !s.everySome
	}
	_, ok := slices.BinarySearch(s.projects, project)
	return !ok
}
