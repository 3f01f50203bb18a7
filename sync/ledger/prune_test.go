package ledger

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"procore-assignee-sync/sync"
)

func TestOldRunsAreDeletedButForThoseThatAreNeeded(t *testing.T) {
	l := tempLedger(t)
	otherSource, otherCompany := runOf(2, "apply"), runOf(3, "apply")
	otherSource.HRSource = "postgres:db"
	otherCompany.Company = "2"
	kept := map[string]bool{}
	for _, past := range []struct {
		run    sync.Run
		passed bool
		keep   bool
	}{
		{runOf(1, "apply"), true, false}, // passed, and another since
		{otherSource, true, true},        // the last passed of its source
		{otherCompany, true, true},       // the last passed of its company
		{runOf(4, "apply"), true, true},  // the last passed
		{runOf(5, "apply"), false, false},
		{runOf(6, "plan"), false, false},
		{runOf(20, "apply"), false, true}, // young
	} {
		finish(t, create(t, l, past.run), past.run, past.passed)
		kept[past.run.ID] = past.keep
	}
	create(t, l, runOf(7, "apply"))
	kept[runOf(7, "").ID] = true // interrupted
	create(t, l, runOf(8, "plan"))
	kept[runOf(8, "").ID] = false
	next, err := Open(l.dir)
	must(t, err)
	must(t, next.Prune(0, night(25)))
	for id := range kept {
		want(t, id+" is there", exists(l.path(id)), true)
	}
	must(t, next.Prune(10, night(25)))
	for id, keep := range kept {
		want(t, id+" is there", exists(l.path(id)), keep)
	}
}

func TestARunThatIsGoingOnIsNotDeletedHoweverOld(t *testing.T) {
	l := tempLedger(t)
	create(t, l, runOf(1, "plan"))
	must(t, l.Prune(1, night(25)))
	want(t, "is there", exists(l.path(runOf(1, "").ID)), true)
}

func TestWhatWasHalfMadeOrHalfDeletedGoesAfterADay(t *testing.T) {
	l := tempLedger(t)
	for _, name := range []string{newPrefix + "x", oldPrefix + "y", "mine"} {
		must(t, os.MkdirAll(filepath.Join(l.dir, name, "z"), 0o700))
	}
	must(t, l.Prune(1, time.Now()))
	want(t, "new is there", exists(filepath.Join(l.dir, newPrefix+"x")), true)
	must(t, l.Prune(1, time.Now().Add(25*time.Hour)))
	want(t, "new is there", exists(filepath.Join(l.dir, newPrefix+"x")), false)
	want(t, "old is there", exists(filepath.Join(l.dir, oldPrefix+"y")), false)
	want(t, "mine is there", exists(filepath.Join(l.dir, "mine")), true)
}
