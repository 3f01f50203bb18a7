package job

import (
	"errors"
	"fmt"

	"procore-assignee-sync/sync"
)

// allowed reports whether the plan may be applied: no gate refuses it, or exactly this plan was approved. An approval
// of another digest always refuses it.
func (r *run) allowed() bool {
	if approve := r.rec.Run.Approved; approve != "" {
		return r.rec.Plan.ApprovedBy(approve)
	}
	return len(r.rec.Plan.Gates) == 0
}

// errNotConfirmed ends a run that a person chose not to go on with.
var errNotConfirmed = errors.New("not confirmed: nothing was written")

// confirm asks whether to go on, if there is something to do and somebody to ask.
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
