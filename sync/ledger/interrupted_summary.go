package ledger

import (
	"cmp"
	"fmt"
	"slices"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
)

// interruptedSummary is the summary of a run that was killed: what its plan and its result say, and nothing of what
// only the run itself knew, such as the calls it made.
func interruptedSummary(rec sync.Record, result *sync.Result) sync.Summary {
	s := sync.Summary{
		Run: rec.Run, Outcome: sync.Interrupted, ExitCode: sync.ExitFailed,
		Digest: rec.Plan.Digest, Roster: rec.Plan.Roster, RoleMap: rec.Plan.RoleMap, Planned: rec.Plan.Counts,
		Limits: rec.Plan.Limits, Managed: rec.Plan.Managed, Invisible: rec.Plan.Invisible,
		Gates: slices.Concat([]sync.TrippedGate{}, rec.Plan.Gates), Calls: []procore.CallCount{},
		Durations: []sync.PhaseDuration{}, Exceptions: countKinds(rec.Exceptions), Results: countChanges(rec.Changes),
	}
	s.Results.PresetsWritten = result.PresetsWritten
	s.Message = "interrupted before anything was written"
	if result.WriteSent {
		s.ExitCode = sync.ExitIncomplete
		s.Message = fmt.Sprintf("interrupted: %d changes applied, %d failed, %d not attempted",
			s.Results.Applied, s.Results.Failed, s.Results.NotAttempted)
	}
	return s
}

func countKinds(exceptions []sync.Exception) []sync.KindCount {
	counts := []sync.KindCount{}
	for _, e := range exceptions {
		i, found := slices.BinarySearchFunc(counts, e.Kind, func(c sync.KindCount, k sync.Kind) int {
			return cmp.Compare(c.Kind, k)
		})
		if !found {
			counts = slices.Insert(counts, i, sync.KindCount{Kind: e.Kind})
		}
		counts[i].Count++
		if e.Accepted {
			counts[i].Accepted++
		}
	}
	return counts
}

func countChanges(changes []sync.Change) sync.ResultCounts {
	var r sync.ResultCounts
	for _, c := range changes {
		switch c.Status {
		case sync.Planned:
			r.Planned++
		case sync.Applied:
			r.Applied++
		case sync.Failed:
			r.Failed++
		case sync.Conflict:
			r.Conflict++
		case sync.Held:
			r.Held++
		case sync.NotAttempted:
			r.NotAttempted++
		}
	}
	return r
}
