package hrsource

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// loadText loads text as the file hr.csv.
func loadText(t *testing.T, text string, change func(*CSV)) (*Roster, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "hr.csv")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	cfg := CSV{Path: path}
	if change != nil {
		change(&cfg)
	}
	return cfg.Load(context.Background())
}

func mustLoad(t *testing.T, text string, change func(*CSV)) *Roster {
	t.Helper()
	roster, err := loadText(t, text, change)
	if err != nil {
		t.Fatal(err)
	}
	return roster
}

// dateFormat is a format that a test knows to be right.
func dateFormat(text string) DateFormat {
	format, err := ParseDateFormat(text)
	if err != nil {
		panic(err)
	}
	return format
}

const header = "employee_id,email,procore_login,name,team,role,project,status,start_date,end_date\n"

func TestARowThatCannotBeAcceptedIsRejectedWithItsReason(t *testing.T) {
	for name, tc := range map[string]struct {
		row    string
		format RowFormat
		want   RejectedRow
	}{
		"no identity": {
			row:  ",,,Ann,Steel,,,,,",
			want: RejectedRow{Column: "employee_id", Reason: "neither employee_id nor email says who this is", Team: "Steel"},
		},
		"no identity but NULL": {
			row:  `NULL,\N,,Ann,Steel,,,,,`,
			want: RejectedRow{Column: "employee_id", Reason: "neither employee_id nor email says who this is", Team: "Steel"},
		},
		"no identity but a login": {
			row:  ",,ann@x.example,Ann,Steel,,,,,",
			want: RejectedRow{Column: "employee_id", Reason: "neither employee_id nor email says who this is", Team: "Steel", ProcoreLogin: "ann@x.example"},
		},
		"no team": {
			row:  "007,Ann@X.example,,Ann, ,,,,,",
			want: RejectedRow{Column: "team", Reason: "team is empty", EmployeeID: "007", Email: "ann@x.example"},
		},
		"id turned into a number": {
			row: "1.23E+11,ann@x.example,,Ann,Steel,,,,,",
			want: RejectedRow{
				Column: "employee_id", Value: "1.23E+11",
				Reason: `employee_id '1.23E+11' was turned into a number by a spreadsheet, and its digits are lost; export it as text`,
				Email:  "ann@x.example", Team: "Steel",
			},
		},
		"id turned into a number, no e-mail": {
			row: `"1,23E+11",,,Ann,Steel,,,,,`,
			want: RejectedRow{
				Column: "employee_id", Value: "1,23E+11",
				Reason: `employee_id '1,23E+11' was turned into a number by a spreadsheet, and its digits are lost; export it as text`, Team: "Steel",
			},
		},
		"id with a decimal point": {
			row: "123.0,,,Ann,Steel,,,,,",
			want: RejectedRow{
				Column: "employee_id", Value: "123.0",
				Reason: `employee_id '123.0' was turned into a decimal number on the way, and leading zeros may be lost; export it as text`, Team: "Steel",
			},
		},
		"id as a formula": {
			row: `"=""007""&""8""",,,Ann,Steel,,,,,`,
			want: RejectedRow{
				Column: "employee_id", Value: `="007"&"8"`,
				Reason: `employee_id '="007"&"8"' is a spreadsheet's formula; export its value as text`, Team: "Steel",
			},
		},
		"team as a formula": {
			row: `7,,,Ann,"=VLOOKUP(A2,B:C,2)",,,,,`,
			want: RejectedRow{
				Column: "team", Value: `=VLOOKUP(A2,B:C,2)`,
				Reason: `team '=VLOOKUP(A2,B:C,2)' is a spreadsheet's formula; export its value as text`, EmployeeID: "7",
			},
		},
		"a filler for the id, no e-mail": {
			row: "n/a,,,Ann,Steel,,,,,",
			want: RejectedRow{
				Column: "employee_id", Value: "n/a",
				Reason: "employee_id 'n/a' identifies nobody, and there is no email; write the person's own id or e-mail", Team: "Steel",
			},
		},
		"a filler for the e-mail": {
			row: "7,none,,Ann,Steel,,,,,",
			want: RejectedRow{
				Column: "email", Value: "none", EmployeeID: "7", Email: "none", Team: "Steel",
				Reason: "email 'none' is not an e-mail address; leave the cell empty where somebody has none",
			},
		},
		"an address with a character that can't be seen": {
			row: "7,ann\uE000lee@x.example,,Ann,Steel,,,,,",
			want: RejectedRow{
				Column: "email", EmployeeID: "7", Email: "ann\uE000lee@x.example", Team: "Steel",
				Reason: "email is not an e-mail address: it has the character U+E000 in it, which can't be seen; one address, and nothing else, belongs there",
			},
		},
		"two teams": {
			row: "7,,,Ann,Legal; Finance,,,,,",
			want: RejectedRow{
				Column: "team", Value: "Legal; Finance", EmployeeID: "7",
				Reason: "team 'Legal; Finance' holds more than one value; write one row for each",
			},
		},
		"two roles": {
			row: "7,,,Ann,Steel,\"Foreman\r\nDriver\",,,,",
			want: RejectedRow{
				Column: "role", Value: `Foreman\nDriver`, EmployeeID: "7", Team: "Steel",
				Reason: `role 'Foreman\nDriver' holds more than one value; write one row for each`,
			},
		},
		"a footer": {
			row: "Total: two people,,,,,,,,,",
			want: RejectedRow{
				Reason: "this looks like a title or a footer of a report, not like a person; take it out of the export",
			},
		},
		"a footer of a figure": {
			row: "Count=2,2026-11-23,,,,,,,,",
			want: RejectedRow{
				Reason: "this looks like a title or a footer of a report, not like a person; take it out of the export",
			},
		},
		"an id alone is no footer": {
			row:  "E-0438,,,,,,,,,",
			want: RejectedRow{Column: "team", Reason: "team is empty", EmployeeID: "E-0438"},
		},
		"a footer in the name": {
			row: ",,,Confidential,,,,,,",
			want: RejectedRow{
				Reason: "this looks like a title or a footer of a report, not like a person; take it out of the export",
			},
		},
		"the header once more": {
			row: strings.TrimSuffix(header, "\n"),
			want: RejectedRow{
				Reason: "this is the header once more; take it out: several exports were put into one file",
			},
		},
		"project turned into a number": {
			row: "7,,,Ann,Steel,,5.62949E+14,,,",
			want: RejectedRow{
				Column: "project", Value: "5.62949E+14",
				Reason:     `project '5.62949E+14' was turned into a number by a spreadsheet, and its digits are lost; export it as text`,
				EmployeeID: "7", Team: "Steel",
			},
		},
		"no e-mail address": {
			row: "7,ann at x.example,,Ann,Steel,,,,,",
			want: RejectedRow{
				Column: "email", Reason: "email is not an e-mail address: it has no @; one address, and nothing else, belongs there",
				EmployeeID: "7", Email: "ann at x.example", Team: "Steel",
			},
		},
		"two addresses": {
			row: "7,ann@x.example; bob@x.example,,Ann,Steel,,,,,",
			want: RejectedRow{
				Column: "email", Reason: "email is not an e-mail address: it has more than one @; one address, and nothing else, belongs there",
				EmployeeID: "7", Email: "ann@x.example; bob@x.example", Team: "Steel",
			},
		},
		"login that is not an address": {
			row: "7,,ann,Ann,Steel,,,,,",
			want: RejectedRow{
				Column: "procore_login", Reason: "procore_login is not an e-mail address: it has no @; one address, and nothing else, belongs there",
				EmployeeID: "7", ProcoreLogin: "ann", Team: "Steel",
			},
		},
		"unknown status": {
			row: "7,,,Ann,Steel,,,Zombie,,",
			want: RejectedRow{
				Column: "status", Value: "Zombie",
				Reason:     `status 'Zombie' is not known; set HR_STATUS_VALUES="?=Zombie" with active, leave, prehire or terminated for ?`,
				EmployeeID: "7", Team: "Steel",
			},
		},
		"date in another format": {
			row: "7,,,Ann,Steel,,,,31/12/2026,",
			want: RejectedRow{
				Column: "start_date", Value: "31/12/2026",
				Reason:     `start_date '31/12/2026' is not a date like YYYY-MM-DD; set HR_DATE_FORMAT="DD/MM/YYYY", which fits all of them`,
				EmployeeID: "7", Team: "Steel",
			},
		},
		"a day that does not exist": {
			row: "7,,,Ann,Steel,,,,,2026-02-30",
			want: RejectedRow{
				Column: "end_date", Value: "2026-02-30",
				Reason: `end_date '2026-02-30' is a day that does not exist; correct it in HR`, EmployeeID: "7", Team: "Steel",
			},
		},
		"a spreadsheet's day number": {
			row: "7,,,Ann,Steel,,,,46022,",
			want: RejectedRow{
				Column: "start_date", Value: "46022",
				Reason:     `start_date '46022' is a spreadsheet's day number; format that column as a date`,
				EmployeeID: "7", Team: "Steel",
			},
		},
		"end before start": {
			row: "7,,,Ann,Steel,,,,2026-03-01,2026-02-01",
			want: RejectedRow{
				Column: "end_date", Value: "2026-02-01",
				Reason: `end_date 2026-02-01 lies before start_date 2026-03-01; correct one of them in HR`, EmployeeID: "7", Team: "Steel",
			},
		},
		"a short year that may mean no end": {
			row:    "7,,,Ann,Steel,,,,1.2.20,31.12.99",
			format: RowFormat{Date: dateFormat("D.M.YY")},
			want: RejectedRow{
				Column: "end_date", Value: "31.12.99",
				Reason:     `end_date '31.12.99' may stand for another century, and mean that there is no end; export years with four digits`,
				EmployeeID: "7", Team: "Steel",
			},
		},
		"a short year that may be a null date": {
			row:    "7,,,Ann,Steel,,,,1.2.20,1.1.00",
			format: RowFormat{Date: dateFormat("D.M.YY")},
			want: RejectedRow{
				Column: "end_date", Value: "1.1.00",
				Reason:     `end_date '1.1.00' may stand for another century, and mean that there is no end; export years with four digits`,
				EmployeeID: "7", Team: "Steel",
			},
		},
		"a spreadsheet's error for the team": {
			row: "7,,,Ann,#N/A,,,,,",
			want: RejectedRow{
				Column: "team", Value: "#N/A", Reason: "team is #N/A, which a spreadsheet writes where it has no value; export the value",
				EmployeeID: "7",
			},
		},
		"a damaged character": {
			row: "7,,,Ann,B\uFFFDton,,,,,",
			want: RejectedRow{
				Column:     "team",
				Reason:     "team has a character that was damaged in an earlier conversion; export it as UTF-8",
				EmployeeID: "7",
			},
		},
		"a cell without end": {
			row: "7,,,Ann,Steel," + strings.Repeat("x", 1001) + ",,,,",
			want: RejectedRow{
				Column: "role", Reason: "role has more than 1000 characters; look for a quote that is not closed",
				EmployeeID: "7", Team: "Steel",
			},
		},
		"several things at once": {
			row: "1E+5,,,Ann,,,,Zombie,,tomorrow",
			want: RejectedRow{
				Column: "employee_id", Value: "1E+5",
				Reason: `employee_id '1E+5' was turned into a number by a spreadsheet, and its digits are lost; export it as text; ` +
					`team is empty; ` +
					`status 'Zombie' is not known; set HR_STATUS_VALUES="?=Zombie" with active, leave, prehire or terminated for ?; ` +
					`end_date 'tomorrow' is not a date like YYYY-MM-DD; correct it in HR`,
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			roster := mustLoad(t, header+"1,first@x.example,,\"First\nName\",Steel,,,,,\n\n"+tc.row+"\n", func(c *CSV) { c.Format = tc.format })
			tc.want.At = Position{Source: "hr.csv", Line: 5}
			if diff := cmp.Diff([]RejectedRow{tc.want}, roster.Rejected, cmpopts.IgnoreFields(RejectedRow{}, "As", "WrongColumns")); diff != "" {
				t.Error(diff)
			}
			if roster.Rows != 2 || roster.Accepted != 1 || len(roster.Members) != 1 {
				t.Errorf("%d rows, %d accepted, %d members", roster.Rows, roster.Accepted, len(roster.Members))
			}
		})
	}
}

