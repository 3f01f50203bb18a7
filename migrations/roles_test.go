package migrations_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"procore-assignee-sync/migrations"
	"procore-assignee-sync/migrations/pgtest"
)

// withRoles returns a database that was set up as roles.sql says: roles, migrations by the owner, roles again.
func withRoles(t *testing.T) string {
	t.Helper()
	url := pgtest.Database(t)
	pgtest.Exec(t, url, migrations.RolesSQL)
	for _, set := range sets {
		if _, err := migrations.Migrate(t.Context(), pgtest.As(t, url, "assignee_sync_owner"), set, migrations.Options{}); err != nil {
			t.Fatalf("the owner's rights do not suffice: %v", err)
		}
	}
	pgtest.Exec(t, url, migrations.RolesSQL)
	return url
}

func TestEachRoleMayDoItsWorkAndNothingElse(t *testing.T) {
	url := withRoles(t)
	const insertRun = `insert into sync_runs (run_id, company_id, host, command, started_at, run_by, pid, version, summary)
		values ('r', '1', 'h', 'plan', now(), 'me', 1, 'v', '{}')`
	for _, test := range []struct {
		role    string
		sql     string
		allowed bool
	}{
		{"assignee_sync_hr_reader", "select * from hr_team_members", true},
		{"assignee_sync_hr_reader", "select * from role_mappings", true},
		{"assignee_sync_hr_reader", "select version from assignee_sync_hr_version", true},
		{"assignee_sync_hr_reader", "insert into hr_team_members (employee_id, team) values ('1', 'a')", false},
		{"assignee_sync_hr_reader", "delete from role_mappings", false},
		{"assignee_sync_hr_reader", "select * from sync_runs", false},
		{"assignee_sync_hr_reader", "create table x ()", false},

		{"assignee_sync_ledger_writer", insertRun, true},
		{"assignee_sync_ledger_writer", "insert into sync_exceptions values ('r', 'conflict', 's', 'd')", true},
		{"assignee_sync_ledger_writer", "delete from sync_runs where run_id = 'r'", true},
		{"assignee_sync_ledger_writer", "select version from assignee_sync_ledger_version", true},
		{"assignee_sync_ledger_writer", "update assignee_sync_ledger_version set version = 0", false},
		{"assignee_sync_ledger_writer", "truncate sync_runs cascade", false},
		{"assignee_sync_ledger_writer", "select * from hr_team_members", false},
		{"assignee_sync_ledger_writer", "drop table sync_runs", false},
		{"assignee_sync_ledger_writer", "create table x ()", false},
	} {
		_, err := pgtest.Connect(t, pgtest.As(t, url, test.role)).Exec(t.Context(), test.sql)
		var refused *pgconn.PgError
		switch {
		case test.allowed && err != nil:
			t.Errorf("%s may not: %s: %v", test.role, test.sql, err)
		case !test.allowed && (!errors.As(err, &refused) || refused.Code != "42501"):
			t.Errorf("%s: %s: got %v, want permission denied", test.role, test.sql, err)
		}
	}
}

// A table that a migration makes is of no use to the job before roles.sql grants it.
func TestNoTableOfTheMigrationsIsForgottenInTheRoles(t *testing.T) {
	conn := pgtest.Connect(t, withRoles(t))
	rows, err := conn.Query(t.Context(), `
select relname from pg_class where relnamespace = current_schema()::regnamespace and relkind in ('r', 'v')
       and not has_table_privilege('assignee_sync_hr_reader', oid, 'select')
       and not (has_table_privilege('assignee_sync_ledger_writer', oid, 'select')
                and (relname = 'assignee_sync_ledger_version' or has_table_privilege('assignee_sync_ledger_writer', oid, 'insert')))`)
	if err != nil {
		t.Fatal(err)
	}
	forgotten, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil || len(forgotten) > 0 {
		t.Errorf("nobody may use %q, %v", forgotten, err)
	}
}

func TestTheReaderMayReadACustomersOwnView(t *testing.T) {
	url := pgtest.Database(t)
	pgtest.Exec(t, url, "create table payroll (who text); create view hr_team_members as select who as employee_id from payroll")
	pgtest.Exec(t, url, migrations.RolesSQL)
	conn := pgtest.Connect(t, pgtest.As(t, url, "assignee_sync_hr_reader"))
	if _, err := conn.Exec(t.Context(), "select * from hr_team_members"); err != nil {
		t.Error(err)
	}
	if _, err := conn.Exec(t.Context(), "select * from payroll"); err == nil {
		t.Error("the reader may read the table under the view")
	}
}

func TestTheJobsRolesOwnNothingAndAreNoSuperusers(t *testing.T) {
	conn := pgtest.Connect(t, withRoles(t))
	rows, err := conn.Query(t.Context(), `
select rolname, rolsuper or rolcreatedb or rolcreaterole or rolreplication or rolbypassrls as strong,
       exists (select from pg_class where relowner = r.oid) as owner
from pg_roles r where starts_with(rolname, 'assignee_sync_') and rolname <> 'assignee_sync_owner' order by 1`)
	if err != nil {
		t.Fatal(err)
	}
	type role struct {
		Rolname       string
		Strong, Owner bool
	}
	roles, err := pgx.CollectRows(rows, pgx.RowToStructByPos[role])
	want := fmt.Sprint([]role{{"assignee_sync_hr_reader", false, false}, {"assignee_sync_ledger_writer", false, false}})
	if err != nil || fmt.Sprint(roles) != want {
		t.Errorf("got %v, %v", roles, err)
	}
}
