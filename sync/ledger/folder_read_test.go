package ledger

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"procore-assignee-sync/sync"
	"procore-assignee-sync/sync/apply"
)

func ids(runs []sync.Summary) []string {
	var list []string
	for _, r := range runs {
		list = append(list, r.ID)
	}
	return list
}

func TestRunsAreListedNewestFirstAndByCompany(t *testing.T) {
	l := tempLedger(t)
	other := runOf(3, sync.CommandApply)
	other.Company = "2"
	for _, run := range []sync.Run{runOf(2, sync.CommandPlan), runOf(1, sync.CommandApply), other, runOf(4, sync.CommandApply)} {
		finish(t, create(t, l, run), run, true)
	}
	must(t, os.Mkdir(filepath.Join(l.dir, "something"), 0o700))
	all, err := l.runs(Filter{})
	must(t, err)
	want(t, "all", ids(all), []string{runOf(4, "").ID, runOf(3, "").ID, runOf(2, "").ID, runOf(1, "").ID})
	mine, err := l.runs(Filter{Company: company, Host: host, Limit: 2})
	must(t, err)
	want(t, "mine", ids(mine), []string{runOf(4, "").ID, runOf(2, "").ID})
}

func TestAFolderInWhichNothingIsLeftIsNoRun(t *testing.T) {
	l := tempLedger(t)
	finish(t, create(t, l, runOf(1, sync.CommandApply)), runOf(1, sync.CommandApply), true)
	must(t, os.Mkdir(l.path(runOf(2, "").ID), 0o700))
	runs, err := l.runs(Filter{})
	must(t, err)
	want(t, "runs", ids(runs), []string{runOf(1, "").ID})
}

func TestRunsOfOneSecondAreListedNewestFirstToo(t *testing.T) {
	l := tempLedger(t)
	var ids []string
	for i, random := range []uint32{0x3, 0xffffff, 0x1, 0x2} {
		run := runOf(1, sync.CommandApply)
		run.StartedAt = run.StartedAt.Add(time.Duration(i) * time.Millisecond)
		run.ID = sync.NewRunID(run.StartedAt, func() uint32 { return random })
		finish(t, create(t, l, run), run, true)
		ids = append([]string{run.ID}, ids...)
	}
	runs, err := l.runs(Filter{Limit: 3})
	must(t, err)
	for i, run := range runs {
		want(t, "run", run.ID, ids[i])
	}
	base, err := l.baseline(company, host, "csv:hr.csv")
	must(t, err)
	want(t, "the last passed run", base.Last.ID, ids[0])
}

func TestARunThatHasNotFinishedIsListedWithoutAnOutcome(t *testing.T) {
	l := tempLedger(t)
	create(t, l, runOf(1, sync.CommandApply))
	runs, err := l.runs(Filter{Company: company})
	must(t, err)
	want(t, "runs", runs, []sync.Summary{{Run: runOf(1, sync.CommandApply)}})
}

func TestADamagedSummaryHidesItsOwnRunAlone(t *testing.T) {
	l := tempLedger(t)
	finish(t, create(t, l, runOf(1, sync.CommandApply)), runOf(1, sync.CommandApply), true)
	finish(t, create(t, l, runOf(2, sync.CommandApply)), runOf(2, sync.CommandApply), true)
	must(t, os.WriteFile(filepath.Join(l.path(runOf(2, "").ID), summaryFile), []byte("{"), 0o600))
	runs, err := l.runs(Filter{})
	want(t, "runs", ids(runs), []string{runOf(1, "").ID})
	if err == nil || !strings.Contains(err.Error(), runOf(2, "").ID) {
		t.Errorf("got %v", err)
	}
}

func TestTheBaselineIsTheLastPassedRunOfCompanyAndHost(t *testing.T) {
	l := tempLedger(t)
	elsewhere, otherSource := runOf(6, sync.CommandApply), runOf(4, sync.CommandApply)
	elsewhere.Host = "sandbox.example.com"
	otherSource.HRSource = "postgres:db"
	for _, past := range []struct {
		run    sync.Run
		passed bool
	}{
		{runOf(1, sync.CommandApply), true},
		{runOf(2, sync.CommandApply), true},
		{runOf(3, sync.CommandApply), false},
		{otherSource, true},
		{runOf(5, sync.CommandPlan), false},
		{elsewhere, true},
	} {
		finish(t, create(t, l, past.run), past.run, past.passed)
	}
	base, err := l.baseline(company, host, "csv:hr.csv")
	must(t, err)
	want(t, "last", base.Last.ID, otherSource.ID)
	want(t, "same source", base.SameSource.ID, runOf(2, "").ID)
	dated, err := l.baseline(company, host, "csv:hr-20261126.csv")
	must(t, err)
	want(t, "a file of another name", dated.SameSource.ID, runOf(2, "").ID)
	none, err := l.baseline("2", host, "csv:hr.csv")
	must(t, err)
	want(t, "another company's", none, sync.Baseline{})
}

func TestABaselineThatCantBeReadIsAnErrorAndNotAFirstRun(t *testing.T) {
	l := tempLedger(t)
	finish(t, create(t, l, runOf(1, sync.CommandApply)), runOf(1, sync.CommandApply), true)
	must(t, os.WriteFile(filepath.Join(l.path(runOf(1, "").ID), summaryFile), []byte("{"), 0o600))
	if _, err := l.baseline(company, host, "csv:hr.csv"); err == nil || !strings.Contains(err.Error(), "damaged") {
		t.Errorf("got %v", err)
	}
}

func TestARunIsLoadedAsItWasWritten(t *testing.T) {
	l := tempLedger(t)
	run := runOf(1, sync.CommandApply)
	f := create(t, l, run)
	file := sync.PlanFile{Schema: sync.PlanSchema, RunID: run.ID, CreatedAt: night(1), Plan: samplePlan("1", "2")}
	must(t, f.writePlan(file))
	must(t, f.journal.Intent(intent("1")))
	changes := samplePlan("1", "2").Changes
	changes[0].Status, changes[0].HTTPStatus, changes[0].RequestID, changes[0].Time = sync.Applied, 200, "req-1", night(1)
	changes[1].Status, changes[1].Error, changes[1].Time = sync.Failed, "=1+1 is no formula, \"quoted\"\nand long", night(1)
	rec := sync.Record{
		Run: run, Plan: file.Plan, Changes: changes,
		Exceptions: []sync.Exception{{Kind: sync.FailedKind, Subject: "preset 2", Detail: "-1", Project: "9"}},
		Summary:    sync.Summary{Run: run, Outcome: sync.Incomplete, ExitCode: 4, Message: "some"},
	}
	must(t, f.finish(rec))
	past, err := l.load(run.ID)
	must(t, err)
	want(t, "changes", past.Changes, rec.Changes)
	want(t, "exceptions", past.Exceptions, rec.Exceptions)
	want(t, "summary", past.Summary, rec.Summary)
	want(t, "plan", past.Plan.Plan.Changes, file.Plan.Changes)
	want(t, "intents", past.Steps.Intents, []apply.Intent{intent("1")})
}

func TestARunThatIsNotThereSaysSo(t *testing.T) {
	l := tempLedger(t)
	for _, id := range []string{runOf(1, "").ID, "../etc", ""} {
		if _, err := l.load(id); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("run %q: %v", id, err)
		}
	}
}
