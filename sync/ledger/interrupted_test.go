package ledger

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
)

// killed leaves a run behind whose process is gone: presets 1 to 5 are planned; 1 was applied, 2 failed, 3 and 4 were
// being sent, 5 was never sent. The ledger that is given back is another process's.
func killed(t *testing.T) (*folder, sync.Run) {
	t.Helper()
	l := tempLedger(t)
	run := runOf(1, sync.CommandApply)
	f := create(t, l, run)
	must(t, f.writePlan(sync.PlanFile{Schema: sync.PlanSchema, RunID: run.ID, Plan: samplePlan("1", "2", "3", "4", "5")}))
	j := f.journal
	for _, id := range []procore.PresetID{"1", "2", "3", "4"} {
		must(t, j.Intent(intent(id)))
	}
	must(t, j.Outcome(outcome("1", sync.Applied)))
	failed := outcome("2", sync.Failed)
	failed.Error = "Procore refused the write"
	must(t, j.Outcome(failed))
	next, err := openFolder(l.dir)
	must(t, err)
	next.now = func() time.Time { return night(2) }
	return next, run
}

// lookAt says what the presets hold after the kill.
func lookAt(presets map[procore.PresetID][]procore.LoginID) func(context.Context, procore.PresetRef) (procore.Preset, error) {
	return func(_ context.Context, ref procore.PresetRef) (procore.Preset, error) {
		people, ok := presets[ref.Preset]
		if !ok {
			return procore.Preset{}, errors.New("404")
		}
		return procore.Preset{ID: ref.Preset, Memberships: membership(people...)}, nil
	}
}

func statusOf(rec sync.Record) map[procore.PresetID]sync.Status {
	by := map[procore.PresetID]sync.Status{}
	for _, c := range rec.Changes {
		by[c.Preset] = c.Status
	}
	return by
}

func closeRun(t *testing.T, l *folder, run sync.Run, presets map[procore.PresetID][]procore.LoginID) sync.Record {
	t.Helper()
	rec, err := whole(l).CloseInterrupted(context.Background(), run, Looks{Preset: lookAt(presets)})
	must(t, err)
	return rec
}

func TestEveryChangeOfAKilledRunIsAccountedFor(t *testing.T) {
	l, run := killed(t)
	open, err := l.interrupted(company, host)
	must(t, err)
	want(t, "interrupted", open, []sync.Run{run})
	rec := closeRun(t, l, run, map[procore.PresetID][]procore.LoginID{"3": {"2"}, "4": {"1"}})
	want(t, "statuses", statusOf(rec), map[procore.PresetID]sync.Status{
		"1": sync.Applied, "2": sync.Failed, "3": sync.Applied, "4": sync.Failed, "5": sync.NotAttempted,
	})
	want(t, "outcome", rec.Summary.Outcome, sync.Interrupted)
	want(t, "exit code", rec.Summary.ExitCode, sync.ExitIncomplete)
	want(t, "passed", rec.Summary.Passed, false)
	want(t, "results", rec.Summary.Results, sync.ResultCounts{Applied: 2, Failed: 2, NotAttempted: 1, PresetsWritten: 2})
	past, err := l.load(run.ID)
	must(t, err)
	want(t, "changes on disk", len(past.Changes), 5)
	want(t, "the journal ended", past.Steps.Finished, true)
	want(t, "outcomes in the journal", len(past.Steps.Outcomes), 4)
	for _, name := range []string{changesFile, exceptionsFile, summaryFile, reportFile} {
		if !exists(filepath.Join(l.path(run.ID), name)) {
			t.Errorf("%s is missing", name)
		}
	}
	open, err = l.interrupted(company, host)
	must(t, err)
	want(t, "interrupted afterwards", len(open), 0)
}

func TestClosingTwiceChangesNothing(t *testing.T) {
	l, run := killed(t)
	closeRun(t, l, run, map[procore.PresetID][]procore.LoginID{"3": {"2"}, "4": {"1"}})
	journal, err := os.ReadFile(l.journalPath(run.ID))
	must(t, err)
	changes, err := os.ReadFile(filepath.Join(l.path(run.ID), changesFile))
	must(t, err)
	again := closeRun(t, l, run, nil)
	want(t, "statuses", statusOf(again)["3"], sync.Applied)
	journal2, err := os.ReadFile(l.journalPath(run.ID))
	must(t, err)
	changes2, err := os.ReadFile(filepath.Join(l.path(run.ID), changesFile))
	must(t, err)
	want(t, "journal", string(journal2), string(journal))
	want(t, "changes", string(changes2), string(changes))
}

