package hrsource

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"procore-assignee-sync/migrations"
	"procore-assignee-sync/migrations/pgtest"
)

func loadPostgres(t testing.TB, cfg Postgres) *Roster {
	t.Helper()
	roster, err := cfg.Load(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return roster
}

// withView returns a database with a view hr_team_members.
func withView(t *testing.T, query string) string {
	t.Helper()
	url := pgtest.Database(t)
	pgtest.Exec(t, url, "create view hr_team_members as "+query)
	return url
}

func TestTheTableIsReadWithPositionsInItsOrder(t *testing.T) {
	url := pgtest.HR(t)
	pgtest.Exec(t, url, `insert into hr_team_members
		(employee_id, email, procore_login, name, team, role, project, status, start_date, end_date) values
		('9', ' Zoe@Example.org', '', 'Zoe', 'Steel', null, '*', null, null, 'infinity'),
		('00123', 'ann@example.org', 'ann@procore.example', 'Ann Lee', 'Concrete', 'Foreman', '24-017', 'On Leave', '2026-01-01', '2026-12-31')`)
	got := loadPostgres(t, Postgres{URL: url})
	want := []Member{{
		EmployeeID: "00123", Email: "ann@example.org", ProcoreLogin: "ann@procore.example", Name: "Ann Lee",
		Team: "Concrete", Role: "Foreman", Project: "24-017", Status: Leave,
		Start: Date{2026, time.January, 1}, End: Date{2026, time.December, 31},
		At: []Position{{Source: "hr_team_members", Row: 1, Detail: "employee 00123"}},
	}, {
		EmployeeID: "9", Email: "zoe@example.org", Name: "Zoe", Team: "Steel", Status: Active,
		At: []Position{{Source: "hr_team_members", Row: 2, Detail: "employee 9"}},
	}}
	if diff := cmp.Diff(want, got.Members); diff != "" {
		t.Error(diff)
	}
	if at := got.Members[0].At[0].String(); at != "hr_team_members row 1, employee 00123" {
		t.Errorf("the position reads %q", at)
	}
	if got.Source != "hr_team_members" || got.Rows != 2 || got.Accepted != 2 {
		t.Errorf("got %+v", got)
	}
	if got.Key != "postgres" {
		t.Errorf("the key is %q", got.Key)
	}
}

func TestColumnsOfManyTypesAreRead(t *testing.T) {
	auckland, err := time.LoadLocation("Pacific/Auckland")
	if err != nil {
		t.Fatal(err)
	}
	url := pgtest.Database(t)
	pgtest.Exec(t, url, "create type mood as enum ('leave', 'active'); create domain code as varchar(5)")
	for _, test := range []struct{ name, columns, want string }{
		{"integer id", "7 as employee_id, 'a' as team", "7|a||active||"},
		{"bigint id, varchar, char", "562949953421312::bigint as employee_id, 'a'::varchar(9) as team, 'b'::char(5) as role", "562949953421312|a|b|active||"},
		{"numeric id", "123::numeric(12) as employee_id, 'a' as team", "123|a||active||"},
		{"uuid id", "'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11'::uuid as employee_id, 'a' as team", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11|a||active||"},
		{"enum and name", "'x1' as employee_id, 'b'::name as team, 'leave'::mood as status", "x1|b||leave||"},
		{"domain", "'x1'::code as employee_id, 'b' as team", "x1|b||active||"},
		{"dates", "'x1' as employee_id, 'b' as team, date '2026-01-31' as start_date, date '2026-02-28' as end_date", "x1|b||active|2026-01-31|2026-02-28"},
		{"timestamps", "'x1' as employee_id, 'b' as team, timestamp '2026-01-31 23:59:59.5' as start_date, null::timestamp as end_date", "x1|b||active|2026-01-31|"},
		{"moments are days where we are", "'x1' as employee_id, 'b' as team, timestamptz '2026-01-30 12:00+00' as start_date, timestamptz '2026-02-01 00:30:00.25-05:30' as end_date", "x1|b||active|2026-01-31|2026-02-01"},
		{"text dates", "'x1' as employee_id, 'b' as team, '2026-01-31' as start_date, '0000-00-00' as end_date", "x1|b||active|2026-01-31|"},
		{"endless dates", "'x1' as employee_id, 'b' as team, date '-infinity' as start_date, timestamptz 'infinity' as end_date", "x1|b||active||"},
		{"null dates, whatever day they are where we are", "'x1' as employee_id, 'b' as team, timestamptz '1970-01-01 00:00+00' as end_date", "x1|b||active||"},
		{"a moment near a null date", "'x1' as employee_id, 'b' as team, timestamptz '1970-01-01 06:00+00' as end_date", "x1|b||active||"},
		{"nulls", "'x1' as employee_id, 'b' as team, null as role, null::text as status, null::date as start_date", "x1|b||active||"},
		{"names in any case", `'x1' as "Employee ID", 'b' as "TEAM", 'r' as "Role"`, "x1|b|r|active||"},
		{"unknown columns", "'x1' as employee_id, 'b' as team, '{}'::jsonb as extra, 1.5::float8 as salary", "x1|b||active||"},
	} {
		t.Run(test.name, func(t *testing.T) {
			pgtest.Exec(t, url, "drop view if exists hr_team_members; create view hr_team_members as select "+test.columns)
			for query, from := range map[string]string{"": "the view", "select " + test.columns: "a query"} {
				got := loadPostgres(t, Postgres{URL: url, Query: query, Location: auckland})
				if len(got.Members) != 1 {
					t.Fatalf("from %s: got %+v", from, got)
				}
				m := got.Members[0]
				said := strings.Join([]string{m.EmployeeID, m.Team, m.Role, string(m.Status), m.Start.String(), m.End.String()}, "|")
				if said != test.want {
					t.Errorf("from %s: got %s, want %s", from, said, test.want)
				}
			}
		})
	}
}

func TestDateFormatIsForTextAndNotForDates(t *testing.T) {
	format, err := ParseDateFormat("DD.MM.YYYY")
	if err != nil {
		t.Fatal(err)
	}
	url := withView(t, "select 'x1' as employee_id, 'a' as team, date '2026-01-31' as start_date")
	cfg := Postgres{URL: url, Format: RowFormat{Date: format}}
	if got := loadPostgres(t, cfg).Members[0].Start.String(); got != "2026-01-31" {
		t.Errorf("a date: got %s", got)
	}
	cfg.Query = "select 'x1' as employee_id, 'a' as team, '31.01.2026' as start_date"
	if got := loadPostgres(t, cfg).Members[0].Start.String(); got != "2026-01-31" {
		t.Errorf("text: got %s", got)
	}
	cfg.Query = "select 'x1' as employee_id, 'a' as team, '31.01.2026' as start_date, date '2026-02-28' as end_date"
	if _, err := cfg.Load(t.Context()); err == nil || !strings.Contains(err.Error(), "cast both to date") {
		t.Errorf("one of each: got %v", err)
	}
}

func TestServerAndUserDefaultsOfDatesChangeNothing(t *testing.T) {
	url := withView(t, "select 'x1' as employee_id, 'a' as team, date '2026-03-04' as start_date")
	for _, style := range []string{"SQL, DMY", "German", "Postgres, MDY"} {
		got := loadPostgres(t, Postgres{URL: pgtest.With(t, url, "datestyle", style)})
		if start := got.Members[0].Start.String(); start != "2026-03-04" {
			t.Errorf("datestyle %s: got %s", style, start)
		}
	}
}

func TestRowsThatCannotBeAcceptedAreListedWithTheirPosition(t *testing.T) {
	got := loadPostgres(t, Postgres{URL: withView(t, `select * from (values
		('1', 'a', 'active'), ('2', null, 'active'), ('3', 'a', 'perhaps'), (null, 'a', 'active')) r (employee_id, team, status)`)})
	var said []string
	for _, r := range got.Rejected {
		said = append(said, r.At.String()+": "+r.Column)
	}
	want := []string{"hr_team_members row 1: employee_id", "hr_team_members row 3, employee 2: team", "hr_team_members row 4, employee 3: status"}
	if !slices.Equal(said, want) {
		t.Errorf("got %q, want %q", said, want)
	}
}

func TestAQueryNumbersRowsAsItGivesThem(t *testing.T) {
	got := loadPostgres(t, Postgres{
		URL:   pgtest.Database(t),
		Query: "select id as employee_id, 'a' as team from (values ('b'), ('a')) r (id) order by id desc; -- newest first",
	})
	if at := got.Members[0].At[0].String(); at != "HR_QUERY row 1, employee b" {
		t.Errorf("got %q", at)
	}
	if got.Key != "postgres" { // the same HR as the table: a query that is edited must not switch gates off
		t.Errorf("the key is %q", got.Key)
	}
}

func TestUpdatedAtIsTheNewestOfAllRows(t *testing.T) {
	url := pgtest.With(t, pgtest.Database(t), "timezone", "America/New_York")
	newest := time.Date(2026, 11, 23, 4, 30, 0, 0, time.UTC)
	for name, test := range map[string]struct {
		column string
		want   time.Time
	}{
		"with a zone":          {"timestamptz '2026-11-23 05:30+01'", newest},
		"in the server's zone": {"timestamp '2026-11-22 23:30'", newest},
		"a day":                {"date '2026-11-23'", newest.Add(30 * time.Minute)},
		"none":                 {"null::timestamptz", time.Time{}},
	} {
		got := loadPostgres(t, Postgres{URL: url, Query: "select x as employee_id, 'a' as team, u as updated_at " +
			"from (values ('1', " + test.column + "), ('2', null)) r (x, u)"})
		if !got.UpdatedAt.Equal(test.want) {
			t.Errorf("%s: got %s, want %s", name, got.UpdatedAt, test.want)
		}
	}
}

func TestTheFingerprintIsOfTheContentAlone(t *testing.T) {
	url := pgtest.Database(t)
	load := func(rows string) string {
		return loadPostgres(t, Postgres{
			URL:   url,
			Query: "select * from (values " + rows + ") r (employee_id, team, role, updated_at)",
		}).Fingerprint
	}
	first := load("('1', 'a', 'b', now()), ('2', 'a', '', now())")
	if again := load("('2', 'a', '', now() - interval '1 day'), ('1', 'a', 'b', now())"); again != first {
		t.Error("another order and a later refresh changed it")
	}
	for _, other := range []string{"('1', 'a', 'b', now())", "('1', 'a', 'b', now()), ('2', '', 'a', now())", "('1', 'ab', '', now()), ('2', 'a', '', now())"} {
		if load(other) == first {
			t.Errorf("%s has the same", other)
		}
	}
}

func TestTheReadersRightsSuffice(t *testing.T) {
	url := pgtest.HR(t)
	pgtest.Exec(t, url, migrations.RolesSQL)
	pgtest.Exec(t, url, "insert into hr_team_members (employee_id, team) values ('1', 'a'); insert into role_mappings values ('*', 'g', 'a', '*')")
	reader := pgtest.As(t, url, "assignee_sync_hr_reader")
	loadPostgres(t, Postgres{URL: reader})
	if _, _, err := LoadRoleMapTable(t.Context(), reader); err != nil {
		t.Error(err)
	}
}

func TestTheTableTakesEveryStatusThatTheLoaderKnows(t *testing.T) {
	conn := pgtest.Connect(t, pgtest.HR(t))
	insert := func(status string) error {
		_, err := conn.Exec(t.Context(), "insert into hr_team_members (employee_id, team, status) values ('1', 'a', $1)", status)
		return err
	}
	for name := range usualStatuses {
		for _, written := range []string{name, strings.ToUpper(name), strings.ReplaceAll(name, " ", "-")} {
			if err := insert(written); err != nil {
				t.Errorf("%q: %v", written, err)
			}
		}
	}
	var known int
	err := conn.QueryRow(t.Context(), `select count(*) from pg_constraint,
		regexp_matches(pg_get_constraintdef(oid), '''[a-z][a-z ]*''::text', 'g') where conname = 'hr_team_members_status_known'`).Scan(&known)
	if err != nil || known != len(usualStatuses)+1 { // and the 'g' of its regexp_replace
		t.Errorf("the table knows %d names of statuses, the loader %d: %v", known-1, len(usualStatuses), err)
	}
}
