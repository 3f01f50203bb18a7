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
	projects, statuses := map[string]bool{}, map[string]int{}
	c := newHeadCount(len(roster.Members))
	for i := range roster.Members {
		m := &roster.Members[i]
		c.add(m, today)
		statuses[string(m.Status)] += len(m.At)
		if m.Project == hrsource.EveryProject {
			f.EveryRow += len(m.At)
		} else {
			projects[m.Project] = true
		}
	}
	f.People, f.Members, f.Projects = len(c.people), c.members, len(projects)
	for _, name := range slices.Sorted(maps.Keys(c.teams)) {
		f.Teams = append(f.Teams, namedCount{name, c.sizes[c.teams[name]]})
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

// headCount counts distinct people. It keeps numbers instead of names where it can, since a roster may be large.
type headCount struct {
	people  map[string]int32 // by employee id, else e-mail
	today   []bool           // by person
	members int              // of today
	teams   map[string]int32
	sizes   []int // people by team
	onTeam  map[[2]int32]struct{}
}

func newHeadCount(rows int) *headCount {
	return &headCount{
		people: make(map[string]int32, rows), today: make([]bool, 0, rows),
		teams: map[string]int32{}, onTeam: make(map[[2]int32]struct{}, rows),
	}
}

func (c *headCount) add(m *hrsource.Member, today hrsource.Date) {
	name := cmp.Or(m.EmployeeID, m.Email)
	who, known := c.people[name]
	if !known {
		who = int32(len(c.people)) // rows are bounded
		c.people[name] = who
		c.today = append(c.today, false)
	}
	if m.On(today) && !c.today[who] {
		c.today[who] = true
		c.members++
	}
	team, known := c.teams[m.Team]
	if !known {
		team = int32(len(c.teams))
		c.teams[m.Team] = team
		c.sizes = append(c.sizes, 0)
	}
	if _, counted := c.onTeam[[2]int32{team, who}]; !counted {
		c.onTeam[[2]int32{team, who}] = struct{}{}
		c.sizes[team]++
	}
}
