package sync

import (
	"fmt"
	"time"
)

// minRemovalsForPercent is from how many removals on the percentage is judged: two of five people are no disaster.
const minRemovalsForPercent = 10

// JudgeRoster returns the gates on the HR data and on the first run, from the facts that the plan carries.
func (p *Plan) JudgeRoster(policy Policy, baseline Baseline, now time.Time) []TrippedGate {
	var tripped []TrippedGate
	trip := func(gate GateName, allow, figure string, args ...any) {
		tripped = append(tripped, TrippedGate{gate, fmt.Sprintf(figure, args...), allow})
	}
	r := p.Roster
	if r.Accepted < policy.MinRows {
		trip(GateMinRows, "look whether the export is whole, or lower HR_MIN_ROWS",
			"%d accepted HR rows, at least %d are asked for", r.Accepted, policy.MinRows)
	}
	if r.Rejected > policy.MaxRejectedRows {
		trip(GateRejectedRows, "mend the rows in HR, or raise HR_MAX_REJECTED_ROWS",
			"%s rejected, at most %d are allowed", rowsWere(r.Rejected), policy.MaxRejectedRows)
	}
	if age := now.Sub(r.UpdatedAt); policy.MaxAge > 0 && age > policy.MaxAge {
		trip(GateMaxAge, "export HR data anew, or raise HR_MAX_AGE",
			"the HR data is %s old, at most %s are allowed", age.Truncate(time.Second), policy.MaxAge)
	}
	if last := baseline.SameSource; last != nil {
		if shrank(r.Accepted, last.Roster.Accepted, policy.MaxShrinkPercent) {
			trip(GateRowsShrink, "look whether the export is whole, or raise HR_MAX_SHRINK_PERCENT",
				"%d accepted HR rows, %d at the last passed run %s: more than %d%% fewer",
				r.Accepted, last.Roster.Accepted, last.ID, policy.MaxShrinkPercent)
		}
		if shrank(r.Members, last.Roster.Members, policy.MaxShrinkPercent) {
			trip(GateMembersShrink, "look whether the export is whole, or raise HR_MAX_SHRINK_PERCENT",
				"%d people are members today, %d at the last passed run %s: more than %d%% fewer",
				r.Members, last.Roster.Members, last.ID, policy.MaxShrinkPercent)
		}
	}
	if wanted, _ := p.removalFigures(); baseline.Last == nil && wanted > 0 && !policy.AllowFirstRun {
		trip(GateFirstRun, "look through the removals, then approve this plan",
			"no run of this company has passed yet, and the plan would remove %s", fromGroups(wanted))
	}
	return tripped
}

func shrank(now, before, percent int) bool { return now*100 < (100-percent)*before }

// JudgeRemovals returns the removal gates that the plan trips, from its groups and its own limits: those in held groups
// count too. It stands for rollback as well.
func (p *Plan) JudgeRemovals() []TrippedGate {
	tripped := []TrippedGate{}
	wanted, memberships := p.removalFigures()
	if wanted >= minRemovalsForPercent && wanted*100 > p.Limits.MaxRemovalPercent*memberships {
		tripped = append(tripped, TrippedGate{
			GateRemovalPercent,
			fmt.Sprintf("%d of %d memberships would be removed, more than %d%%", wanted, memberships, p.Limits.MaxRemovalPercent),
			"look through the removals, then raise SYNC_MAX_REMOVAL_PERCENT",
		})
	}
	if limit := p.Limits.MaxRemovals; limit != nil && wanted > *limit {
		tripped = append(tripped, TrippedGate{
			GateRemovals, fmt.Sprintf("%d memberships would be removed, at most %d are allowed", wanted, *limit),
			"look through the removals, then raise SYNC_MAX_REMOVALS",
		})
	}
	return tripped
}

func fromGroups(n int) string {
	if n == 1 {
		return "1 person from a group"
	}
	return fmt.Sprintf("%d people from groups", n)
}

func rowsWere(n int) string {
	if n == 1 {
		return "1 HR row was"
	}
	return fmt.Sprintf("%d HR rows were", n)
}
