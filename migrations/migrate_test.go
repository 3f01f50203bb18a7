package migrations_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"procore-assignee-sync/migrations"
	"procore-assignee-sync/migrations/pgdial"
	"procore-assignee-sync/migrations/pgtest"
)

var sets = []migrations.Set{migrations.HR, migrations.Ledger}

func migrate(t *testing.T, url string, set migrations.Set, opts migrations.Options) migrations.Result {
	t.Helper()
	result, err := migrations.Migrate(t.Context(), url, set, opts)
	if err != nil {
		t.Fatal(err)
	}
	return result
}

func TestMigratingCreatesTheSchemaOnceAndThenChangesNothing(t *testing.T) {
	for _, set := range sets {
		url := pgtest.Database(t)
		first := migrate(t, url, set, migrations.Options{})
		if first.From != 0 || first.Current != set.Latest() || len(first.Applied) != set.Latest() || len(first.Pending) != 0 {
			t.Errorf("%s: first run: %+v", set, first)
		}
		second := migrate(t, url, set, migrations.Options{})
		if second.From != set.Latest() || second.Current != set.Latest() || len(second.Applied) != 0 {
			t.Errorf("%s: second run: %+v", set, second)
		}
	}
}

func TestBothSetsFitIntoOneDatabase(t *testing.T) {
	url := pgtest.Database(t)
	for _, set := range sets {
		migrate(t, url, set, migrations.Options{})
	}
	for _, set := range sets {
		state, err := migrations.Status(t.Context(), url, set)
		if err != nil || state.Current != set.Latest() {
			t.Errorf("%s: %+v, %v", set, state, err)
		}
	}
}

func TestStatusListsWhatIsPendingAndCreatesNothing(t *testing.T) {
	url := pgtest.Database(t)
	state, err := migrations.Status(t.Context(), url, migrations.HR)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"001_hr_team_members.sql", "002_role_mappings.sql", "003_cells_as_read.sql"}
	if state.Current != 0 || !slices.Equal(state.Pending, want) {
		t.Errorf("got version %d, pending %v", state.Current, state.Pending)
	}
	if tables := count(t, url, "select count(*) from pg_class where relnamespace = 'public'::regnamespace"); tables != 0 {
		t.Errorf("status created %d relations", tables)
	}
}

func TestMigratingToAVersionStopsThereAndGoesBackWhileTablesAreEmpty(t *testing.T) {
	for _, set := range sets {
		url := pgtest.Database(t)
		one, none := 1, 0
		if got := migrate(t, url, set, migrations.Options{To: &one}); got.Current != 1 || len(got.Applied) != 1 {
			t.Errorf("%s: to 1: %+v", set, got)
		}
		migrate(t, url, set, migrations.Options{})
		back := migrate(t, url, set, migrations.Options{To: &none})
		if back.Current != 0 || len(back.Applied) != set.Latest() {
			t.Errorf("%s: back to 0: %+v", set, back)
		}
		if again := migrate(t, url, set, migrations.Options{}); again.Current != set.Latest() {
			t.Errorf("%s: forward again: %+v", set, again)
		}
	}
}

func TestGoingBackNeverDropsATableWithRows(t *testing.T) {
	for set, insert := range map[migrations.Set]string{
		migrations.HR: "insert into hr_team_members (employee_id, team) values ('1', 'a')",
		migrations.Ledger: `insert into sync_runs (run_id, company_id, host, command, started_at, run_by, pid, version, summary)
			values ('r', '1', 'h', 'plan', now(), 'me', 1, 'v', '{}')`,
	} {
		url := pgtest.Database(t)
		migrate(t, url, set, migrations.Options{})
		pgtest.Exec(t, url, insert)
		none := 0
		_, err := migrations.Migrate(t.Context(), url, set, migrations.Options{To: &none})
		if err == nil || !strings.Contains(err.Error(), "by hand") || !strings.Contains(err.Error(), "001_") {
			t.Errorf("%s: got %v", set, err)
		}
		table := "hr_team_members"
		if set == migrations.Ledger {
			table = "sync_runs"
		}
		if rows := count(t, url, "select count(*) from "+table); rows != 1 {
			t.Errorf("%s: %d rows left", set, rows)
		}
	}
}

