package ledger

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"procore-assignee-sync/sync"
)

// prune deletes as the run of a command does at its end.
func prune(t *testing.T, l *folder, command sync.Command, keepDays int, now time.Time) {
	t.Helper()
	old, err := l.old(runOf(28, command), keepDays, now)
	must(t, err)
	must(t, l.remove(old, now))
}

func TestOldRunsAreDeletedButForThoseThatAreNeeded(t *testing.T) {
	l := tempLedger(t)
	otherSource, otherCompany := runOf(2, sync.CommandApply), runOf(3, sync.CommandApply)
	otherSource.HRSource = "postgres:db"
	otherCompany.Company = "2"
	kept := map[string]bool{}
	for _, past := range []struct {
		run    sync.Run
		passed bool
		keep   bool
	}{
		{runOf(1, sync.CommandApply), true, false}, // passed, and another since
		{otherSource, true, true},                  // the last passed of its source
		{otherCompany, false, true},                // another company's to delete
		{runOf(4, sync.CommandApply), true, true},  // the last passed
		{runOf(5, sync.CommandApply), false, false},
		{runOf(6, sync.CommandPlan), false, false},
		{runOf(20, sync.CommandApply), false, true}, // young
	} {
		finish(t, create(t, l, past.run), past.run, past.passed)
		kept[past.run.ID] = past.keep
	}
	create(t, l, runOf(7, sync.CommandApply))
	kept[runOf(7, "").ID] = true // interrupted
	create(t, l, runOf(8, sync.CommandPlan))
	kept[runOf(8, "").ID] = false
	next, err := openFolder(l.dir)
	must(t, err)
	prune(t, next, sync.CommandApply, 0, night(25))
	for id := range kept {
		want(t, id+" is there", exists(l.path(id)), true)
	}
	prune(t, next, sync.CommandApply, 10, night(25))
	for id, keep := range kept {
		want(t, id+" is there", exists(l.path(id)), keep)
	}
}

func TestARunThatIsGoingOnIsNotDeletedHoweverOld(t *testing.T) {
	l := tempLedger(t)
	create(t, l, runOf(1, sync.CommandPlan))
	prune(t, l, sync.CommandApply, 1, night(25))
	want(t, "is there", exists(l.path(runOf(1, "").ID)), true)
}

func TestWhatWasHalfMadeOrHalfDeletedGoesAfterADay(t *testing.T) {
	l := tempLedger(t)
	for _, name := range []string{newPrefix + "x", oldPrefix + "y", "mine"} {
		must(t, os.MkdirAll(filepath.Join(l.dir, name, "z"), 0o700))
	}
	prune(t, l, sync.CommandApply, 1, time.Now())
	want(t, "new is there", exists(filepath.Join(l.dir, newPrefix+"x")), true)
	prune(t, l, sync.CommandApply, 1, time.Now().Add(25*time.Hour))
	want(t, "new is there", exists(filepath.Join(l.dir, newPrefix+"x")), false)
	want(t, "old is there", exists(filepath.Join(l.dir, oldPrefix+"y")), false)
	want(t, "mine is there", exists(filepath.Join(l.dir, "mine")), true)
}

func TestADryRunDeletesDryRunsAlone(t *testing.T) {
	l := tempLedger(t)
	for n, command := range []sync.Command{sync.CommandPlan, sync.CommandApply, sync.CommandPlan} {
		finish(t, create(t, l, runOf(n+1, command)), runOf(n+1, command), false)
	}
	prune(t, l, sync.CommandPlan, 1, night(25))
	for n, there := range []bool{false, true, false} {
		want(t, "is there", exists(l.path(runOf(n+1, "").ID)), there)
	}
}

func TestARunThatWasClosedLateIsKeptFromThenOn(t *testing.T) {
	l, run := killed(t) // on the first
	l.now = func() time.Time { return night(20) }
	closeRun(t, l, run, nil)
	prune(t, l, sync.CommandApply, 10, night(25))
	want(t, "within its days", exists(l.path(run.ID)), true)
	prune(t, l, sync.CommandApply, 10, night(31))
	want(t, "after them", exists(l.path(run.ID)), false)
}

func TestARunUnderAClockThatWasAheadIsNeitherBaselineNorLetsTheTrueOneGo(t *testing.T) {
	l := tempLedger(t)
	ahead := runOf(1, sync.CommandApply)
	ahead.StartedAt = night(1).AddDate(3, 0, 0)
	ahead.ID = sync.NewRunID(ahead.StartedAt, nil)
	for _, run := range []sync.Run{ahead, runOf(2, sync.CommandApply)} {
		finish(t, create(t, l, run), run, true)
	}
	base, err := l.baseline(company, host, "csv:hr.csv")
	must(t, err)
	want(t, "last", base.Last.ID, runOf(2, "").ID)
	want(t, "same source", base.SameSource.ID, runOf(2, "").ID)
	prune(t, l, sync.CommandApply, 1, night(25))
	want(t, "the true baseline is there", exists(l.path(runOf(2, "").ID)), true)
}