func TestARejectedRowIsKeptAsHRWroteItWithAllColumnsInDoubt(t *testing.T) {
	roster := mustLoad(t, header+
		" 007 ,Ann@X.example,,Ann,Legal; Finance,Lead,24-017,Zombie,soon,\n"+
		"8,b@x.example,,Bo,Steel,,,active,2026-01-31,\n9,B@x.example,,Bo,Steel,,,On Leave,,\n", nil)
	type kept struct {
		as     Row
		doubts []string
	}
	at := func(line int) Position { return Position{Source: "hr.csv", Line: line} }
	want := []kept{
		{Row{
			At: at(2), EmployeeID: "007", Email: "Ann@X.example", Name: "Ann", Team: "Legal; Finance", Role: "Lead", Project: "24-017",
			Status: "Zombie", StartDate: "soon",
		}, []string{"start_date", "status", "team"}},
		{Row{At: at(3), EmployeeID: "8", Email: "b@x.example", Name: "Bo", Team: "Steel", Status: "active", StartDate: "2026-01-31"}, []string{"email", "employee_id"}},
		{Row{At: at(4), EmployeeID: "9", Email: "b@x.example", Name: "Bo", Team: "Steel", Status: "leave"}, []string{"email", "employee_id"}},
	}
	var got []kept
	for _, row := range roster.Rejected {
		got = append(got, kept{row.As, row.WrongColumns})
	}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(kept{})); diff != "" {
		t.Error(diff)
	}
}