func TestAViewOrTableOfTheCustomersOwnIsLeftAlone(t *testing.T) {
	for kind, create := range map[string]string{
		"view":              "create view hr_team_members as select 'x'::text as team",
		"materialized view": "create materialized view hr_team_members as select 'x'::text as team",
		"table":             "create table hr_team_members (team text)",
	} {
		url := pgtest.Database(t)
		pgtest.Exec(t, url, create)
		want := []migrations.LeftAlone{{Name: "hr_team_members", Kind: kind}}
		for _, when := range []string{"first", "second"} {
			got := migrate(t, url, migrations.HR, migrations.Options{})
			if diff := cmp.Diff(want, got.LeftAlone); diff != "" {
				t.Errorf("%s, %s run: %s", kind, when, diff)
			}
		}
		if columns := count(t, url, "select count(*) from pg_attribute where attrelid = 'hr_team_members'::regclass and attnum > 0"); columns != 1 {
			t.Errorf("%s: it has %d columns now", kind, columns)
		}
		if found := count(t, url, "select count(*) from role_mappings"); found != 0 {
			t.Errorf("%s: role_mappings was not made", kind)
		}
		none := 0
		migrate(t, url, migrations.HR, migrations.Options{To: &none})
		if found := count(t, url, "select count(*) from pg_class where relname = 'hr_team_members'"); found != 1 {
			t.Errorf("%s: it is gone on the way back", kind)
		}
	}
}

func TestTwoMigrationsAtOnceDoNotMeet(t *testing.T) {
	url := pgtest.Database(t)
	var group sync.WaitGroup
	errs := make([]error, 4)
	for i := range errs {
		group.Go(func() {
			_, errs[i] = migrations.Migrate(context.Background(), url, migrations.Ledger, migrations.Options{})
		})
	}
	group.Wait()
	if err := errors.Join(errs...); err != nil {
		t.Error(err)
	}
}

func TestWaitingForAnotherMigrationIsBounded(t *testing.T) {
	url := pgtest.Database(t)
	// The key of hr as pg_locks shows it while its migration runs.
	pgtest.Connect(t, url).Exec(t.Context(), "select pg_advisory_lock(1634953070, 1)")
	_, err := migrations.Migrate(t.Context(), url, migrations.HR, migrations.Options{LockTimeout: time.Millisecond})
	var busy *migrations.BusyError
	if !errors.As(err, &busy) || !strings.Contains(busy.Holder, "user postgres") {
		t.Errorf("got %v", err)
	}
}

func TestMigrationsWorkBehindAPoolerByTransactionInEveryMode(t *testing.T) {
	for _, mode := range pgtest.ExecModes() {
		for _, set := range sets {
			direct := pgtest.Database(t)
			pgtest.Exec(t, direct, "create schema people")
			through := pgtest.With(t, pgtest.WithExecMode(t, pgtest.PgBouncer(t, direct, pgtest.PoolTransaction), mode), "search_path", "people")
			if got := migrate(t, through, set, migrations.Options{}); got.Current != set.Latest() {
				t.Errorf("%s, %q: %+v", set, mode, got)
			}
			if got := migrate(t, through, set, migrations.Options{}); len(got.Applied) != 0 {
				t.Errorf("%s, %q: again: %+v", set, mode, got)
			}
			if made := count(t, direct, "select count(*) from pg_class where relnamespace = 'people'::regnamespace and relkind = 'r'"); made < 3 {
				t.Errorf("%s, %q: %d tables in the schema of the URL", set, mode, made)
			}
			if locks := count(t, direct, "select count(*) from pg_locks where locktype = 'advisory'"); locks != 0 {
				t.Errorf("%s, %q: %d locks are left in the pool", set, mode, locks)
			}
		}
	}
}

func TestAMigrationThatFailsBehindAPoolerLeavesNoLock(t *testing.T) {
	direct := pgtest.Database(t)
	pgtest.Exec(t, direct, "create table sync_changes ()")
	through := pgtest.PgBouncer(t, direct, pgtest.PoolTransaction)
	if _, err := migrations.Migrate(t.Context(), through, migrations.Ledger, migrations.Options{}); err == nil {
		t.Fatal("it did not fail")
	}
	if locks := count(t, direct, "select count(*) from pg_locks where locktype = 'advisory'"); locks != 0 {
		t.Errorf("%d locks are left in the pool", locks)
	}
}

func TestAPoolerByStatementIsRefusedAtOnce(t *testing.T) {
	through := pgtest.PgBouncer(t, pgtest.Database(t), pgtest.PoolStatement)
	_, err := migrations.Migrate(t.Context(), through, migrations.Ledger, migrations.Options{})
	if pgdial.KindOf(err) != pgdial.BadPool || !strings.Contains(err.Error(), "pool_mode") {
		t.Errorf("got %v", err)
	}
}

