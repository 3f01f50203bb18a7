package job

import (
	"errors"
	"fmt"

	"procore-assignee-sync/sync"
)

// allowed reports whether the plan may be applied: no gate refuses it, or exactly this plan was approved. A digest that is
// not this plan's refuses always.
func (r *run) allowed() bool {
	if approve := r.rec.Run.Approved; approve != "" {
		return r.rec.Plan.ApprovedBy(approve)
	}
	return len(r.rec.Plan.Gates) == 0
}

// errNotConfirmed is what a run ends with that a person did not let go on.
var errNotConfirmed = errors.New("not confirmed: nothing was written")

// confirm asks a person whether to go on, where there is something to do and somebody to ask.
func (r *run) confirm(toDo int) error {
	if toDo == 0 || r.Confirm == nil {
		return nil
	}
	yes, err := r.Confirm(r.shown())
	switch {
	case err != nil:
		return fmt.Errorf("nothing was written: %w", err)
	case !yes:
		return &ExitError{sync.ExitFailed, errNotConfirmed}
	}
	return nil
}
