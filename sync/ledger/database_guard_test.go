package ledger

import (
	"errors"
	"testing"

	"procore-assignee-sync/migrations/pgtest"
	"procore-assignee-sync/sync/apply"
)

// heard is a journal that counts what it is told.
type heard struct{ intents, outcomes int }

func (h *heard) Intent(apply.Intent) error        { h.intents++; return nil }
func (h *heard) Outcome(apply.WriteOutcome) error { h.outcomes++; return nil }

func TestNothingIsAnnouncedOnceTheLockIsLost(t *testing.T) {
	url := pgtest.Ledger(t)
	p := databaseAt(t, url)
	release, err := p.lock(t.Context(), "42", pgHost, Holder{})
	must(t, err)
	inner := &heard{}
	journal := p.guard(inner)
	must(t, journal.Intent(apply.Intent{}))
	pgtest.Exec(t, url, "select pg_terminate_backend(backend_pid) from sync_locks")
	var lost *LostError
	if err := journal.Intent(apply.Intent{}); !errors.As(err, &lost) {
		t.Errorf("got %v", err)
	}
	must(t, journal.Outcome(apply.WriteOutcome{})) // of the write that was in flight
	if inner.intents != 1 || inner.outcomes != 1 {
		t.Errorf("the journal was told %+v", inner)
	}
	_ = release()
}
