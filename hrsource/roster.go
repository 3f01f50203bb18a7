package hrsource

import (
	"fmt"
	"time"
)

// Status is a person's employment status according to one HR row.
type Status string

// The statuses. Synonyms are mapped to these while loading.
const (
	Active     Status = "active"
	Leave      Status = "leave"
	Prehire    Status = "prehire"
	Terminated Status = "terminated"
)

// EveryProject is the value of Member.Project for a row that applies to every project.
const EveryProject = ""

// Position says where a row is: `hr.csv:14`, or `hr_team_members row 17, employee 00123`.
type Position struct {
	Source string // file name, or table or view
	Line   int    // line in a file, from 1; 0 for a table
	Row    int    // row in a table, from 1; 0 for a file
	Detail string // what else helps to find a table's row, such as "employee 00123"
}

// String returns the position as reports print it.
func (p Position) String() string {
	switch {
	case p.Line > 0:
		return fmt.Sprintf("%s:%d", p.Source, p.Line)
	case p.Detail != "":
		return fmt.Sprintf("%s row %d, %s", p.Source, p.Row, p.Detail)
	case p.Row > 0:
		return fmt.Sprintf("%s row %d", p.Source, p.Row)
	default:
		return p.Source
	}
}

// Member is one accepted HR row: a person on a team, perhaps in a role, perhaps on one project, for a period.
// Text is trimmed; Email and ProcoreLogin are also case-folded.
type Member struct {
	EmployeeID   string
	Email        string
	ProcoreLogin string
	Name         string
	Team         string
	Role         string
	Project      string // as HR wrote it: an id or a number; EveryProject for all
	Status       Status
	Start, End   Date       // zero if HR gives none
	At           []Position // one, or more if exact duplicates were merged
}

// Login returns the address by which Procore should know the person: procore_login, else email. It may be empty.
func (m Member) Login() string {
	if m.ProcoreLogin != "" {
		return m.ProcoreLogin
	}
	return m.Email
}

// On reports whether the row makes the person a member on that day: active or on leave within start and end; prehire from
// its start date only; terminated never.
func (m Member) On(day Date) bool {
	switch m.Status {
	case Active, Leave:
		if !m.Start.IsZero() && day.Before(m.Start) {
			return false
		}
	case Prehire:
		if m.Start.IsZero() || day.Before(m.Start) {
			return false
		}
	default:
		return false
	}
	return m.End.IsZero() || !m.End.Before(day)
}

// RejectedRow is a row that could not be accepted, with what could be read of it, so that nobody whom it may mean loses
// their place.
type RejectedRow struct {
	At     Position
	Column string // canonical name of the first column at fault; may be empty
	Value  string // the offending value, shortened; empty if it is too personal to show
	Reason string // which columns, what is wrong with them and what to do, for people

	EmployeeID   string
	Email        string
	ProcoreLogin string
	Team         string // empty if it could not be read: the row then counts for every team

	As           Row      // the row as HR wrote it, as far as it was kept, for people
	WrongColumns []string // canonical names of all columns with a fault
}

// String says where the row is and why it was rejected.
func (r RejectedRow) String() string { return r.At.String() + ": " + r.Reason }

// Roster is the result of one load.
type Roster struct {
	Source      string    // for people: the file's name as given, or the table's
	Key         string    // identifies this HR source across runs: csv or postgres, wherever the file or the server is
	Fingerprint string    // sha256, hex, of the content
	UpdatedAt   time.Time // the file's time, or the newest updated_at; zero where unknown
	Rows        int       // data rows read: accepted (including duplicates) and rejected
	Accepted    int       // rows accepted, including duplicates
	Duplicates  int       // exact duplicate rows that were merged
	Members     []Member  // sorted by position
	Rejected    []RejectedRow
	Causes      []RejectedCause // of Rejected, those of the most rows first
	NullDates   []NullDate      // end dates that stand for none, by text
	Columns     ColumnUse

	// UnterminatedLastRow is the position of the file's last row if no newline follows it: the export may have been cut
	// there.
	UnterminatedLastRow *Position
}

// RoleRow is one row of a role map, as text: in a file or in the table role_mappings.
type RoleRow struct {
	Template string // name, id, or *
	Group    string
	Team     string
	Role     string // or *
	At       Position
}
