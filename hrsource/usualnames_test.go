package hrsource

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"procore-assignee-sync/migrations/pgtest"
)

func TestAColumnUnderAUsualNameIsRefusedWithBothWaysOut(t *testing.T) {
	const row = "x1,Legal,a,b\n"
	for name, tc := range map[string]struct {
		text   string
		change func(*CSV)
		want   string // empty: loaded
	}{
		"status and end date": {
			text: "employee_id,team,Employment Status,Termination Date\n" + row,
			want: `:1: there is no column status or end_date, but "Employment Status" and "Termination Date", which may be what is meant; set HR_CSV_COLUMNS="status=Employment Status,end_date=Termination Date" to read it so, or HR_CSV_IGNORE="Employment Status,Termination Date" to leave it out`,
		},
		"in any spelling, below a blank line": {
			text: "\nemployee_id,team,JOB_TITLE,hire  date\n" + row,
			want: `:2: there is no column role or start_date, but "JOB_TITLE" and "hire  date", which may be what is meant; set HR_CSV_COLUMNS="role=JOB_TITLE,start_date=hire  date" to read it so, or HR_CSV_IGNORE="JOB_TITLE,hire  date" to leave it out`,
		},
		"two for one": {
			text: "employee_id,team,Job,Job Number\n" + row,
			want: `:1: there is no column project, but "Job" and "Job Number", which may be what is meant; set HR_CSV_COLUMNS="project=Job" to read it so, or HR_CSV_IGNORE="Job,Job Number" to leave it out`,
		},
		"beside a missing column, both at once": {
			text: "employee_id,Department,Employment Status,Job\n" + row,
			want: `:1: the header has no column "team"; it has "employee_id", "Department", "Employment Status", "Job": rename the column in the export, or say which it is in HR_CSV_COLUMNS
FILE:1: there is no column status or project, but "Employment Status" and "Job", which may be what is meant; set HR_CSV_COLUMNS="project=Job,status=Employment Status" to read it so, or HR_CSV_IGNORE="Employment Status,Job" to leave it out`,
		},
		"what is set already is kept": {
			text: "No,team,Cost Center,Is Active\n" + row,
			change: func(c *CSV) {
				c.Columns, c.Ignore = map[string]string{"employee_id": "No"}, []string{"Cost, Center"}
			},
			want: `:1: there is no column status, but "Is Active", which may be what is meant; set HR_CSV_COLUMNS="employee_id=No,status=Is Active" to read it so, or HR_CSV_IGNORE='"Cost, Center",Is Active' to leave it out`,
		},
		"said what it is":         {text: "employee_id,team,Employment Status,x\nx1,Legal,active,b\n", change: func(c *CSV) { c.Columns = map[string]string{"status": "employment_status"} }},
		"said that it is not":     {text: "employee_id,team,Position,Procore User\n" + row, change: func(c *CSV) { c.Ignore = []string{"POSITION", "procore user"} }},
		"beside the column":       {text: "employee_id,team,Job,project\nx1,Legal,a,b\n"},
		"used as another column":  {text: "employee_id,team,Position,x\n" + row, change: func(c *CSV) { c.Columns = map[string]string{"name": "Position"} }},
		"of a column that is not": {text: "employee_id,team,Department,Cost Center\n" + row},
	} {
		t.Run(name, func(t *testing.T) {
			roster, err := loadText(t, tc.text, tc.change)
			if tc.want == "" {
				if err != nil || len(roster.Members) != 1 {
					t.Fatalf("got %v, %v", roster, err)
				}
				return
			}
			var refused *SourceError
			if roster != nil || !errors.As(err, &refused) || !strings.HasSuffix(err.Error(), strings.ReplaceAll(tc.want, "FILE", refused.File)) {
				t.Errorf("got  %v, %v\nwant %s", roster, err, tc.want)
			}
		})
	}
}

func TestEveryUsualNameIsRefusedAndEveryWayOutIsTaken(t *testing.T) {
	for column, names := range usualNames {
		for _, name := range names {
			text := "employee_id,team," + strings.ToUpper(name) + "\nx1,Legal,\n"
			if _, err := loadText(t, text, nil); err == nil || !strings.Contains(err.Error(), column) {
				t.Errorf("%s for %s: got %v", name, column, err)
			}
			roster := mustLoad(t, text, func(c *CSV) { c.Columns = map[string]string{column: name} })
			if !slices.ContainsFunc(roster.Columns.Used, func(used UsedColumn) bool { return used.Name == column }) {
				t.Errorf("%s is not read as %s", name, column)
			}
			mustLoad(t, text, func(c *CSV) { c.Ignore = []string{name} })
		}
		for other, names := range usualNames {
			if other != column && slices.ContainsFunc(names, func(name string) bool { return slices.Contains(usualNames[column], name) }) {
				t.Errorf("a name means %s and %s", column, other)
			}
		}
	}
}