func TestWhereNobodyCanLookTheFateStaysOpen(t *testing.T) {
	l, run := killed(t)
	rec, err := whole(l).CloseInterrupted(context.Background(), run, Looks{})
	must(t, err)
	want(t, "statuses", statusOf(rec)["3"], sync.Failed)
	for _, c := range rec.Changes {
		if c.Preset == "3" && !strings.Contains(c.Error, "not known") {
			t.Errorf("got %q", c.Error)
		}
	}
	past, err := l.load(run.ID)
	must(t, err)
	want(t, "unknown", past.Steps.Outcomes[2].Unknown, true)
}

func TestAPresetThatIsNeitherAsItWasNorAsItWasSentIsAFailure(t *testing.T) {
	l, run := killed(t)
	rec := closeRun(t, l, run, map[procore.PresetID][]procore.LoginID{"3": {"7"}, "4": {"2"}})
	want(t, "status", statusOf(rec)["3"], sync.Failed)
}

func TestARunWhosePlanIsLostIsAccountedForFromItsJournal(t *testing.T) {
	l, run := killed(t)
	must(t, os.WriteFile(filepath.Join(l.path(run.ID), planFile), []byte(`{"schema":1,"plan":{`), 0o600))
	rec := closeRun(t, l, run, map[procore.PresetID][]procore.LoginID{"3": {"2"}, "4": {"1"}})
	want(t, "statuses", statusOf(rec), map[procore.PresetID]sync.Status{
		"1": sync.Applied, "2": sync.Failed, "3": sync.Applied, "4": sync.Failed,
	})
	want(t, "who left and who came", len(rec.Changes), 8)
	want(t, "by name", rec.Changes[1].Login, "p1@example.com")
}

func TestARunThatWasKilledBeforeItsFirstWriteWroteNothing(t *testing.T) {
	l := tempLedger(t)
	run := runOf(1, sync.CommandApply)
	create(t, l, run)
	next, err := openFolder(l.dir)
	must(t, err)
	rec := closeRun(t, next, run, nil)
	want(t, "exit code", rec.Summary.ExitCode, sync.ExitFailed)
	want(t, "message", rec.Summary.Message, "interrupted before anything was written")
}

func TestARunWhoseJournalIsLostIsNotSaidToHaveWrittenNothing(t *testing.T) {
	l, run := killed(t)
	must(t, os.Truncate(l.journalPath(run.ID), 0))
	open, err := l.interrupted(company, host)
	must(t, err)
	want(t, "interrupted", len(open), 1)
	rec := closeRun(t, l, open[0], nil)
	want(t, "exit code", rec.Summary.ExitCode, sync.ExitIncomplete)
	if !strings.Contains(rec.Summary.Message, "whether more was written is not known") {
		t.Errorf("the message is %q", rec.Summary.Message)
	}
}

func TestARunThatIsGoingOnInThisProcessIsNotInterrupted(t *testing.T) {
	l := tempLedger(t)
	create(t, l, runOf(1, sync.CommandApply))
	open, err := l.interrupted(company, host)
	must(t, err)
	want(t, "interrupted", len(open), 0)
}

func TestADryRunMayStillBeGoingOnForADay(t *testing.T) {
	l := tempLedger(t)
	create(t, l, runOf(1, sync.CommandPlan))
	next, err := openFolder(l.dir)
	must(t, err)
	for hours, n := range map[time.Duration]int{23: 0, 25: 1} {
		next.now = func() time.Time { return night(1).Add(hours * time.Hour) }
		open, err := next.interrupted(company, host)
		must(t, err)
		want(t, "interrupted", len(open), n)
	}
}

