package sync

import (
	"cmp"

	"procore-assignee-sync/hrsource"
)

// SourceRow is an HR row that a change or an exception of a plan names. It is kept with the run, since the export is
// overwritten tomorrow. Its fields are the columns of sources.csv.
type SourceRow struct {
	Source       string `json:"source"` // as changes and exceptions name it: hr.csv:14
	EmployeeID   string `json:"employee_id,omitempty"`
	Email        string `json:"email,omitempty"`
	ProcoreLogin string `json:"procore_login,omitempty"`
	Name         string `json:"name,omitempty"`
	Team         string `json:"team,omitempty"`
	Role         string `json:"role,omitempty"`
	Project      string `json:"project,omitempty"`
	Status       string `json:"status,omitempty"`
	StartDate    string `json:"start_date,omitempty"`
	EndDate      string `json:"end_date,omitempty"`
}

// NamedRows returns the rows of the roster that the plan's changes and exceptions name, as HR wrote them: accepted rows
// in the roster's order, then rejected ones.
func NamedRows(roster *hrsource.Roster, plan *Plan) []SourceRow {
	named := map[string]bool{}
	note := func(source Positions) {
		for _, at := range source {
			named[at] = true
		}
	}
	for i := range plan.Changes {
		note(plan.Changes[i].Source)
	}
	for i := range plan.Exceptions {
		note(plan.Exceptions[i].Source)
	}
	var rows []SourceRow
	for i := range roster.Members {
		for _, at := range roster.Members[i].At {
			if named[at.String()] {
				rows = append(rows, rowOfMember(&roster.Members[i], at.String()))
			}
		}
	}
	for i := range roster.Rejected {
		if at := roster.Rejected[i].At.String(); named[at] {
			rows = append(rows, rowOfRejected(&roster.Rejected[i], at))
		}
	}
	return rows
}

func rowOfMember(m *hrsource.Member, at string) SourceRow {
	row := SourceRow{
		Source: at, EmployeeID: m.EmployeeID, Email: m.Email, ProcoreLogin: m.ProcoreLogin, Name: m.Name, Team: m.Team,
		Role: m.Role, Project: m.Project, Status: string(m.Status),
	}
	if !m.Start.IsZero() {
		row.StartDate = m.Start.String()
	}
	if !m.End.IsZero() {
		row.EndDate = m.End.String()
	}
	return row
}

// rowOfRejected returns the row as HR wrote it, as far as it was kept.
func rowOfRejected(r *hrsource.RejectedRow, at string) SourceRow {
	return SourceRow{
		Source: at, EmployeeID: cmp.Or(r.As.EmployeeID, r.EmployeeID), Email: cmp.Or(r.As.Email, r.Email),
		ProcoreLogin: cmp.Or(r.As.ProcoreLogin, r.ProcoreLogin), Name: r.As.Name, Team: cmp.Or(r.As.Team, r.Team), Role: r.As.Role,
		Project: r.As.Project, Status: r.As.Status, StartDate: r.As.StartDate, EndDate: r.As.EndDate,
	}
}
