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

func openDatabase(t testing.TB, url string) *ledger.Postgres {
	t.Helper()
	p, err := ledger.OpenPostgres(context.Background(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	})
	return p
}

// away lets the database take no run that ended as condition does not allow, as if it were away at that moment.
func away(t testing.TB, url, condition string) {
	pgtest.Exec(t, url, "alter table sync_runs add constraint away check ("+condition+") not valid")
}

func backAgain(t testing.TB, url string) {
	pgtest.Exec(t, url, "alter table sync_runs drop constraint away")
}

func TestWhereTheDatabaseIsAwayAtTheEndTheFilesAreComplete(t *testing.T) {
	url := pgtest.Ledger(t)
	o := demoOffice(t)
	o.database = openDatabase(t, url)
	away(t, url, "false")
	for name, c := range map[string]struct {
		run     func() ended
		code    int
		outcome sync.Outcome
	}{
		"apply": {func() ended { return o.apply(job.ApplyRequest{}) }, sync.ExitIncomplete, sync.Incomplete},
		"plan":  {o.plan, sync.ExitFailed, sync.RunFailed},
	} {
		e := c.run()
		e.expect(t, c.code, c.outcome, "the record of the run is not whole")
		expectError(t, e.err, "write the run to the ledger database", "are complete")
		for _, file := range []string{"plan.json", "changes.csv", "exceptions.csv", "report.html", "report.xlsx", "summary.json"} {
			if _, err := os.Stat(filepath.Join(o.dir, e.Run.ID, file)); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
		text, err := os.ReadFile(filepath.Join(o.dir, e.Run.ID, "summary.json"))
		if err != nil || !strings.Contains(string(text), `"outcome": "`+string(c.outcome)+`"`) {
			t.Errorf("%s: the summary says another outcome, %v", name, err)
		}
	}
}

func TestAKilledRunThatTheDatabaseDidNotTakeIsTakenWithTheNext(t *testing.T) {
	url := pgtest.Ledger(t)
	o := demoOffice(t)
	killed := o.leaveKilledRun()
	o.database = openDatabase(t, url)
	away(t, url, "outcome <> 'interrupted'")
	e := o.apply(job.ApplyRequest{})
	if e.code != sync.ExitFailed || e.Plan != nil {
		t.Errorf("exit %d with a plan %v", e.code, e.Plan != nil)
	}
	expectError(t, e.err, "close the interrupted run "+killed, "ledger database")
	o.expectWrites(0)

	backAgain(t, url)
	o.apply(job.ApplyRequest{}).expect(t, sync.ExitIncomplete, sync.Incomplete)
	past, err := o.database.Load(t.Context(), killed)
	if err != nil || past.Summary.Outcome != sync.Interrupted || len(past.Changes) == 0 {
		t.Errorf("the database has %+v, %v", past, err)
	}
}

// leaveKilledRun leaves a run behind that had planned, and gives its id.
func (o *office) leaveKilledRun() string {
	o.t.Helper()
	saved := o.saved()
	led, err := ledger.Open(o.dir)
	if err != nil {
		o.t.Fatal(err)
	}
	run := sync.Run{
		ID: sync.NewRunID(o.now(), func() uint32 { return uint32(o.runs.Add(1)) }), Company: saved.Plan.Company,
		Host: saved.Plan.Host, Command: "apply", StartedAt: o.now(), By: "someone@there",
	}
	folder, err := led.Create(run)
	if err == nil {
		saved.RunID = run.ID
		err = folder.WritePlan(*saved)
	}
	if err != nil {
		o.t.Fatal(err)
	}
	return run.ID
}

func TestARunThatLosesItsLockSendsNothingMoreAndSaysWhy(t *testing.T) {
	url := pgtest.Ledger(t)
	o := demoOffice(t)
	database, err := ledger.OpenPostgres(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	o.database = database
	o.confirm = func(sync.Record) (bool, error) {
		pgtest.Exec(t, url, "select pg_terminate_backend(backend_pid) from sync_locks")
		return true, nil
	}
	e := o.apply(job.ApplyRequest{})
	e.expect(t, sync.ExitIncomplete, sync.Incomplete, "0 applied in 0 presets", "not attempted", "stopped: the lock in the ledger database was lost;")
	o.expectWrites(0)
	past, err := database.Load(t.Context(), e.Run.ID)
	if err != nil || past.Summary.ExitCode != sync.ExitIncomplete {
		t.Errorf("the database has %+v, %v", past, err)
	}
}
