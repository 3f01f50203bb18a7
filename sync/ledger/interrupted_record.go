package ledger

import (
	"fmt"
	"path/filepath"
	"slices"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
	"procore-assignee-sync/sync/apply"
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

// interruptedSummary is the summary of a run that was killed: what its plan and its result say, and nothing of what
// only the run itself knew, such as the calls it made. Unclear says that lines of its journal are lost, so that there may
// have been more writes than are known.
func interruptedSummary(rec sync.Record, result *apply.Result, unclear bool) sync.Summary {
	s := sync.Summary{
		Run: rec.Run, Outcome: sync.Interrupted, ExitCode: sync.ExitFailed,
		Digest: rec.Plan.Digest, Roster: rec.Plan.Roster, RoleMap: rec.Plan.RoleMap, Planned: rec.Plan.Counts,
		Limits: rec.Plan.Limits, Managed: rec.Plan.Managed, Invisible: rec.Plan.Invisible,
		Gates: slices.Concat([]sync.TrippedGate{}, rec.Plan.Gates), Calls: []procore.CallCount{},
		Durations: []sync.PhaseDuration{}, Exceptions: sync.CountKinds(rec.Exceptions), Results: sync.CountResults(rec.Changes), Running: sync.CountWaiting(rec.Waiting), Responses: rec.Responses,
	}
	s.Results.PresetsWritten = result.PresetsWritten
	s.Message = "interrupted before anything was written"
	if result.WriteSent || unclear {
		s.ExitCode = sync.ExitIncomplete
		s.Message = fmt.Sprintf("interrupted: %d changes applied, %d failed, %d not attempted",
			s.Results.Applied-s.Results.AlreadySo, s.Results.Failed, s.Results.NotAttempted)
	}
	if unclear {
		s.Message += "; lines of its journal are lost, so whether more was written is not known"
	}
	return s
}
