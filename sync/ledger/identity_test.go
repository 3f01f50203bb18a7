package ledger

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
)

// What may be left of a killed run's journal: its first line damaged, cut off, or all of it gone.
func TestARunIsFoundAndClosedWhateverIsLeftOfItsJournal(t *testing.T) {
	for name, harm := range map[string]func(path string, text []byte) error{
		"the first line is damaged": func(path string, text []byte) error {
			text[5] ^= 1
			return os.WriteFile(path, text, 0o600)
		},
		"another run's first line": func(path string, text []byte) error {
			_, rest, _ := bytes.Cut(text, []byte("\n"))
			return os.WriteFile(path, append([]byte(`{"step":"started","run_id":"x"}`+"\n"), rest...), 0o600)
		},
		"it is empty":   func(path string, _ []byte) error { return os.Truncate(path, 0) },
		"it is gone":    func(path string, _ []byte) error { return os.Remove(path) },
		"zeros instead": func(path string, text []byte) error { return os.WriteFile(path, make([]byte, len(text)), 0o600) },
	} {
		for _, planLost := range []bool{false, true} {
			if planLost && name == "it is gone" {
				continue // nothing is left that would be a run
			}
			t.Run(name, func(t *testing.T) {
				l, run := killed(t)
				text, err := os.ReadFile(l.journalPath(run.ID))
				must(t, err)
				must(t, harm(l.journalPath(run.ID), text))
				if planLost {
					must(t, os.WriteFile(filepath.Join(l.path(run.ID), planFile), []byte("{"), 0o600))
				}
				list, err := l.runs(Filter{Company: company, Host: host})
				must(t, err)
				want(t, "listed", ids(list), []string{run.ID})
				open, err := l.interrupted(company, host)
				must(t, err)
				want(t, "interrupted", len(open), 1)
				want(t, "whose", open[0].Company, company)
				want(t, "when", open[0].StartedAt.Equal(run.StartedAt), true)
				rec := closeRun(t, l, open[0], nil)
				for _, c := range rec.Changes {
					if c.Status == sync.NotAttempted {
						t.Errorf("preset %s is said not to have been sent, and nobody knows", c.Preset)
					}
				}
				want(t, "passed", rec.Summary.Passed, false)
				open, err = l.interrupted(company, host)
				must(t, err)
				want(t, "interrupted afterwards", len(open), 0)
				want(t, "findings", said(verified(t, l, "")), "")
				past, err := l.load(run.ID)
				must(t, err)
				want(t, "outcome", past.Summary.Outcome, sync.Interrupted)
			})
		}
	}
}

func TestARunOfWhichNobodyKnowsWhoseItIsMayBeAnotherCompanysForADay(t *testing.T) {
	l, run := killed(t)
	other := runOf(2, sync.CommandApply)
	other.Company = "2"
	ended(t, l, other)
	must(t, os.Truncate(l.journalPath(run.ID), 0))
	must(t, os.Remove(filepath.Join(l.path(run.ID), planFile)))
	l = again(t, l)
	for hours, n := range map[time.Duration]int{23: 0, 25: 1} {
		l.now = func() time.Time { return night(1).Add(hours * time.Hour) }
		open, err := l.interrupted(company, host)
		must(t, err)
		want(t, "interrupted", len(open), n)
		for _, run := range open {
			_, err := whole(l).CloseInterrupted(t.Context(), run, Looks{Preset: func(context.Context, procore.PresetRef) (procore.Preset, error) {
				t.Error("a preset was read that may be another company's")
				return procore.Preset{}, nil
			}})
			must(t, err)
		}
	}
}

func TestAFolderWithNothingOfARunInItIsNone(t *testing.T) {
	l := tempLedger(t)
	must(t, os.MkdirAll(l.path(runOf(1, "").ID), 0o700))
	open, err := l.interrupted(company, host)
	must(t, err)
	want(t, "interrupted", len(open), 0)
	_, err = l.baseline(company, host, "csv:hr.csv")
	must(t, err)
}
