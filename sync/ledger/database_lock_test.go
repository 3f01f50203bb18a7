package ledger

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"testing"
	"time"

	"procore-assignee-sync/migrations/pgtest"
	"procore-assignee-sync/procore"
)

const pgHost = "api.procore.com"

func TestTheHolderIsNamedToWhoIsRefused(t *testing.T) {
	url := pgtest.Ledger(t)
	first, second := databaseAt(t, url), databaseAt(t, url)
	want := Holder{Host: "pod-1", PID: 7, RunID: "20261123T020000Z-3f9a1c", Since: firstNight, Company: "42"}
	release, err := first.lock(t.Context(), "42", pgHost, want)
	must(t, err)
	_, err = second.lock(t.Context(), "42", pgHost, Holder{Host: "pod-2"})
	var held *HeldError
	if !errors.As(err, &held) {
		t.Fatalf("got %v", err)
	}
	if held.Holder.Since.Equal(want.Since) {
		held.Since = want.Since // whatever its location
	}
	if held.Holder != want {
		t.Errorf("the holder is %+v", held.Holder)
	}
	must(t, release())
	again, err := second.lock(t.Context(), "42", pgHost, Holder{Host: "pod-2"})
	must(t, err)
	must(t, again())
	must(t, again()) // as often as one likes
}

func TestLocksOfOtherCompaniesAndHostsDoNotMeet(t *testing.T) {
	p := databaseAt(t, pgtest.Ledger(t))
	for _, lock := range []struct {
		company procore.CompanyID
		host    string
	}{{"42", pgHost}, {"43", pgHost}, {"42", "sandbox.procore.com"}} {
		release, err := p.lock(t.Context(), lock.company, lock.host, Holder{})
		must(t, err)
		t.Cleanup(func() { must(t, release()) })
	}
	must(t, p.checkLocks(t.Context()))
}

func TestClosingFreesWhatIsHeld(t *testing.T) {
	url := pgtest.Ledger(t)
	first, second := databaseAt(t, url), databaseAt(t, url)
	_, err := first.lock(t.Context(), "42", pgHost, Holder{})
	must(t, err)
	must(t, first.close())
	release, err := second.lock(t.Context(), "42", pgHost, Holder{})
	must(t, err)
	must(t, release())
}

func TestAHolderThatIsNotWrittenDownYetIsNoReasonToTakeTheLock(t *testing.T) {
	url := pgtest.Ledger(t)
	_, err := pgtest.Connect(t, url).Exec(t.Context(), "select pg_advisory_lock($1)", lockKey("42", pgHost))
	must(t, err)
	pgtest.Exec(t, url, `insert into sync_locks values ('42', 'api.procore.com', 1, 'a run of long ago', 1, 'old', now())`)
	_, err = databaseAt(t, url).lock(t.Context(), "42", pgHost, Holder{})
	var held *HeldError
	if !errors.As(err, &held) || held.RunID != "" {
		t.Errorf("got %v", err)
	}
}

func TestARunNoticesThatItsLockIsLost(t *testing.T) {
	for name, pooled := range map[string]bool{"the server itself": false, "through a pooler": true} {
		direct := pgtest.Ledger(t)
		url := direct
		if pooled {
			url = pgtest.PgBouncer(t, direct, pgtest.PoolTransaction)
		}
		p := databaseAt(t, url)
		release, err := p.lock(t.Context(), "42", pgHost, Holder{})
		must(t, err)
		must(t, p.checkLocks(t.Context()))
		pgtest.Exec(t, direct, "select pg_terminate_backend(backend_pid) from sync_locks")
		var lost *LostError
		if err := p.checkLocks(t.Context()); !errors.As(err, &lost) || lost.Company != "42" {
			t.Errorf("%s: got %v", name, err)
		}
		if err := release(); !errors.As(err, &lost) {
			t.Errorf("%s: freeing it says %v", name, err)
		}
		must(t, p.checkLocks(t.Context())) // nothing is held any more
	}
}

func TestAsLockIsAskedForInACancelledRunItIsKept(t *testing.T) {
	p := databaseAt(t, pgtest.Ledger(t))
	release, err := p.lock(t.Context(), "42", pgHost, Holder{})
	must(t, err)
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	must(t, p.checkLocks(cancelled))
	must(t, release())
}

// A child of this test takes the lock and is killed.
func TestALockDoesNotOutliveARunThatIsKilled(t *testing.T) {
	if url := os.Getenv("LOCK_CHILD"); url != "" {
		_, err := databaseAt(t, url).lock(t.Context(), "42", pgHost, Holder{RunID: "killed"})
		must(t, err)
		self, _ := os.FindProcess(os.Getpid())
		_ = self.Kill()
		select {}
	}
	direct := pgtest.Ledger(t)
	for _, url := range []string{direct, pgtest.PgBouncer(t, direct, pgtest.PoolTransaction)} {
		lockAfterAKill(t, url)
	}
}

func lockAfterAKill(t *testing.T, url string) {
	t.Helper()
	child := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$")
	child.Env = append(os.Environ(), "LOCK_CHILD="+url)
	if output, err := child.CombinedOutput(); err == nil {
		t.Fatalf("the child was not killed:\n%s", output)
	}
	p := databaseAt(t, url)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	for {
		release, err := p.lock(ctx, "42", pgHost, Holder{RunID: "next"})
		if err == nil {
			must(t, release())
			return
		}
		var held *HeldError
		if !errors.As(err, &held) { // the server may take a moment to notice
			t.Fatal(err)
		}
	}
}
