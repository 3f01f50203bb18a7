package sync

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"procore-assignee-sync/hrsource"
)

// TrippedGate is a limit because of which the plan is refused.
type TrippedGate struct {
	Gate   GateName `json:"gate"`
	Figure string   `json:"figure"` // what was counted against which limit, for people
	Allow  string   `json:"allow"`  // what would allow it
}

// GateName identifies a gate; the digest covers it.
type GateName string

// The gates. docs/administrator.md says what each of them guards against.
const (
	GateRemovalPercent GateName = "max_removal_percent"
	GateRemovals       GateName = "max_removals"
	GateMinRows        GateName = "min_rows"
	GateRejectedRows   GateName = "max_rejected_rows"
	GateMaxAge         GateName = "max_age"
	GateRowsShrink     GateName = "rows_shrink"
	GateMembersShrink  GateName = "members_shrink"
	GateFirstRun       GateName = "first_run"
	GateHandovers      GateName = "max_handovers" // of running workflows
	GateNoPresets      GateName = "no_presets"
	GateNoManaged      GateName = "no_managed_groups"
	GateColumnLost     GateName = "column_lost"
	GateAddPercent     GateName = "max_addition_percent"
)

// minChangesForPercent is the number of removals or additions from which percentages are judged: two of five people are
// no disaster.
const minChangesForPercent = 10

// mostAhead is how far ahead of the clock the HR data's time may be under HR_MAX_AGE, since clocks and time zones
// differ.
const mostAhead = 24 * time.Hour

// judging collects the gates that refuse a plan.
type judging struct{ tripped []TrippedGate }

// trip adds a gate: what would allow the plan, and what was counted against which limit.
func (j *judging) trip(gate GateName, allow, figure string, args ...any) {
	j.tripped = append(j.tripped, TrippedGate{gate, fmt.Sprintf(figure, args...), allow})
}

// JudgeRoster returns the tripped gates on the HR data, on additions and on the first run, judged from the facts that
// the plan carries. They do not apply to a rollback.
func (p *Plan) JudgeRoster(policy Policy, baseline Baseline, now time.Time) []TrippedGate {
	j := &judging{}
	baseline = baseline.AsOf(now)
	r := p.Roster
	if r.Accepted < policy.MinRows {
		j.trip(GateMinRows, "check whether the export is whole, or lower HR_MIN_ROWS",
			"%d accepted HR rows, at least %d are asked for", r.Accepted, policy.MinRows)
	}
	if r.Rejected > policy.MaxRejectedRows {
		j.trip(GateRejectedRows, "correct the rows in HR, or the setting named with each cause, or raise HR_MAX_REJECTED_ROWS",
			"%s %s rejected, at most %d are allowed", Several(r.Rejected, "HR row"), either(r.Rejected == 1, "was", "were"), policy.MaxRejectedRows)
	}
	j.age(policy, r.UpdatedAt, now)
	if baseline.SameSource != nil {
		j.against(baseline.SameSource, r, policy)
	}
	p.judgeAdditions(j, baseline)
	if wanted, _ := p.removalFigures(); baseline.Last == nil && wanted > 0 && !policy.AllowFirstRun {
		held := ""
		if n := wanted - p.Counts.Removals; n > 0 {
			held = fmt.Sprintf(", and %s more if they were not held", Grouped(n))
		}
		j.trip(GateFirstRun, "look through the removals, then approve this plan",
			"no run of this company has passed yet, and the plan would remove %s%s", Several(p.Counts.Removals, "membership"), held)
	}
	return j.tripped
}

// age judges how old the HR data is, if there is a limit.
func (j *judging) age(policy Policy, updated, now time.Time) {
	switch age := now.Sub(updated); {
	case policy.MaxAge <= 0:
	case age > policy.MaxAge:
		j.trip(GateMaxAge, "export HR data again, or raise HR_MAX_AGE",
			"the HR data is %s%s old, at most %s are allowed",
			either(Lasting(age) == Lasting(policy.MaxAge), "over ", ""), Lasting(age), Lasting(policy.MaxAge))
	case -age > mostAhead:
		j.trip(GateMaxAge, "look at the clocks of this machine and of the one that exports",
			"the HR data is from %s, %s ahead of this machine's clock", updated.UTC().Format(time.RFC3339), Lasting(-age))
	}
}

