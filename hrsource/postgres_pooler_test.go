package hrsource

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"procore-assignee-sync/migrations/pgdial"
	"procore-assignee-sync/migrations/pgtest"
)

func TestHRDataIsReadThroughAPoolerInEveryModeAsFromTheServer(t *testing.T) {
	direct := pgtest.HR(t)
	pgtest.Exec(t, direct, `insert into hr_team_members (employee_id, email, team, start_date) values
		('00123', 'ann@example.org', 'Concrete', '2026-01-31'), ('9', 'zoe@example.org', 'Steel', null);
		insert into role_mappings values ('*', 'Reviewer', 'Concrete', '*');
		create schema people; create view people.hr_team_members as select 'x1'::text as employee_id, 'a'::text as team`)
	through := pgtest.PgBouncer(t, direct, pgtest.PoolTransaction, "default_pool_size = 1")
	for _, query := range []string{"", "select employee_id, team, start_date from hr_team_members where team <> 'a' order by 1"} {
		want := loadPostgres(t, Postgres{URL: direct, Query: query})
		for _, mode := range pgtest.ExecModes() {
			for range 2 { // the second meets what the first left in the pool
				got := loadPostgres(t, Postgres{URL: pgtest.With(t, pgtest.WithExecMode(t, through, mode), "statement_timeout", "5000"), Query: query})
				want.Key = got.Key // the pooler's own address
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("%q, query %q: %s", mode, query, diff)
				}
			}
			rows, _, err := LoadRoleMapTable(t.Context(), pgtest.WithExecMode(t, through, mode))
			if err != nil || len(rows) != 1 {
				t.Errorf("%q: role map %v, %v", mode, rows, err)
			}
		}
	}
	people := loadPostgres(t, Postgres{URL: pgtest.With(t, through, "search_path", "people")})
	if len(people.Members) != 1 || people.Members[0].EmployeeID != "x1" {
		t.Errorf("the URL's search_path: got %+v", people.Members)
	}
}

func TestHRDataBehindAPoolerByStatementIsRefusedWithWhatToSet(t *testing.T) {
	_, err := Postgres{URL: pgtest.PgBouncer(t, pgtest.HR(t), pgtest.PoolStatement)}.Load(t.Context())
	var refused *SourceError
	if !errors.As(err, &refused) || pgdial.KindOf(err) != pgdial.BadPool {
		t.Errorf("got %v", err)
	}
}