func TestASchemaOfALaterProgramIsRefused(t *testing.T) {
	url := pgtest.HR(t)
	pgtest.Exec(t, url, "update assignee_sync_hr_version set version = 99")
	var newer *migrations.NewerError
	if _, err := migrations.Migrate(t.Context(), url, migrations.HR, migrations.Options{}); !errors.As(err, &newer) {
		t.Errorf("migrate: got %v", err)
	}
	if _, err := migrations.Status(t.Context(), url, migrations.HR); !errors.As(err, &newer) {
		t.Errorf("status: got %v", err)
	}
}

func TestAVersionThatDoesNotExistIsRefusedBeforeConnecting(t *testing.T) {
	for _, to := range []int{-1, migrations.HR.Latest() + 1} {
		var wrong *migrations.VersionError
		_, err := migrations.Migrate(t.Context(), "not even a url", migrations.HR, migrations.Options{To: &to})
		if !errors.As(err, &wrong) {
			t.Errorf("to %d: got %v", to, err)
		}
	}
	if _, err := migrations.Migrate(t.Context(), "", "payroll", migrations.Options{}); err == nil {
		t.Error("a set that does not exist was taken")
	}
}

func TestAFailedMigrationNamesItselfAndIsUndone(t *testing.T) {
	url := pgtest.Database(t)
	pgtest.Exec(t, url, "create table sync_changes ()")
	result, err := migrations.Migrate(t.Context(), url, migrations.Ledger, migrations.Options{})
	if result.Current != 1 || !slices.Equal(result.Applied, []string{"001_sync_runs.sql"}) {
		t.Errorf("got %+v", result)
	}
	if err == nil || !strings.Contains(err.Error(), "ledger/002_sync_changes.sql failed and was undone") ||
		!strings.Contains(err.Error(), "already exists") {
		t.Fatalf("got %v", err)
	}
	state, err := migrations.Status(t.Context(), url, migrations.Ledger)
	if err != nil || state.Current != 1 {
		t.Errorf("version %d, %v", state.Current, err)
	}
}

func TestTablesAreMadeInTheFirstSchemaOfTheSearchPath(t *testing.T) {
	url := pgtest.Database(t)
	pgtest.Exec(t, url, "create schema people")
	migrate(t, pgtest.With(t, url, "search_path", "people"), migrations.HR, migrations.Options{})
	if found := count(t, url, "select count(*) from pg_tables where schemaname = 'people'"); found != 3 {
		t.Errorf("%d tables in schema people, want 3 with the version table", found)
	}
}

func TestEveryTableAndColumnHasAComment(t *testing.T) {
	const bare = `
select format('%s.%s', c.relname, coalesce(a.attname, '')) from pg_class c
left join lateral (select attname, attnum from pg_attribute where attrelid = c.oid and attnum > 0
                   union all select null, 0) a on true
where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'
  and case a.attnum when 0 then obj_description(c.oid, 'pg_class') else col_description(c.oid, a.attnum) end is null`
	for _, url := range []string{pgtest.HR(t), pgtest.Ledger(t)} {
		rows, err := pgtest.Connect(t, url).Query(t.Context(), bare)
		if err != nil {
			t.Fatal(err)
		}
		found, err := pgx.CollectRows(rows, pgx.RowTo[string])
		if err != nil || len(found) > 0 {
			t.Errorf("without a comment: %v, %v", found, err)
		}
	}
}

func TestErrorsNeverShowThePassword(t *testing.T) {
	for _, url := range []string{
		"postgres://me:hush@127.0.0.1:1/x?connect_timeout=1",
		"postgres://me:hu%zzsh@127.0.0.1/x",
		"postgres://me:hush@127.0.0.1:port/x",
		"host=127.0.0.1 port=1 password=hush connect_timeout=never",
		"host=127.0.0.1 password='hush",
	} {
		_, err := migrations.Status(t.Context(), url, migrations.HR)
		if err == nil {
			t.Fatalf("%s: no error", url)
		}
		for ; err != nil; err = errors.Unwrap(err) {
			if strings.Contains(err.Error(), "hush") || strings.Contains(err.Error(), "hu%zz") {
				t.Errorf("%v", err)
			}
		}
	}
}

func count(t *testing.T, url, query string) int {
	t.Helper()
	var n int
	if err := pgtest.Connect(t, url).QueryRow(t.Context(), query).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}
