package ledger

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"testing"

	"procore-assignee-sync/migrations/pgtest"
	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
	"procore-assignee-sync/sync/report"
)

// randomExceptions are of few kinds, some of which left something undone, some were accepted, and some neither.
func randomExceptions(rnd *rand.Rand) []sync.Exception {
	kinds := []sync.Kind{sync.NotAssignable, sync.Inactive, sync.UnreadableKind, sync.RunningWaits}
	texts := []string{"", "=1+1", "-2;=cmd", "Ærø \"quoted\"", "hr;1.csv", "two\nlines", "\x1b[31mred", "plain"}
	some := func() string { return texts[rnd.IntN(len(texts))] }
	var list []sync.Exception
	for n := range rnd.IntN(12) {
		e := sync.Exception{
			Kind: kinds[rnd.IntN(len(kinds))], Subject: fmt.Sprint(n, some()), Detail: some(), TemplateName: some(), GroupName: some(),
			Project: procore.ProjectID([]string{"", "501", "1002"}[rnd.IntN(3)]), Source: sync.Positions{some()},
		}
		switch rnd.IntN(3) {
		case 0:
			e.Incomplete = true
		case 1:
			e.Accepted, e.AcceptedUntil, e.AcceptedWhy = true, "2027-03-31", "known"
		}
		list = append(list, e)
	}
	sync.SortExceptions(list)
	return list
}

func TestWhatARunLeftUndoneIsToldOfItLaterAsItToldItself(t *testing.T) {
	t.Parallel()
	dir, url := t.TempDir(), pgtest.Ledger(t)
	l := openBoth(t, dir, url)
	for n := range 25 {
		rec := pgRecord("1", n)
		rec.Exceptions = randomExceptions(rand.New(rand.NewPCG(uint64(n), 2)))
		rec.Summary.Exceptions = sync.CountKinds(rec.Exceptions)
		keep(t, l, rec)
		for place, from := range map[string]func(context.Context, string) (*PastRun, error){
			"the folder": l.Load, "the database": l.database.load,
		} {
			past, err := from(t.Context(), rec.Run.ID)
			must(t, err)
			want(t, place, toldLeft(t, past.Record()), toldLeft(t, rec))
		}
	}
}

// toldLeft is what the report tells of the exceptions.
func toldLeft(t *testing.T, rec sync.Record) string {
	t.Helper()
	var text bytes.Buffer
	must(t, report.Exceptions(&text, rec.Exceptions, report.TextOptions{}))
	return text.String()
}
