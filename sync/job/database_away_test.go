package job_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"procore-assignee-sync/migrations/pgtest"
	"procore-assignee-sync/sync"
	"procore-assignee-sync/sync/job"
	"procore-assignee-sync/sync/ledger"
)

// A database is away and back at random, while runs end, are killed, and undo each other. In the end it has every run that
// the folder has, with the same evidence and the same changes.
func TestADatabaseThatWasAwayNowAndThenHasEveryRunInTheEnd(t *testing.T) {
	for seed := range uint64(3) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			rnd := rand.New(rand.NewPCG(seed, 0))
			url := pgtest.PgBouncer(t, pgtest.Ledger(t), pgtest.PoolTransaction)
			o := demoOffice(t)
			o.removals = 100
			var applied []string
			for range 10 {
				o.databaseURL = url
				isAway := false
				switch rnd.IntN(4) {
				case 0:
					o.databaseURL = "" // it was not even set
				case 1:
					away(t, url, "false")
					isAway = true
				case 2:
					o.databaseURL = ""
					o.leaveKilledRun()
				}
				var e ended
				switch {
				case rnd.IntN(4) == 0:
					e = o.plan()
				case len(applied) > 0 && rnd.IntN(2) == 0:
					e = end(o.job().Rollback(context.Background(), applied[len(applied)-1], job.ApplyRequest{}))
				default:
					e = o.apply(job.ApplyRequest{})
				}
				if e.Run.Command == sync.CommandApply && e.Summary.Results.Applied > 0 {
					applied = append(applied, e.Run.ID)
				}
				if isAway {
					backAgain(t, url)
				}
			}
			o.databaseURL = url
			if e := o.apply(job.ApplyRequest{}); e.Summary.Outcome == "" || e.Summary.Outcome == sync.RunFailed {
				t.Fatalf("the last apply: %+v, %v", e.Summary, e.err)
			}
			o.expectSame(t, url)
		})
	}
}

// expectSame compares what the folder has of each run that has ended with what the database has.
func (o *office) expectSame(t *testing.T, url string) {
	t.Helper()
	folder, database := openLedger(t, ledger.Options{Dir: o.dir, Now: o.now}), inDatabase(t, url)
	here, err := folder.Runs(t.Context(), ledger.Filter{})
	if err != nil {
		t.Fatal(err)
	}
	there, err := database.Runs(t.Context(), ledger.Filter{})
	if err != nil {
		t.Fatal(err)
	}
	ended := slices.DeleteFunc(slices.Clone(here), func(s sync.Summary) bool { return s.Outcome == "" })
	if len(ended) != len(there) || len(ended) < 5 {
		t.Errorf("%d runs have ended in the folder, the database has %d", len(ended), len(there))
	}
	for _, s := range ended {
		a, err := folder.Load(t.Context(), s.ID)
		if err != nil {
			t.Fatal(err)
		}
		b, err := database.Load(t.Context(), s.ID)
		switch {
		case err != nil:
			t.Errorf("run %s: %v", s.ID, err)
		case a.Evidence == "" || a.Evidence != b.Evidence || a.Summary.Outcome != b.Summary.Outcome || len(a.Changes) != len(b.Changes) ||
			len(a.Steps.Intents) != len(b.Steps.Intents) || len(a.Steps.Outcomes) != len(b.Steps.Outcomes):
			t.Errorf("run %s: the folder has %s, %s, %d changes, %d intents; the database %s, %s, %d, %d", s.ID, a.Evidence, a.Summary.Outcome,
				len(a.Changes), len(a.Steps.Intents), b.Evidence, b.Summary.Outcome, len(b.Changes), len(b.Steps.Intents))
		}
	}
	both := openLedger(t, ledger.Options{Dir: o.dir, DatabaseURL: url, Now: o.now})
	v, err := both.Verify(t.Context(), "", "")
	if err != nil || !v.OK() {
		t.Errorf("%s, %v: %+v", v.InShort(), err, v)
	}
}
