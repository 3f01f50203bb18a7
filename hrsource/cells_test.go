package hrsource

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestSeveralValuesInOneCellAreRejected(t *testing.T) {
	inMap := func(names ...string) func(string) bool {
		return func(name string) bool {
			for _, known := range names {
				if strings.EqualFold(known, name) {
					return true
				}
			}
			return false
		}
	}
	for name, tc := range map[string]struct {
		team, role string
		byNames    bool // ROLE_MAP=names
		column     string
	}{
		"one":                                   {team: "Legal", role: "Lead"},
		"divided by semicolons":                 {team: "Legal; Finance", column: "team"},
		"divided by semicolons, with names":     {team: "Legal;Finance", byNames: true, column: "team"},
		"divided by bars":                       {team: "Legal", role: "Lead|Counsel", column: "role"},
		"divided by a line":                     {team: "\"Legal\nFinance\"", column: "team"},
		"divided by the line of another system": {team: "\"Legal\r\nFinance\"", byNames: true, column: "team"},
		"divided by a wide semicolon":           {team: "Legal\uFF1BFinance", column: "team"},
		"several unknown ones":                  {team: "Steel; Concrete", column: "team"},
		"one of them in the map, by a slash":    {team: "Legal / Steel", column: "team"},
		"one of them in the map, by a comma":    {team: `"Steel, legal"`, column: "team"},
		"a role in the map, by a slash":         {team: "Legal", role: "Driver/Lead", column: "role"},
		"a slash, none of them in the map":      {team: "Steel / Concrete"},
		"a slash in a name of the map":          {team: "Health/Safety"},
		"a comma in a name of the map":          {team: `"Finance, Tax"`},
		"a slash with names":                    {team: "Legal / Finance", byNames: true},
		"a team among roles":                    {team: "Steel", role: "Legal/Driver"},
		"a divider and nothing behind it":       {team: "Legal;", role: "|Lead"},
		"a divider and a mark without width":    {team: "Legal;\u200B"},
		"a line break before and behind":        {team: "\"\nLegal\n\""},
		"a slash and nothing behind it":         {team: "Legal/"},
	} {
		t.Run(name, func(t *testing.T) {
			roster := mustLoad(t, header+"1,,,,"+tc.team+","+tc.role+",,,,\n", func(c *CSV) {
				if !tc.byNames {
					c.Format.IsTeam = inMap("Legal", "Finance", "Health/Safety", "Finance, Tax")
					c.Format.IsRole = inMap("Lead", "Counsel")
				}
			})
			got := ""
			for _, row := range roster.Rejected {
				got = row.Column
				if !strings.Contains(row.Reason, "holds more than one value; write one row for each") || row.Column == "team" && row.Team != "" {
					t.Errorf("got %+v", row)
				}
			}
			if got != tc.column {
				t.Errorf("%q is at fault, want %q: %v", got, tc.column, roster.Rejected)
			}
		})
	}
}

func TestEndDatesThatMeanNoneAreCounted(t *testing.T) {
	roster := mustLoad(t, header+
		"1,,,,Legal,,,active,1900-01-01,1900-01-01\n"+
		"2,,,,Legal,,,active,2020-01-31,1753-01-01\n"+
		"3,,,,Legal,,,active,,1900-01-01\n"+
		"4,,,,Legal,,,prehire,1900-01-01,0000-00-00\n"+
		"5,,,,Legal,,,active,,1900-01-02\n"+
		"6,,,,Legal,,,active,,\n", nil)
	want := []NullDate{{"0000-00-00", 1, "hr.csv:5"}, {"1753-01-01", 1, "hr.csv:3"}, {"1900-01-01", 2, "hr.csv:2"}}
	if diff := cmp.Diff(want, roster.NullDates); diff != "" {
		t.Error(diff)
	}
	today := Date{2026, 11, 26}
	var here []string
	for _, m := range roster.Members {
		if m.On(today) {
			here = append(here, m.EmployeeID)
		}
	}
	// Whoever is to come has no date yet.
	if diff := cmp.Diff([]string{"1", "2", "3", "6"}, here); diff != "" {
		t.Error(diff)
	}
	if got, want := roster.NullDates[2].Where(), "2 rows, first hr.csv:2"; got != want {
		t.Errorf("got %s", got)
	}
}

func TestWhatASpreadsheetWritesToKeepTextIsReadAsText(t *testing.T) {
	roster := mustLoad(t, header+
		`="00123",="Ann@X.example",,="Ann, Lee",="Legal",,="24-017",="active",="2026-01-31",`+"\n"+
		`"=""00124""",,,"=""Bo """"B"""" Lee""",Legal,,,,,`+"\n", nil)
	want := []Member{
		{
			EmployeeID: "00123", Email: "ann@x.example", Name: "Ann, Lee", Team: "Legal", Project: "24-017", Status: Active,
			Start: Date{2026, 1, 31}, At: []Position{{Source: "hr.csv", Line: 2}},
		},
		{EmployeeID: "00124", Name: `Bo "B" Lee`, Team: "Legal", Status: Active, At: []Position{{Source: "hr.csv", Line: 3}}},
	}
	if diff := cmp.Diff(want, roster.Members); diff != "" {
		t.Errorf("%v %s", roster.Rejected, diff)
	}
}

func TestMarksThatCannotBeSeenAreTakenOut(t *testing.T) {
	roster := mustLoad(t, header+
		"\u200E007\u200F,\u200Eann\u00ADlee@x.example\u202C,,\u2066Ann\u2069,\u200FLegal\u200F,,\u200E24-017,\u2060act\u200Bive,\u200E2026-\u200E01-\u200E31,\n", nil)
	want := []Member{{
		EmployeeID: "007", Email: "annlee@x.example", Name: "Ann", Team: "Legal", Project: "24-017", Status: Active,
		Start: Date{2026, 1, 31}, At: []Position{{Source: "hr.csv", Line: 2}},
	}}
	if diff := cmp.Diff(want, roster.Members); diff != "" {
		t.Errorf("%v %s", roster.Rejected, diff)
	}
}

func TestAFillerCountsAsNoEmployeeID(t *testing.T) {
	roster := mustLoad(t, header+
		"N/A,a@x.example,,,Legal,,,,,\nn/a,b@x.example,,,Legal,,,,,\n999999,c@x.example,,,Legal,,,,,\n#N/A,d@x.example,,,Legal,,,,,\n####,e@x.example,,,Legal,,,,,\n", nil)
	if len(roster.Rejected) > 0 || len(roster.Members) != 5 {
		t.Fatalf("got %v", roster.Rejected)
	}
	for _, m := range roster.Members {
		if m.EmployeeID != "" {
			t.Errorf("%+v has a filler as its id", m)
		}
	}
}