// against compares the HR data with what the last passed run read from the same source.
func (j *judging) against(last *PassedRun, r RosterFacts, policy Policy) {
	if shrank(r.Accepted, last.Roster.Accepted, policy.MaxShrinkPercent) {
		j.trip(GateRowsShrink, "check whether the export is whole; if it is, approve this plan, or raise HR_MAX_SHRINK_PERCENT",
			"%d accepted HR rows, %d at the last passed run %s: more than %d%% fewer",
			r.Accepted, last.Roster.Accepted, last.ID, policy.MaxShrinkPercent)
	}
	if shrank(r.Members, last.Roster.Members, policy.MaxShrinkPercent) {
		j.trip(GateMembersShrink, "check whether the export is whole; if it is, approve this plan, or raise HR_MAX_SHRINK_PERCENT",
			"%d people are members today, %d at the last passed run %s: more than %d%% fewer",
			r.Members, last.Roster.Members, last.ID, policy.MaxShrinkPercent)
	}
	var absent, empty []string
	for _, column := range last.Roster.Columns.Filled() {
		switch i := slices.IndexFunc(r.Columns.Used, func(c hrsource.UsedColumn) bool { return c.Name == column }); {
		case i < 0:
			absent = append(absent, column)
		case !r.Columns.Used[i].Filled:
			empty = append(empty, column)
		}
	}
	var lost []string
	for _, l := range []struct {
		columns []string
		how     string
	}{{absent, "absent now"}, {empty, "empty in every row now"}} {
		if len(l.columns) > 0 {
			lost = append(lost, strings.Join(l.columns, ", ")+" "+either(len(l.columns) == 1, "is ", "are ")+l.how)
		}
	}
	if len(lost) > 0 {
		j.trip(GateColumnLost, "check whether the export lost or renamed a column: give it back, name it in HR_CSV_COLUMNS (HR_QUERY), or approve this plan",
			"%s, and had values at the last passed run %s", strings.Join(lost, "; "), last.ID)
	}
}

// judgeAdditions judges how many people would be added, including those in held groups. It applies once a run has
// passed.
func (p *Plan) judgeAdditions(j *judging, baseline Baseline) {
	added := p.Counts.Additions + p.Counts.HeldAdditions
	if _, memberships := p.removalFigures(); baseline.Last != nil && added >= minChangesForPercent && added*100 > p.Limits.MaxAdditionPercent*memberships {
		j.trip(GateAddPercent, "look through the additions; if they are right, approve this plan, or raise SYNC_MAX_ADDITION_PERCENT, with --max-addition-percent for one run",
			"%s would be added to %d, more than %d%%", Several(added, "membership"), memberships, p.Limits.MaxAdditionPercent)
	}
}

func either(first bool, a, b string) string {
	if first {
		return a
	}
	return b
}

func shrank(now, before, percent int) bool { return now*100 < (100-percent)*before }

// JudgeRemovals returns the removal gates that the plan trips, judged from its groups and its own limits. Removals in
// held groups count. It applies to rollbacks too.
func (p *Plan) JudgeRemovals() []TrippedGate {
	tripped := []TrippedGate{}
	wanted, memberships := p.removalFigures()
	if wanted >= minChangesForPercent && wanted*100 > p.Limits.MaxRemovalPercent*memberships {
		tripped = append(tripped, TrippedGate{
			GateRemovalPercent,
			fmt.Sprintf("%d of %d memberships would be removed, more than %d%%", wanted, memberships, p.Limits.MaxRemovalPercent),
			"look through the removals; if they are right, approve this plan, or raise SYNC_MAX_REMOVAL_PERCENT, with --max-removal-percent for one run",
		})
	}
	if limit := p.Limits.MaxRemovals; limit != nil && wanted > *limit {
		tripped = append(tripped, TrippedGate{
			GateRemovals, fmt.Sprintf("%d memberships would be removed, at most %d are allowed", wanted, *limit),
			"look through the removals; if they are right, approve this plan, or raise SYNC_MAX_REMOVALS, with --max-removals for one run",
		})
	}
	return tripped
}
