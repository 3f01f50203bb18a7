package sync

import (
	"testing"

	"procore-assignee-sync/hrsource"
)

func TestTheRowsThatAChangeOrAnExceptionNamesAreKeptAndNoOthers(t *testing.T) {
	at := func(line int) hrsource.Position { return hrsource.Position{Source: "hr.csv", Line: line} }
	roster := &hrsource.Roster{
		Members: []hrsource.Member{
			{EmployeeID: "007", Email: "ann@x.com", Name: "Ann", Team: "Legal", Role: "Lead", Project: "24-017", Status: hrsource.Active, Start: day("2026-01-31"), At: []hrsource.Position{at(2), at(5)}},
			{EmployeeID: "8", Team: "Legal", Status: hrsource.Active, At: []hrsource.Position{at(3)}},
		},
		Rejected: []hrsource.RejectedRow{
			{At: at(4), Column: "status", Email: "bob@x.com", Team: "Legal", As: hrsource.Row{Email: "Bob@x.com", Team: "Legal", Status: "gone"}},
			{At: at(6), Email: "zoe@x.com"},
		},
	}
	plan := &Plan{
		Changes:    []Change{{Source: Positions{"hr.csv:5", "hr.csv:9"}}, {}},
		Exceptions: []Exception{{Source: Positions{"hr.csv:4"}}, {}},
	}
	want(t, "rows", NamedRows(roster, plan), []SourceRow{
		{Source: "hr.csv:5", EmployeeID: "007", Email: "ann@x.com", Name: "Ann", Team: "Legal", Role: "Lead", Project: "24-017", Status: "active", StartDate: "2026-01-31"},
		{Source: "hr.csv:4", Email: "Bob@x.com", Team: "Legal", Status: "gone"},
	})
}

func TestAnExportWithASemicolonInItsNameGetsItsRowsKept(t *testing.T) {
	at := hrsource.Position{Source: "hr;1.csv", Line: 2}
	roster := &hrsource.Roster{Members: []hrsource.Member{{Email: "ann@x.com", Team: "Legal", Status: hrsource.Active, At: []hrsource.Position{at}}}}
	rows := []SourceRow{{Source: "hr;1.csv:2", Email: "ann@x.com", Team: "Legal", Status: "active"}}
	plan := &Plan{Changes: []Change{{Source: PositionsOf(roster.Members[0].At)}}}
	want(t, "rows", NamedRows(roster, plan), rows)
	want(t, "rows once read back", NamedRows(roster, &Plan{Changes: []Change{{Source: ReadPositions("hr;1.csv:2;hr;1.csv:9")}}}), rows)
}
