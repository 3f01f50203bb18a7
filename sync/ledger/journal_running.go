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

// What an intent or outcome is of, where it is not of a preset.
const (
	ofHandover = "handover"
	ofResponse = "response"
)

// runningLine is a step about a running workflow. Step and Of come first, then what the step says.
type runningLine[T any] struct {
	Step string `json:"step"`
	Of   string `json:"of"`
	Says T      `json:"says"`
}

// RunningJournal is what invitations and responses are told to before they are sent and after they ended.
type RunningJournal interface {
	running.Journal
	running.ResponseJournal
}

// runningJournal writes a run's journal.jsonl. Once a lock is lost it takes no more intents.
type runningJournal struct {
	*Journal
	held func() error
}

// RunningJournal is where a run tells whom it is about to invite, what it is about to answer, and what came of it.
func (r *Run) RunningJournal() RunningJournal {
	held := func() error { return nil }
	if r.of.database != nil {
		held = r.of.database.stillHeld
	}
	return runningJournal{r.folder.journal, held}
}

// Intent writes whom the run is about to invite.
func (j runningJournal) Intent(i running.Intent) error { return announce(j, ofHandover, i) }

// Outcome writes how a hand-over ended.
func (j runningJournal) Outcome(o running.Outcome) error {
	return j.append(runningLine[running.Outcome]{stepOutcome, ofHandover, o})
}

// ResponseIntent writes what the run is about to answer.
func (j runningJournal) ResponseIntent(i running.ResponseIntent) error {
	return announce(j, ofResponse, i)
}

// ResponseOutcome writes how an answer ended.
func (j runningJournal) ResponseOutcome(o running.ResponseOutcome) error {
	return j.append(runningLine[running.ResponseOutcome]{stepOutcome, ofResponse, o})
}

func announce[T any](j runningJournal, of string, says T) error {
	if err := j.held(); err != nil {
		return err
	}
	return j.append(runningLine[T]{stepIntent, of, says})
}

// runningSteps is what a journal says of running workflows.
type runningSteps struct {
	intents          []running.Intent
	outcomes         []running.Outcome
	responses        []running.ResponseIntent
	responseOutcomes []running.ResponseOutcome
}

// readRunningSteps reads them back. A line that can't be read is one of those that readJournal counts as damaged.
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

// accounted is what became of the invitations and responses of a run that was killed.
type accounted struct {
	rows      []sync.Waiting // nil where it had not looked yet
	responses []sync.Response
	sent      bool // something was sent, or may have been
}

// accountRunning works that out, from running.csv as it was planned and from the journal.
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
