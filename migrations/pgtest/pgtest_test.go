package pgtest_test

import (
	"context"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"procore-assignee-sync/migrations"
	"procore-assignee-sync/migrations/pgtest"
)

func TestEachTestHasAnEmptyDatabaseOfItsOwn(t *testing.T) {
	first, second := pgtest.Database(t), pgtest.Database(t)
	if first == second {
		t.Fatalf("both are %s", first)
	}
	pgtest.Exec(t, first, "create table mine ()")
	var found bool
	err := pgtest.Connect(t, second).QueryRow(t.Context(), "select to_regclass('mine') is not null").Scan(&found)
	if err != nil || found {
		t.Errorf("the second database has the first one's table: %v, %v", found, err)
	}
}

func TestMigratedDatabasesAreUpToDate(t *testing.T) {
	for set, database := range map[migrations.Set]func(testing.TB) string{
		migrations.HR: pgtest.HR, migrations.Ledger: pgtest.Ledger,
	} {
		state, err := migrations.Status(t.Context(), database(t), set)
		if err != nil || len(state.Pending) > 0 || state.Current == 0 {
			t.Errorf("%s: %+v, %v", set, state, err)
		}
	}
}

// A child of this test starts a server and is killed: what it started must end with it.
func TestAServerEndsWithATestBinaryThatIsKilled(t *testing.T) {
	if os.Getenv("PGTEST_CHILD") != "" {
		u, err := url.Parse(pgtest.Database(t))
		if err != nil {
			t.Fatal(err)
		}
		var folder string
		err = pgtest.Connect(t, u.String()).QueryRow(t.Context(), "show data_directory").Scan(&folder)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(os.Getenv("PGTEST_CHILD"), []byte(folder), 0o600); err != nil {
			t.Fatal(err)
		}
		self, _ := os.FindProcess(os.Getpid())
		_ = self.Kill()
		select {}
	}
	if os.Getenv("TEST_DATABASE_URL") != "" {
		t.Skip("TEST_DATABASE_URL names a server that is not ours to end")
	}
	pgtest.Database(t) // skips where no server can be started
	told := filepath.Join(t.TempDir(), "folder")
	child := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$")
	child.Env = append(os.Environ(), "PGTEST_CHILD="+told)
	if output, err := child.CombinedOutput(); err == nil {
		t.Fatalf("the child was not killed:\n%s", output)
	}
	folder, err := os.ReadFile(told)
	if err != nil || !strings.Contains(string(folder), "pgtest-") {
		t.Fatalf("the child did not get as far as a server: %q, %v", folder, err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	for {
		if _, err := os.Stat(filepath.Dir(string(folder))); os.IsNotExist(err) {
			return
		}
		select {
		case <-ctx.Done():
			t.Fatalf("%s is still there", folder)
		case <-time.After(10 * time.Millisecond):
		}
	}
}

func TestATransactionPoolGivesEachTransactionAnySession(t *testing.T) {
	through := pgtest.PgBouncer(t, pgtest.Database(t), pgtest.PoolTransaction)
	first, second := pgtest.Connect(t, through), pgtest.Connect(t, through)
	for i, conn := range []*pgx.Conn{first, second} {
		var locked bool
		if err := conn.QueryRow(t.Context(), "select pg_try_advisory_lock(1)", pgx.QueryExecModeExec).Scan(&locked); err != nil || !locked {
			t.Errorf("client %d: %v, %v", i, locked, err)
		}
	}
}

func TestAStatementPoolTakesNoTransaction(t *testing.T) {
	conn := pgtest.Connect(t, pgtest.PgBouncer(t, pgtest.Database(t), pgtest.PoolStatement))
	if tx, err := conn.Begin(t.Context()); err == nil {
		t.Errorf("it began: %v", tx.Rollback(t.Context()))
	}
}
