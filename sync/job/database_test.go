package job_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"procore-assignee-sync/migrations/pgtest"
	"procore-assignee-sync/sync"
	"procore-assignee-sync/sync/job"
	"procore-assignee-sync/sync/ledger"
)

func openLedger(t testing.TB, options ledger.Options) *ledger.Ledger {
	t.Helper()
	l, err := ledger.Open(context.Background(), options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := l.Close(); err != nil {
			t.Error(err)
		}
	})
	return l
}

// inDatabase is a ledger that has nothing but what the database has.
func inDatabase(t testing.TB, url string) *ledger.Ledger {
	t.Helper()
	return openLedger(t, ledger.Options{Dir: t.TempDir(), DatabaseURL: url})
}

// away lets the database take no run that ended as condition does not allow, as if it were away at that moment.
func away(t testing.TB, url, condition string) {
	pgtest.Exec(t, url, "alter table sync_runs add constraint away check ("+condition+") not valid")
}

func backAgain(t testing.TB, url string) {
	pgtest.Exec(t, url, "alter table sync_runs drop constraint away")
}

func TestWhereTheDatabaseIsAwayAtTheEndTheFilesAreCompleteAndTheNextApplyBringsThemThere(t *testing.T) {
	for name, c := range map[string]struct {
		run     func(*office) ended
		code    int
		outcome sync.Outcome
	}{
		"apply": {func(o *office) ended { return o.apply(job.ApplyRequest{}) }, sync.ExitIncomplete, sync.Incomplete},
		"plan":  {(*office).plan, sync.ExitFailed, sync.RunFailed},
	} {
		url := pgtest.Ledger(t)
		o := demoOffice(t)
		o.databaseURL = url
		away(t, url, "false")
		e := c.run(o)
		e.expect(t, c.code, c.outcome, "the record of the run is not whole")
		expectError(t, e.err, "write the run to the ledger database", "are complete", "the next apply brings it there")
		for _, file := range []string{"plan.json", "changes.csv", "exceptions.csv", "sources.csv", "report.html", "report.xlsx", "summary.json", "manifest.json"} {
			if _, err := os.Stat(filepath.Join(o.dir, e.Run.ID, file)); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
		text, err := os.ReadFile(filepath.Join(o.dir, e.Run.ID, "summary.json"))
		if err != nil || !strings.Contains(string(text), `"outcome": "`+string(c.outcome)+`"`) {
			t.Errorf("%s: the summary says another outcome, %v", name, err)
		}

		// Still away: the next apply can't bring it there, and sends nothing.
		before := len(o.server.History())
		if e := o.apply(job.ApplyRequest{}); e.code != sync.ExitFailed || len(o.server.History()) != before {
			t.Errorf("%s: while it is away: exit %d, %d writes", name, e.code, len(o.server.History())-before)
		}
		backAgain(t, url)
		if next := o.apply(job.ApplyRequest{}); next.Summary.Outcome == sync.RunFailed {
			t.Errorf("%s: the next: %v", name, next.err)
		}
		past, err := inDatabase(t, url).Load(t.Context(), e.Run.ID)
		if err != nil || past.Summary.Outcome != c.outcome || len(past.Changes) != len(e.Changes) || past.Evidence != e.Evidence || e.Evidence == "" {
			t.Errorf("%s: the database has %+v, %v", name, past, err)
		}
	}
}

func TestAKilledRunThatTheDatabaseDidNotTakeIsTakenWithTheNext(t *testing.T) {
	url := pgtest.Ledger(t)
	o := demoOffice(t)
	killed := o.leaveKilledRun()
	o.databaseURL = url
	away(t, url, "outcome <> 'interrupted'")
	e := o.apply(job.ApplyRequest{})
	if e.code != sync.ExitFailed || e.Plan != nil {
		t.Errorf("exit %d with a plan %v", e.code, e.Plan != nil)
	}
	expectError(t, e.err, "bring run "+killed, "ledger database")
	o.expectWrites(0)

	backAgain(t, url)
	o.apply(job.ApplyRequest{}).expect(t, sync.ExitIncomplete, sync.Incomplete)
	past, err := inDatabase(t, url).Load(t.Context(), killed)
	if err != nil || past.Summary.Outcome != sync.Interrupted || len(past.Changes) == 0 {
		t.Errorf("the database has %+v, %v", past, err)
	}
}

// leaveKilledRun leaves a run behind that had planned, and gives its id.
func (o *office) leaveKilledRun() string {
	o.t.Helper()
	saved := o.saved()
	led := openLedger(o.t, ledger.Options{Dir: o.dir})
	run := sync.Run{
		ID: sync.NewRunID(o.now(), func() uint32 { return uint32(o.runs.Add(1)) }), Company: saved.Plan.Company,
		Host: saved.Plan.Host, Command: sync.CommandApply, StartedAt: o.now(), By: "someone@there",
	}
	begun, err := led.Begin(run)
	if err == nil {
		saved.RunID = run.ID
		err = begun.WritePlan(*saved)
	}
	if err != nil {
		o.t.Fatal(err)
	}
	return run.ID
}

func TestARunThatLosesItsLockSendsNothingMoreAndSaysWhy(t *testing.T) {
	url := pgtest.Ledger(t)
	o := demoOffice(t)
	o.databaseURL = url
	o.confirm = func(sync.Record) (bool, error) {
		pgtest.Exec(t, url, "select pg_terminate_backend(backend_pid) from sync_locks")
		return true, nil
	}
	e := o.apply(job.ApplyRequest{})
	e.expect(t, sync.ExitIncomplete, sync.Incomplete, "0 applied in 0 presets", "not attempted", "stopped: the lock in the ledger database was lost;")
	o.expectWrites(0)
	past, err := inDatabase(t, url).Load(t.Context(), e.Run.ID)
	if err != nil || past.Summary.ExitCode != sync.ExitIncomplete {
		t.Errorf("the database has %+v, %v", past, err)
	}
}
