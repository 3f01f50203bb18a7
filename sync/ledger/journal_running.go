package ledger

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
	"procore-assignee-sync/sync/running"
)

// What an intent or outcome is about, if it is not about a preset.
const (
	ofHandover = "handover"
	ofResponse = "response"
)

// runningLine is a step about a running workflow. Step and Of come first, then the step itself.
type runningLine[T any] struct {
	Step string `json:"step"`
	Of   string `json:"of"`
	Says T      `json:"says"`
}

// RunningJournal records invitations and responses before they are sent and after they have ended.
type RunningJournal interface {
	running.Journal
	running.ResponseJournal
}

// runningJournal writes to a run's journal.jsonl. Once a lock is lost it accepts no more intents.
type runningJournal struct {
	*Journal
	held func() error
}

// RunningJournal returns the journal in which the run records its invitations and responses.
func (r *Run) RunningJournal() RunningJournal {
	held := func() error { return nil }
	if r.of.database != nil {
		held = r.of.database.stillHeld
	}
	return runningJournal{r.folder.journal, held}
}

// Intent records whom the run is about to invite.
func (j runningJournal) Intent(i running.Intent) error { return announce(j, ofHandover, i) }

// Outcome records how a hand-over ended.
func (j runningJournal) Outcome(o running.Outcome) error {
	return j.append(runningLine[running.Outcome]{stepOutcome, ofHandover, o})
}

// ResponseIntent records what the run is about to answer.
func (j runningJournal) ResponseIntent(i running.ResponseIntent) error {
	return announce(j, ofResponse, i)
}

// ResponseOutcome records how an answer ended.
func (j runningJournal) ResponseOutcome(o running.ResponseOutcome) error {
	return j.append(runningLine[running.ResponseOutcome]{stepOutcome, ofResponse, o})
}

func announce[T any](j runningJournal, of string, says T) error {
	if err := j.held(); err != nil {
		return err
	}
	return j.append(runningLine[T]{stepIntent, of, says})
}

// runningSteps is what a journal says about running workflows.
type runningSteps struct {
	intents          []running.Intent
	outcomes         []running.Outcome
	responses        []running.ResponseIntent
	responseOutcomes []running.ResponseOutcome
}

// readRunningSteps reads those steps. It skips lines that can't be read, which readJournal counts as damaged.
func readRunningSteps(path string) (runningSteps, error) {
	var steps runningSteps
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return steps, nil
	}
	if err != nil {
		return steps, fmt.Errorf("read the journal: %w", err)
	}
	for line := range bytes.Lines(text[:bytes.LastIndexByte(text, '\n')+1]) {
		var which runningLine[json.RawMessage]
		if json.Unmarshal(line, &which) != nil {
			continue
		}
		switch which.Of + " " + which.Step {
		case ofHandover + " " + stepIntent:
			_ = decodeInto(&steps.intents, which.Says)
		case ofHandover + " " + stepOutcome:
			_ = decodeInto(&steps.outcomes, which.Says)
		case ofResponse + " " + stepIntent:
			_ = decodeInto(&steps.responses, which.Says)
		case ofResponse + " " + stepOutcome:
			_ = decodeInto(&steps.responseOutcomes, which.Says)
		}
	}
	return steps, nil
}

// accounted is what became of the invitations and responses of a killed run.
type accounted struct {
	rows      []sync.Waiting // nil if the run had not looked yet
	responses []sync.Response
	sent      bool // something was sent, or may have been
}

// accountRunning works out what became of a killed run's invitations and responses, from running.csv as it was planned
// and from the journal.
func (l *folder) accountRunning(runID string, look func(procore.InstanceRef) (procore.Instance, error)) (accounted, error) {
	rows, err := readWaiting(filepath.Join(l.path(runID), runningFile))
	if err != nil {
		return accounted{}, fmt.Errorf("read run %s: %w", runID, err)
	}
	steps, err := readRunningSteps(l.journalPath(runID))
	if err != nil {
		return accounted{}, err
	}
	out := accounted{sent: len(steps.intents)+len(steps.responses) > 0}
	if rows != nil {
		out.rows = running.AccountInterrupted(rows, steps.intents, steps.outcomes, look)
	}
	out.responses = running.AccountInterruptedResponses(steps.responses, steps.responseOutcomes, look)
	return out, nil
}
