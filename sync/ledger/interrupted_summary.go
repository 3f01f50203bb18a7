package ledger

import (
	"fmt"
	"slices"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
	"procore-assignee-sync/sync/apply"
)

// interruptedSummary is the summary of a run that was killed: what its plan and its result say, and nothing of what
// only the run itself knew, such as the calls it made.
func interruptedSummary(rec sync.Record, result *apply.Result) sync.Summary {
	s := sync.Summary{
		Run: rec.Run, Outcome: sync.Interrupted, ExitCode: sync.ExitFailed,
		Digest: rec.Plan.Digest, Roster: rec.Plan.Roster, RoleMap: rec.Plan.RoleMap, Planned: rec.Plan.Counts,
		Limits: rec.Plan.Limits, Managed: rec.Plan.Managed, Invisible: rec.Plan.Invisible,
		Gates: slices.Concat([]sync.TrippedGate{}, rec.Plan.Gates), Calls: []procore.CallCount{},
		Durations: []sync.PhaseDuration{}, Exceptions: sync.CountKinds(rec.Exceptions), Results: sync.CountResults(rec.Changes), Running: sync.CountWaiting(rec.Waiting), Responses: rec.Responses,
	}
	s.Results.PresetsWritten = result.PresetsWritten
	s.Message = "interrupted before anything was written"
	if result.WriteSent {
		s.ExitCode = sync.ExitIncomplete
		s.Message = fmt.Sprintf("interrupted: %d changes applied, %d failed, %d not attempted",
			s.Results.Applied-s.Results.AlreadySo, s.Results.Failed, s.Results.NotAttempted)
	}
	return s
}
