package ledger

import (
	"fmt"
	"path/filepath"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
	"procore-assignee-sync/sync/running"
)

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
