package ledger

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"procore-assignee-sync/sync"
)

func TestTheLastRunToUndoIsTheLastThatWrotePresets(t *testing.T) {
	l := tempLedger(t)
	if _, err := whole(l).Find(t.Context(), Last, Filter{Company: company}, true); err == nil || err.Error() != "there is no run yet" {
		t.Errorf("got %v", err)
	}
	for i, outcome := range []sync.Outcome{sync.Done, sync.Refused, sync.RunFailed, sync.Done} {
		run := runOf(i+1, sync.CommandApply)
		ended(t, l, run)
		path := filepath.Join(l.path(run.ID), summaryFile)
		s, err := l.summary(run.ID)
		must(t, err)
		s.Outcome, s.Results.PresetsWritten = outcome, 0
		if i == 0 {
			s.Results.PresetsWritten = 1
		}
		text, err := json.Marshal(s)
		must(t, err)
		must(t, os.WriteFile(path, text, 0o600))
	}
	id, err := whole(l).Find(t.Context(), Last, Filter{Company: company}, true)
	must(t, err)
	want(t, "to undo", id, runOf(1, "").ID)
	id, err = whole(l).Find(t.Context(), Last, Filter{Company: company}, false)
	must(t, err)
	want(t, "to show", id, runOf(4, "").ID)
}

func TestAnEarlierRunIsNotUndoneInPlaceOfAHandOver(t *testing.T) {
	l := tempLedger(t)
	ended(t, l, runOf(1, sync.CommandApply))
	run := runOf(2, sync.CommandHandover)
	ended(t, l, run)
	s, err := l.summary(run.ID)
	must(t, err)
	s.Running = &sync.WaitCounts{Invited: 1}
	text, err := json.Marshal(s)
	must(t, err)
	must(t, os.WriteFile(filepath.Join(l.path(run.ID), summaryFile), text, 0o600))
	id, err := whole(l).Find(t.Context(), Last, Filter{Company: company}, true)
	must(t, err)
	want(t, "to undo", id, run.ID)
}

func TestARunIsFoundByItsIdItsLastSixCharactersOrAsTheLast(t *testing.T) {
	l := tempLedger(t)
	twin, ahead := runOf(4, sync.CommandApply), runOf(5, sync.CommandApply)
	twin.ID = "20261104T030000Z-000001" // ends as the first does
	ahead.StartedAt = night(1).AddDate(1, 0, 0)
	ahead.ID = sync.NewRunID(ahead.StartedAt, func() uint32 { return 0xabcdef })
	other := runOf(6, sync.CommandApply)
	other.Company = "2"
	for _, run := range []sync.Run{runOf(1, sync.CommandApply), runOf(2, sync.CommandRollback), runOf(3, sync.CommandHandover), twin, runOf(7, sync.CommandPlan), ahead, other} {
		ended(t, l, run)
	}
	mine := Filter{Company: company}
	for name, c := range map[string]struct {
		undoable bool
		want     string
	}{
		Last:                      {false, runOf(7, "").ID},
		"000002":                  {true, runOf(2, "").ID},
		"000003":                  {true, runOf(3, "").ID}, // a hand-over: what can't be undone is found, and refused as such
		"abcdef":                  {false, ahead.ID},
		runOf(3, "").ID:           {false, runOf(3, "").ID},
		"20200101T000000Z-000000": {false, "20200101T000000Z-000000"},
	} {
		id, err := whole(l).Find(t.Context(), name, mine, c.undoable)
		must(t, err)
		want(t, name, id, c.want)
	}
	var nothing *NothingWrittenError
	if _, err := whole(l).Find(t.Context(), Last, mine, true); !errors.As(err, &nothing) {
		t.Errorf("the last that wrote presets, where none did: got %v", err)
	}
	for name, says := range map[string]string{
		"000001": "give the whole id", "00000f": "there is no run 00000f", "000006": "there is no run", "yesterday": "is not a run", "": "is not a run", "../x": "is not a run",
	} {
		var unknown *UnknownRunError
		if _, err := whole(l).Find(t.Context(), name, mine, false); !errors.As(err, &unknown) || !strings.Contains(err.Error(), says) {
			t.Errorf("%q: got %v", name, err)
		}
	}
	if _, err := whole(tempLedger(t)).Find(t.Context(), Last, mine, false); err == nil || err.Error() != "there is no run yet" {
		t.Errorf("got %v", err)
	}
}
