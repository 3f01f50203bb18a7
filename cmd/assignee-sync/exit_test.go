package main

import (
	"errors"
	"fmt"
	"testing"

	"procore-assignee-sync/sync"
	"procore-assignee-sync/sync/job"
	"procore-assignee-sync/sync/ledger"
)

func TestAnErrorCarriesItsExitCode(t *testing.T) {
	for _, c := range []struct {
		name  string
		err   error
		begun bool
		want  int
	}{
		{"none", nil, true, sync.ExitDone},
		{"the command line's parser", errors.New("unknown flag"), false, sync.ExitUsage},
		{"anything once a command has begun", errors.New("disk full"), true, sync.ExitFailed},
		{"wrong usage", usagef("no"), true, sync.ExitUsage},
		{"wrong configuration, wrapped", fmt.Errorf("x: %w", &sync.ConfigError{What: "no"}), true, sync.ExitConfig},
		{"a job's", &job.ExitError{Code: sync.ExitLocked, Err: errors.New("held")}, true, sync.ExitLocked},
		{"one of several", errors.Join(errors.New("x"), coded(sync.ExitRefused, errors.New("gate"))), true, sync.ExitRefused},
		{"said already", silentExit(sync.ExitIncomplete), true, sync.ExitIncomplete},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := exitCode(c.err, c.begun); got != c.want {
				t.Errorf("got %d, want %d", got, c.want)
			}
		})
	}
}

func TestTheFinalLineSaysNothingOfWhatTheErrorSays(t *testing.T) {
	err := coded(sync.ExitFailed, errors.New("row of jane.doe@example.com is wrong"))
	if got, want := lastWords(sync.ExitFailed, err), "exit 1, failed before anything was written"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	unreadable := fmt.Errorf("load: %w", &settingError{"HR_CSV", errors.New("jane-doe.csv: permission denied")})
	if got, want := lastWords(sync.ExitFailed, unreadable), "exit 1, failed before anything was written: HR_CSV"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	held := &job.ExitError{Code: sync.ExitLocked, Err: &ledger.HeldError{Holder: ledger.Holder{RunID: "20261123T020000Z-3f9a1c"}}}
	if got, want := lastWords(sync.ExitLocked, held), "exit 5, locked: run 20261123T020000Z-3f9a1c holds the lock"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