func TestADryRunThatWasKilledStaysPlanned(t *testing.T) {
	l := tempLedger(t)
	run := runOf(1, sync.CommandPlan)
	f := create(t, l, run)
	must(t, f.writePlan(sync.PlanFile{RunID: run.ID, Plan: samplePlan("1", "2")}))
	next, err := openFolder(l.dir)
	must(t, err)
	rec := closeRun(t, next, run, nil)
	want(t, "statuses", statusOf(rec), map[procore.PresetID]sync.Status{"1": sync.Planned, "2": sync.Planned})
	want(t, "exit code", rec.Summary.ExitCode, sync.ExitFailed)
}

func TestAnotherCompanysRunIsNotOursToClose(t *testing.T) {
	l, _ := killed(t)
	open, err := l.interrupted("2", host)
	must(t, err)
	want(t, "interrupted", len(open), 0)
}

func TestARunKilledAfterItsReportsKeepsThem(t *testing.T) {
	l := tempLedger(t)
	run := runOf(1, sync.CommandApply)
	f := create(t, l, run)
	finish(t, f, run, true)
	steps, _, err := readJournal(l.journalPath(run.ID))
	must(t, err)
	want(t, "finished", steps.Finished, true)
	// Cut in the middle of the last line.
	text, err := os.ReadFile(l.journalPath(run.ID))
	must(t, err)
	must(t, os.WriteFile(l.journalPath(run.ID), text[:len(text)-5], 0o600))
	rec := closeRun(t, l, run, nil)
	want(t, "outcome", rec.Summary.Outcome, sync.Done)
	want(t, "passed", rec.Summary.Passed, true)
	again, err := os.ReadFile(l.journalPath(run.ID))
	must(t, err)
	want(t, "journal", string(again), string(text))
}

func TestARunIsNotClosedWhileProcoreCantBeAsked(t *testing.T) {
	for name, away := range map[string]error{
		"stopped": context.Canceled, "offline": &procore.NetworkError{}, "no token": &procore.AuthError{},
		"no budget": &procore.BudgetError{},
	} {
		t.Run(name, func(t *testing.T) {
			l, run := killed(t)
			ctx, cancel := context.WithCancel(context.Background())
			defer cancel()
			_, err := whole(l).CloseInterrupted(ctx, run, Looks{Preset: func(context.Context, procore.PresetRef) (procore.Preset, error) {
				if errors.Is(away, context.Canceled) {
					cancel()
				}
				return procore.Preset{}, away
			}})
			if !errors.Is(err, away) {
				t.Errorf("got %v", err)
			}
			open, err := l.interrupted(company, host)
			must(t, err)
			want(t, "still to be closed", len(open), 1)
		})
	}
}

func TestAPresetThatNeverAnswersDoesNotKeepLaterRunsFromBeginning(t *testing.T) {
	for name, c := range map[string]struct {
		err    procore.NetworkError
		after  time.Duration
		closed bool
	}{
		"within three days":          {procore.NetworkError{}, 71 * time.Hour, false},
		"later":                      {procore.NetworkError{}, 73 * time.Hour, true},
		"later, but nobody is there": {procore.NetworkError{Dialing: true}, 73 * time.Hour, false},
	} {
		t.Run(name, func(t *testing.T) {
			l, run := killed(t)
			l.now = func() time.Time { return run.StartedAt.Add(c.after) }
			rec, err := whole(l).CloseInterrupted(context.Background(), run, Looks{Preset: func(context.Context, procore.PresetRef) (procore.Preset, error) {
				return procore.Preset{}, &c.err
			}})
			want(t, "closed", err == nil, c.closed)
			if c.closed {
				want(t, "status", statusOf(rec)["3"], sync.Failed)
			}
		})
	}
}

func TestAPresetThatProcoreDoesNotGiveKeepsItsFateOpen(t *testing.T) {
	l, run := killed(t)
	rec := closeRun(t, l, run, map[procore.PresetID][]procore.LoginID{"4": {"1"}})
	want(t, "status", statusOf(rec)["3"], sync.Failed)
}

func TestAnUnfinishedRunShowsWhatItCameTo(t *testing.T) {
	l, run := killed(t)
	past, err := l.load(run.ID)
	must(t, err)
	want(t, "changes", len(past.Changes), 5)
	want(t, "applied", past.Changes[0].Status, sync.Applied)
	want(t, "not sent", past.Changes[4].Status, sync.NotAttempted)
}