func TestAnOddNameRejectsNobody(t *testing.T) {
	roster := mustLoad(t, header+"7,,,#N/A,Steel,,,,,\n8,,,B\uFFFDrd,Steel,,,,,\n9,,,NULL,Steel,,,,,\n", nil)
	if len(roster.Rejected) > 0 || len(roster.Members) != 3 {
		t.Errorf("%v", roster.Rejected)
	}
}

func TestAllRejectedRowsAreListedInOrder(t *testing.T) {
	roster := mustLoad(t, header+"1,,,,,,,,,\n2,,,,Steel,,,,,\n3,,,,,,,,,\n,,,x,Steel,,,,,\n", nil)
	var got []string
	for _, row := range roster.Rejected {
		got = append(got, row.String())
	}
	want := []string{
		"hr.csv:2: team is empty",
		"hr.csv:4: team is empty",
		"hr.csv:5: neither employee_id nor email says who this is",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestARejectedRowNamesTheColumnAsTheFileDoes(t *testing.T) {
	roster := mustLoad(t, "Mail,Crew,Hired\nann@x.example,Steel,soon\n", func(c *CSV) {
		c.Columns = map[string]string{"email": "Mail", "team": "Crew", "start_date": "Hired"}
	})
	want := `hr.csv:2: start_date ('Hired') 'soon' is not a date like YYYY-MM-DD; correct it in HR`
	if len(roster.Rejected) != 1 || roster.Rejected[0].String() != want {
		t.Errorf("got  %v\nwant %s", roster.Rejected, want)
	}
}

func TestAContradictionRejectsAllRowsConcerned(t *testing.T) {
	const idReason = `employee_id '7' has more than one e-mail (see also %s); correct it in HR; or, where they are one person, give these rows one procore_login`
	const mailReason = `the same email has more than one employee id (see also %s); correct it in HR; or, where they are one person, give these rows one procore_login`
	reason := func(form, others string) string { return strings.Replace(form, "%s", others, 1) }
	for name, tc := range map[string]struct {
		rows string
		want map[int]string
	}{
		"one id, two e-mails": {
			rows: "7,a@x.example,,,A,,,,,\n8,c@x.example,,,A,,,,,\n7,b@x.example,,,B,,,,,\n",
			want: map[int]string{2: reason(idReason, "hr.csv:4"), 4: reason(idReason, "hr.csv:2")},
		},
		"a third row that only has the id": {
			rows: "7,a@x.example,,,A,,,,,\n7,b@x.example,,,B,,,,,\n7,,,,C,,,,,\n",
			want: map[int]string{2: reason(idReason, "hr.csv:3, hr.csv:4"), 3: reason(idReason, "hr.csv:2, hr.csv:4"), 4: reason(idReason, "hr.csv:2, hr.csv:3")},
		},
		"one e-mail in several cases, two ids": {
			rows: "7,a@x.example,,,A,,,,,\n07,A@X.example,,,B,,,,,\n",
			want: map[int]string{2: reason(mailReason, "hr.csv:3"), 3: reason(mailReason, "hr.csv:2")},
		},
		"one login makes it one person": {
			rows: "7,a@x.example,p@x.example,,A,,,,,\n7,b@x.example,P@x.example,,B,,,,,\n7,,,,C,,,,,\n",
		},
		"one login, two ids": {
			rows: "7,a@x.example,p@x.example,,A,,,,,\n8,a@x.example,p@x.example,,B,,,,,\n",
		},
		"two logins": {
			rows: "7,a@x.example,p@x.example,,A,,,,,\n7,b@x.example,q@x.example,,B,,,,,\n",
			want: map[int]string{2: reason(idReason, "hr.csv:3"), 3: reason(idReason, "hr.csv:2")},
		},
		"one of them without a login": {
			rows: "7,a@x.example,p@x.example,,A,,,,,\n7,b@x.example,,,B,,,,,\n",
			want: map[int]string{2: reason(idReason, "hr.csv:3"), 3: reason(idReason, "hr.csv:2")},
		},
		"a row that is rejected anyhow still speaks of its person": {
			rows: "7,a@x.example,,,A,,,,,\n7,b@x.example,,,,,,,,\n",
			want: map[int]string{2: reason(idReason, "hr.csv:3"), 3: "team is empty; " + reason(idReason, "hr.csv:2")},
		},
		"a mangled id speaks of nobody": {
			rows: "1E+5,a@x.example,,,A,,,,,\n1E+5,b@x.example,,,A,,,,,\n",
			want: map[int]string{
				2: `employee_id '1E+5' was turned into a number by a spreadsheet, and its digits are lost; export it as text`,
				3: `employee_id '1E+5' was turned into a number by a spreadsheet, and its digits are lost; export it as text`,
			},
		},
		"what is not an address speaks of nobody": {
			rows: "7,n/a,,,A,,,,,\n8,n/a,,,A,,,,,\n",
			want: map[int]string{
				2: "email 'n/a' is not an e-mail address; leave the cell empty where somebody has none",
				3: "email 'n/a' is not an e-mail address; leave the cell empty where somebody has none",
			},
		},
		"a rehire's old row": {
			rows: "7,a@x.example,,,A,,,terminated,,\n8,a@x.example,,,A,,,,,\n9,a@x.example,,,A,,,,2010-01-01,2019-12-31\n",
		},
		"a number that is given to somebody new": {
			rows: "7,a@x.example,,,A,,,left,,\n7,b@x.example,,,A,,,,,\n",
		},
		"two who are here, and one who left": {
			rows: "7,a@x.example,,,A,,,,,\n8,a@x.example,,,A,,,leave,,\n9,a@x.example,,,A,,,Retired,,\n",
			want: map[int]string{2: reason(mailReason, "hr.csv:3"), 3: reason(mailReason, "hr.csv:2")},
		},
		"a rehire who has not come yet": {
			rows: "7,a@x.example,,,A,,,,,2026-12-31\n8,a@x.example,,,A,,,prehire,2027-01-01,\n",
			want: map[int]string{2: reason(mailReason, "hr.csv:3"), 3: reason(mailReason, "hr.csv:2")},
		},
		"a row of which it can't be read whether its person left": {
			rows: "7,a@x.example,,,A,,,ausgetreten,,\n8,a@x.example,,,A,,,,,\n7,b@x.example,,,A,,,,,soon\n",
			want: map[int]string{
				2: `status 'ausgetreten' is not known; set HR_STATUS_VALUES="terminated=ausgetreten|left"`,
				4: `end_date 'soon' is not a date like YYYY-MM-DD; correct it in HR`,
			},
		},
		"a null date is no end": {
			rows: "7,a@x.example,,,A,,,,,1900-01-01\n8,a@x.example,,,A,,,,,\n",
			want: map[int]string{2: reason(mailReason, "hr.csv:3"), 3: reason(mailReason, "hr.csv:2")},
		},
		"many rows": {
			rows: "7,a@x.example,,,A,,,,,\n7,b@x.example,,,B,,,,,\n" + strings.Repeat("7,a@x.example,,,C,,,,,\n", 6),
			want: map[int]string{
				2: reason(idReason, "hr.csv:3, hr.csv:4, hr.csv:5, hr.csv:6, hr.csv:7, and 2 more"),
				9: reason(idReason, "hr.csv:2, hr.csv:3, hr.csv:4, hr.csv:5, hr.csv:6, and 2 more"),
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			roster := mustLoad(t, header+tc.rows, func(c *CSV) {
				c.Format.Today = Date{2026, 11, 26}
				c.Format.StatusValues = map[string]Status{"left": Terminated}
			})
			got := make(map[int]string)
			for _, row := range roster.Rejected {
				got[row.At.Line] = row.Reason
			}
			if name == "many rows" {
				if len(got) != 8 {
					t.Errorf("%d rows are rejected, want 8", len(got))
				}
				got = map[int]string{2: got[2], 9: got[9]}
			}
			if tc.want == nil {
				tc.want = map[int]string{}
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestRowsOfOneLoadAreRefusedTogether(t *testing.T) {
	for name, tc := range map[string]struct{ text, want string }{
		"header only":     {header, ": there is a header, but no row below it; check whether its export failed"},
		"missing team":    {"email\na@x.example\n", `:1: the header has no column "team"; it has "email": rename the column in the export, or say which it is in HR_CSV_COLUMNS`},
		"ragged last row": {header + "7,,,,A,,,,,\n7,,,\n", ":3: the row has 4 cells, the header has 10; this looks like a title or a footer of a report: take it out of the export"},
	} {
		t.Run(name, func(t *testing.T) {
			roster, err := loadText(t, tc.text, nil)
			var refused *SourceError
			if roster != nil || !errors.As(err, &refused) || !strings.HasSuffix(err.Error(), "hr.csv"+tc.want) {
				t.Errorf("got  %v, %v\nwant %s", roster, err, tc.want)
			}
		})
	}
}
