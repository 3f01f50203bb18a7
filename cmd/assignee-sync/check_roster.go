package main

import (
	"maps"
	"slices"

	"procore-assignee-sync/hrsource"
	"procore-assignee-sync/sync/planner"
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

	Columns   hrsource.ColumnUse       `json:"columns"`
	Causes    []hrsource.RejectedCause `json:"rejected_causes"`
	NullDates []hrsource.NullDate      `json:"null_dates"`
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
		Columns: roster.Columns, Causes: roster.Causes, NullDates: roster.NullDates,
	}
	projects, statuses := map[string]bool{}, map[string]int{}
	for i := range roster.Members {
		m := &roster.Members[i]
		statuses[string(m.Status)] += len(m.At)
		if m.Project == hrsource.EveryProject {
			f.EveryRow += len(m.At)
		} else {
			projects[m.Project] = true
		}
	}
	c := planner.CountPeople(roster.Members, today)
	f.People, f.Members, f.Projects = c.People, c.Today, len(projects)
	for _, name := range slices.Sorted(maps.Keys(c.Teams)) {
		f.Teams = append(f.Teams, namedCount{name, c.Teams[name]})
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
