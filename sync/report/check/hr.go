package check

import (
	"maps"
	"slices"

	"procore-assignee-sync/hrsource"
	"procore-assignee-sync/sync/planner"
)

// HRFacts is what check reports about the HR data.
type HRFacts struct {
	Source     string        `json:"source"`
	Rows       int           `json:"rows"`
	Accepted   int           `json:"accepted"`
	Rejected   int           `json:"rejected"`
	Duplicates int           `json:"duplicates"`
	People     int           `json:"people"`        // distinct, of any status
	Members    int           `json:"members_today"` // distinct people who are members today
	Teams      []NamedCount  `json:"teams"`         // people by team
	Projects   int           `json:"projects"`      // projects that rows name
	EveryRow   int           `json:"rows_for_every_project"`
	Statuses   []NamedCount  `json:"statuses"` // rows by status
	Rejects    []RejectFacts `json:"rejected_rows"`
	NoNewline  string        `json:"unterminated_last_row,omitempty"` // the last row, if no newline follows it

	Columns   hrsource.ColumnUse       `json:"columns"`
	Causes    []hrsource.RejectedCause `json:"rejected_causes"`
	NullDates []hrsource.NullDate      `json:"null_dates"`
}

// NamedCount is how many there are of something.
type NamedCount struct {
	Name  string `json:"name"`
	Count int    `json:"count"`
}

// RejectFacts is one row that could not be accepted.
type RejectFacts struct {
	At     string `json:"at"`
	Column string `json:"column,omitempty"`
	Reason string `json:"reason"`
}

// Roster adds the HR data as loaded. today decides who is a member.
func (c *Report) Roster(roster *hrsource.Roster, today hrsource.Date) {
	f := &HRFacts{
		Source: roster.Source, Rows: roster.Rows, Accepted: roster.Accepted, Rejected: len(roster.Rejected),
		Duplicates: roster.Duplicates, Teams: []NamedCount{}, Statuses: []NamedCount{}, Rejects: []RejectFacts{},
		Columns: roster.Columns, Causes: append([]hrsource.RejectedCause{}, roster.Causes...), NullDates: append([]hrsource.NullDate{}, roster.NullDates...),
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
	count := planner.CountPeople(roster.Members, today)
	f.People, f.Members, f.Projects = count.People, count.Today, len(projects)
	for _, name := range slices.Sorted(maps.Keys(count.Teams)) {
		f.Teams = append(f.Teams, NamedCount{name, count.Teams[name]})
	}
	for _, name := range slices.Sorted(maps.Keys(statuses)) {
		f.Statuses = append(f.Statuses, NamedCount{name, statuses[name]})
	}
	for _, row := range roster.Rejected {
		f.Rejects = append(f.Rejects, RejectFacts{row.At.String(), row.Column, row.Reason})
	}
	if at := roster.UnterminatedLastRow; at != nil {
		f.NoNewline = at.String()
	}
	c.HR = f
}
