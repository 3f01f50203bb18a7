package job

import (
	"context"
	"fmt"
	"time"

	"procore-assignee-sync/sync"
)

// MaxPlanAge is the greatest age at which a saved plan may still be applied.
const MaxPlanAge = 24 * time.Hour

// mostAhead is how far in the future, by this machine's clock, a saved plan may have been made, since clocks differ.
const mostAhead = 5 * time.Minute

// PlanAgeError says that a saved plan is older than MaxPlanAge, or was made in the future.
type PlanAgeError struct{ Age time.Duration }

func (e *PlanAgeError) Error() string {
	if e.Age < 0 {
		return fmt.Sprintf("the saved plan was made %s later than now: set the clocks of both machines, or make a new one with plan --out",
			sync.Lasting(-e.Age))
	}
	return fmt.Sprintf("the saved plan is %s old and one may be at most %s old: make a new one with plan --out",
		sync.Lasting(e.Age), sync.Lasting(MaxPlanAge))
}

// ExitCode returns sync.ExitRefused.
func (e *PlanAgeError) ExitCode() int { return sync.ExitRefused }

// takeSaved uses a saved plan instead of making one. It reads no HR, and judges the gates again from what the plan
// carries.
func (r *run) takeSaved(ctx context.Context, saved *sync.PlanFile) error {
	r.noAccess("a saved plan")
	plan := saved.Plan
	switch {
	case plan.Company != r.Company:
		return &ExitError{sync.ExitConfig, fmt.Errorf("the saved plan is for company %s, the settings name company %s", plan.Company, r.Company)}
	case plan.Host != r.Host:
		return &ExitError{sync.ExitConfig, fmt.Errorf("the saved plan was made against %s, the settings name %s", plan.Host, r.Host)}
	}
	if age := r.now().Sub(saved.CreatedAt); age > MaxPlanAge || -age > mostAhead {
		return &PlanAgeError{age}
	}
	baseline, err := r.Ledger.Baseline(ctx, r.Company, r.Host, plan.Roster.Key)
	if err != nil {
		return err
	}
	r.beginWith(baseline)
	if err := plan.Rejudge(r.Policy, baseline, r.now()); err != nil {
		return err
	}
	r.rec.Run.Filtered, r.rec.Run.RollbackOf = plan.Filtered, plan.RollbackOf
	return r.take(plan)
}