func TestTheColumnsThatAreReadAreKnown(t *testing.T) {
	roster := mustLoad(t, "Employee ID,e-mail,Dept,role,project,status,end_date,\"Cost \"\"Center\"\n"+
		"n/a,a@x.example,Legal,,*,,1900-01-01,1\n"+
		"0,b@x.example,Legal,NULL,,,,2\n", func(c *CSV) {
		c.Columns = map[string]string{"team": "Dept", "email": "e-mail"}
		c.Format.Today = Date{2026, 11, 26}
	})
	want := ColumnUse{
		Used: []UsedColumn{
			{"employee_id", "Employee ID", false},
			{"email", "e-mail", true},
			{"team", "Dept", true},
			{"role", "role", false},
			{"project", "project", false},
			{"status", "status", false},
			{"end_date", "end_date", false},
		},
		Unused: []string{`Cost "Center`},
	}
	if diff := cmp.Diff(want, roster.Columns); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"email", "team"}, roster.Columns.Filled()); diff != "" {
		t.Error(diff)
	}
	if got, want := roster.Columns.String(), `employee_id, email ("e-mail"), team ("Dept"), role, project, status, end_date; not used: "Cost \"Center"`; got != want {
		t.Errorf("got %s", got)
	}
	unread := mustLoad(t, header+"1E+5,no address,,,Legal,=1+1,24.0,zombie,soon,later\n", nil)
	if filled := unread.Columns.Filled(); len(filled) != 8 {
		t.Errorf("what can't be read is no empty column: %v", filled)
	}
}

func TestAColumnOfATableUnderAUsualNameIsRefusedWithAQueryThatReadsIt(t *testing.T) {
	url := withView(t, `select 'x1'::text as employee_id, 'Legal'::text as team, 'terminated'::text as "Employment Status", '24-017'::text as job, now() as updated_at, 7 as wage`)
	_, err := Postgres{URL: url}.Load(t.Context())
	read, leave := `select "employee_id", "team", "updated_at", "Employment Status" as status, "job" as project from hr_team_members`,
		`select "employee_id", "team", "updated_at" from hr_team_members`
	want := `hr_team_members: there is no column status or project, but "Employment Status" and "job", which may be what is meant; set HR_QUERY='` +
		read + `' to read it so, or HR_QUERY='` + leave + `' to leave it out`
	if err == nil || err.Error() != want {
		t.Fatalf("got  %v\nwant %s", err, want)
	}
	roster := loadPostgres(t, Postgres{URL: url, Query: read})
	if len(roster.Members) != 1 || roster.Members[0].Status != Terminated || roster.Members[0].Project != "24-017" || roster.UpdatedAt.IsZero() {
		t.Errorf("got %+v", roster)
	}
	if roster = loadPostgres(t, Postgres{URL: url, Query: leave}); len(roster.Members) != 1 || roster.Members[0].Status != Active {
		t.Errorf("got %+v", roster.Members)
	}
	_, err = Postgres{URL: url, Query: `select employee_id, team, wage, job as "Job Number", "Employment Status" as status from hr_team_members`}.Load(t.Context())
	want = `HR_QUERY: there is no column project, but "Job Number", which may be what is meant; write "Job Number" as project in HR_QUERY to read it so, or leave it out of the query's columns`
	if err == nil || err.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
}

func TestTheColumnsOfATableThatAreReadAreKnown(t *testing.T) {
	url := withView(t, `select 'x1'::text as employee_id, ''::text as email, 'Legal'::text as "TEAM", now() as updated_at, 7 as wage`)
	for _, query := range []string{"", "select * from hr_team_members"} {
		want := ColumnUse{
			Used:   []UsedColumn{{"employee_id", "employee_id", true}, {"email", "email", false}, {"team", "TEAM", true}},
			Unused: []string{"wage"},
		}
		if diff := cmp.Diff(want, loadPostgres(t, Postgres{URL: url, Query: query}).Columns); diff != "" {
			t.Error(diff)
		}
	}
	pgtest.Exec(t, url, "drop view hr_team_members")
}
