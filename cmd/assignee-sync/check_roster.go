package main

import (
	"cmp"
	"maps"
	"slices"

	"procore-assignee-sync/hrsource"
)

// hrFacts is what check tells of the HR data.
type hrFacts struct {
	Source     string        `json:"source"`
	Rows       int           `json:"rows"`
	Accepted   int           `json:"accepted"`
	Rejected   int           `json:"rejected"`
	Duplicates int           `json:"duplicates"`
	People     int           `json:"people"`        // distinct, of any status
	Members    int           `json:"members_today"` // distinct people who are members today
	Teams      []namedCount  `json:"teams"`         // people by team
	Projects   int           `json:"projects"`      // that rows name
	EveryRow   int           `json:"rows_for_every_project"`
	Statuses   []namedCount  `json:"statuses"` // rows by status
	Rejects    []rejectFacts `json:"rejected_rows"`
	NoNewline  string        `json:"unterminated_last_row,omitempty"` // where the last row has no newline after it
}

// namedCount is how many there are of something.
type namedCount struct {
	Name  string `json:"name"`
	Count int    `json:"count"`
}

// rejectFacts is one row that could not be accepted.
type rejectFacts struct {
	At     string `json:"at"`
	Column string `json:"column,omitempty"`
	Reason string `json:"reason"`
}

// roster takes the HR data as loaded.
func (r *checkReport) roster(roster *hrsource.Roster, today hrsource.Date) {
	f := &hrFacts{
		Source: roster.Source, Rows: roster.Rows, Accepted: roster.Accepted, Rejected: len(roster.Rejected),
		Duplicates: roster.Duplicates, Teams: []namedCount{}, Statuses: []namedCount{}, Rejects: []rejectFacts{},
	}
	people, members := map[string]bool{}, map[string]bool{}
	projects, statuses := map[string]bool{}, map[string]int{}
	teams := map[string]map[string]bool{}
	for _, m := range roster.Members {
		who := cmp.Or(m.EmployeeID, m.Email)
		people[who] = true
		if m.On(today) {
			members[who] = true
		}
		statuses[string(m.Status)] += len(m.At)
		if m.Project == hrsource.EveryProject {
			f.EveryRow += len(m.At)
		} else {
			projects[m.Project] = true
		}
		if teams[m.Team] == nil {
			teams[m.Team] = map[string]bool{}
		}
		teams[m.Team][who] = true
	}
	f.People, f.Members, f.Projects = len(people), len(members), len(projects)
	for _, name := range slices.Sorted(maps.Keys(teams)) {
		f.Teams = append(f.Teams, namedCount{name, len(teams[name])})
	}
	for _, name := range slices.Sorted(maps.Keys(statuses)) {
		f.Statuses = append(f.Statuses, namedCount{name, statuses[name]})
	}
	for _, row := range roster.Rejected {
		f.Rejects = append(f.Rejects, rejectFacts{row.At.String(), row.Column, row.Reason})
	}
	if at := roster.UnterminatedLastRow; at != nil {
		f.NoNewline = at.String()
	}
	r.HR = f
}
