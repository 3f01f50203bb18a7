package sync

import "time"

// JudgeRemovals gives the removal gates that the plan trips, from its groups and its own limits.
func (p *Plan) JudgeRemovals() []TrippedGate { return nil }

// Rejudge judges a saved plan again before it is applied: its digest, its counts worked out anew from its groups, its
// removal gates against the limits it carries, and the roster gates against policy, baseline and time as they are now.
// Gates that it carried stay tripped. A plan whose digest is not its own is a *PlanFileError.
func (p *Plan) Rejudge(policy Policy, baseline Baseline, now time.Time) error { return nil }
