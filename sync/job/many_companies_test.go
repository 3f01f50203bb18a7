package job_test

import (
	"context"
	"errors"
	"fmt"
	gosync "sync"
	"sync/atomic"
	"testing"

	"procore-assignee-sync/migrations/pgtest"
	"procore-assignee-sync/procore"
	"procore-assignee-sync/procore/sandbox"
	"procore-assignee-sync/sync/job"
	"procore-assignee-sync/sync/ledger"
)

// Twenty companies' jobs run at once against one ledger, folder and database, as pods that start at the same minute do.
// Each applies, rolls back and applies again, deletes old runs on the way, and meets nothing of the others.
func TestTwentyCompaniesRunWholeJobsAtOnceAgainstOneLedger(t *testing.T) {
	const companies = 20
	url, dir := pgtest.Ledger(t), t.TempDir()
	var ids atomic.Int64
	offices := make([]*office, companies)
	for i := range offices {
		sample := sandbox.NewSample(sandbox.SampleOptions{
			Seed: int64(i + 1), Projects: 2, Templates: 2, Plain: true, InSync: true, Drift: 1, // each preset differs by a person
		})
		sample.Company.ID = procore.CompanyID(fmt.Sprint(9000 + i))
		o := newOffice(t, sample, sandbox.Options{})
		o.dir, o.runs, o.removals, o.keepDays = dir, &ids, 100, 30
		o.databaseURL = url
		offices[i] = o
	}
	came := make([]companyNights, companies)
	var group gosync.WaitGroup
	for i, o := range offices {
		group.Go(func() { came[i] = o.threeNights() })
	}
	group.Wait()

	all, err := inDatabase(t, url).Runs(t.Context(), ledger.Filter{})
	if err != nil || len(all) != 3*companies {
		t.Errorf("the database has %d runs, %v", len(all), err)
	}
	for i, o := range offices {
		o.checkNights(came[i])
	}
}

// companyNights is what three nights of a company came to.
type companyNights struct{ first, back, again ended }

func (o *office) threeNights() companyNights {
	var n companyNights
	n.first = o.apply(job.ApplyRequest{})
	n.back = end(o.job().Rollback(context.Background(), n.first.Run.ID, job.ApplyRequest{}))
	n.again = o.apply(job.ApplyRequest{})
	return n
}

// checkNights looks whether a company's nights went as they do when it is alone, and whether both ledgers say so.
func (o *office) checkNights(n companyNights) {
	o.t.Helper()
	id := o.sample.Company.ID
	for name, e := range map[string]ended{"first": n.first, "back": n.back, "again": n.again} {
		if e.err != nil || e.Summary.Results.Applied == 0 || e.Summary.Results.Failed+e.Summary.Results.Conflict > 0 {
			o.t.Errorf("company %s, %s: %s, error %v", id, name, e.Summary.Message, e.err)
		}
	}
	if first, again := n.first.Summary.Results.Applied, n.again.Summary.Results.Applied; first != again {
		o.t.Errorf("company %s: %d changes, and after the rollback %d", id, first, again)
	}
	o.expectWrites(n.first.Summary.Results.PresetsWritten + n.back.Summary.Results.PresetsWritten + n.again.Summary.Results.PresetsWritten)

	host := n.first.Run.Host
	database := inDatabase(o.t, o.databaseURL)
	for place, kept := range map[string]*ledger.Ledger{
		"folder": openLedger(o.t, ledger.Options{Dir: o.dir, Now: o.now}), "database": database,
	} {
		runs, err := kept.Runs(context.Background(), ledger.Filter{Company: id})
		base, err2 := kept.Baseline(context.Background(), id, host, n.first.Run.HRSource)
		err = errors.Join(err, err2)
		if err != nil || len(runs) != 3 || base.Last == nil || base.Last.ID != n.again.Run.ID || base.SameSource == nil {
			o.t.Errorf("company %s, %s: %d runs, the last passed %+v, %v", id, place, len(runs), base.Last, err)
		}
	}
	past, err := database.Load(context.Background(), n.first.Run.ID)
	if err != nil || len(past.Steps.Intents) != n.first.Summary.Results.PresetsWritten || len(past.Changes) != len(n.first.Changes) {
		o.t.Errorf("company %s: the database has of its first run %+v, %v", id, past, err)
	}
}
