package ledger

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"procore-assignee-sync/migrations/pgdial"
	"procore-assignee-sync/migrations/pgtest"
)

// Night after night, each with connections of its own, since what a night leaves in the pool is met by the next.
func TestTheLedgerWorksBehindAPoolerInEveryMode(t *testing.T) {
	for _, mode := range pgtest.ExecModes() {
		direct := pgtest.Ledger(t)
		through := pgtest.PgBouncer(t, direct, pgtest.PoolTransaction)
		for name, url := range map[string]string{"direct": direct, "through a pooler": through} {
			url = pgtest.WithExecMode(t, url, mode)
			for n := range 2 {
				where := name + " " + mode
				p := databaseAt(t, url)
				release, err := p.lock(t.Context(), "42", pgHost, Holder{RunID: "the one that holds it"})
				must(t, err)
				rec := pgRecord("42", n+len(name)) // each of its own
				steps := pgSteps(rec)
				must(t, p.writeWhole(t.Context(), rec, steps))
				must(t, p.checkLocks(t.Context()))

				other := databaseAt(t, url)
				var held *HeldError
				if _, err := other.lock(t.Context(), "42", pgHost, Holder{}); !errors.As(err, &held) || held.RunID != "the one that holds it" {
					t.Errorf("%s: a second run: %v", where, err)
				}
				past, err := other.load(t.Context(), rec.Run.ID)
				must(t, err)
				if diff := cmp.Diff(rec.Summary, past.Summary); diff != "" || len(past.Changes) != len(rec.Changes) || len(past.Steps.Intents) != 1 {
					t.Errorf("%s: read back: %s, %d changes, %+v", where, diff, len(past.Changes), past.Steps)
				}
				_, err = other.baseline(t.Context(), "42", pgHost, "csv:hr.csv", yearLater)
				must(t, err)
				_, err = other.runs(t.Context(), Filter{Company: "42", Host: pgHost, Limit: 2})
				must(t, err)
				must(t, other.prune(t.Context(), "42", pgHost, 1000, firstNight))
				must(t, release())
			}
		}
	}
}

func TestWhoHeldALockBeforeIsNotNamedOfTheSamePooledSession(t *testing.T) {
	p := databaseAt(t, pgtest.PgBouncer(t, pgtest.Ledger(t), pgtest.PoolTransaction, "default_pool_size = 2"))
	release, err := p.lock(t.Context(), "42", pgHost, Holder{RunID: "last night's"})
	must(t, err)
	must(t, release())
	l := &lockTx{p: p, company: "42", host: pgHost, key: lockKey("42", pgHost)}
	l.conn, err = p.db.Connect(t.Context())
	must(t, err)
	defer l.conn.Close(t.Context())
	must(t, l.take(t.Context())) // and has not signed yet
	var held *HeldError
	if _, err := p.lock(t.Context(), "42", pgHost, Holder{}); !errors.As(err, &held) || held.RunID != "" {
		t.Errorf("got %v", err)
	}
}

func TestAPoolOfOneConnectionIsRefusedBeforeTheRun(t *testing.T) {
	p := databaseAt(t, pgtest.PgBouncer(t, pgtest.Ledger(t), pgtest.PoolTransaction, "default_pool_size = 1", "query_wait_timeout = 1"))
	if _, err := p.lock(t.Context(), "42", pgHost, Holder{}); err == nil || !strings.Contains(err.Error(), "default_pool_size") {
		t.Errorf("got %v", err)
	}
}

func TestAPoolerByStatementIsRefusedOnTheFirstConnection(t *testing.T) {
	_, err := openDatabase(t.Context(), pgtest.PgBouncer(t, pgtest.Ledger(t), pgtest.PoolStatement))
	if pgdial.KindOf(err) != pgdial.BadPool {
		t.Errorf("got %v", err)
	}
}
