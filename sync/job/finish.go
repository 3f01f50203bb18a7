package job

import (
	"context"
	"errors"
	"fmt"

	"procore-assignee-sync/sync"
)

// end ends a run that has a plan.
func (r *run) end(ctx context.Context) (sync.Record, error) {
	outcome, code := r.judge(ctx)
	r.remember(ctx)
	return r.finish(ctx, outcome, code, nil)
}

// fail ends a run that an error stopped before any write.
func (r *run) fail(ctx context.Context, err error) (sync.Record, error) {
	code := r.exitCode(ctx, err)
	outcome := sync.RunFailed
	switch code {
	case sync.ExitRefused:
		outcome = sync.Refused
	case sync.ExitIncomplete:
		outcome = sync.Incomplete
		err = fmt.Errorf("stopped before anything was written: %w", err)
	}
	r.rec.Changes = notSent(r.rec.Changes)
	rec, ferr := r.finish(ctx, outcome, code, err)
	if ferr != nil {
		return rec, &ExitError{rec.Summary.ExitCode, errors.Join(err, ferr)}
	}
	return rec, &ExitError{code, err}
}

// judge decides how a run that has a plan ended.
func (r *run) judge(ctx context.Context) (sync.Outcome, int) {
	dry := r.isDry()
	switch {
	case r.result == nil && !dry:
		r.rec.Changes = notSent(r.rec.Changes)
		return sync.Refused, sync.ExitRefused
	case dry && len(r.rec.Plan.Gates) > 0:
		return sync.Refused, sync.ExitRefused
	case dry && r.Detailed && r.rec.Plan.Counts.PresetsToWrite > 0:
		return sync.Done, sync.ExitChanges
	case dry:
		return sync.Done, sync.ExitDone
	case ctx.Err() != nil && r.result.StoppedShort == "":
		r.result.StoppedShort = sync.ToldToStop
		return sync.Incomplete, sync.ExitIncomplete
	case r.result.Stopped != "", ctx.Err() != nil, leftUndone(r.rec.Exceptions):
		return sync.Incomplete, sync.ExitIncomplete
	default:
		return sync.Done, sync.ExitDone
	}
}

// leftUndone reports whether something wanted was left out that nobody has accepted.
func leftUndone(exceptions []sync.Exception) bool {
	for _, e := range exceptions {
		if e.Incomplete && !e.Accepted {
			return true
		}
	}
	return false
}

// notSent returns the changes as they end in a plan that was refused.
func notSent(changes []sync.Change) []sync.Change {
	out := make([]sync.Change, len(changes))
	for i, c := range changes {
		out[i] = notAttempted(c)
	}
	return out
}

func notAttempted(c sync.Change) sync.Change {
	if c.Status == sync.Planned {
		c.Status = sync.NotAttempted
	}
	return c
}

// finish stores the record. If that fails, a run that has written is incomplete, and any other has failed.
func (r *run) finish(ctx context.Context, outcome sync.Outcome, code int, cause error) (sync.Record, error) {
	r.rec.Run.FinishedAt = r.now()
	r.summarise(outcome, code, cause)
	if r.access != nil {
		r.rec.Access = sync.LeftBy(r.access, r.rec.Changes)
	}
	// Write the reports even if the run was told to stop.
	ctx = context.WithoutCancel(ctx)
	kept, err := r.kept.Finish(ctx, r.rec, func() sync.Record {
		r.markNotWhole(cause)
		return r.rec
	})
	r.rec = kept
	if err != nil {
		return r.rec, &ExitError{r.rec.Summary.ExitCode, err}
	}
	r.warn("delete old runs", r.kept.Prune(ctx))
	return r.rec, nil
}

// markNotWhole records in the outcome that the run's record is incomplete. A dry run then counts as failed: it leaves
// nothing undone, so it can't be incomplete.
func (r *run) markNotWhole(cause error) {
	r.notWhole = true
	outcome, code := r.rec.Summary.Outcome, r.rec.Summary.ExitCode
	switch {
	case r.isDry() && outcome == sync.Done:
		outcome, code = sync.RunFailed, sync.ExitFailed
	case outcome == sync.Done, r.result != nil && r.result.WriteSent:
		outcome, code = sync.Incomplete, sync.ExitIncomplete
	}
	r.summarise(outcome, code, cause)
}

// shown returns the record as it is shown before the apply, without an outcome.
func (r *run) shown() sync.Record {
	r.summarise("", sync.ExitDone, nil)
	return r.rec
}

// noAccess notes that this run does not read enough to know who is in every group.
func (r *run) noAccess(what string) {
	if r.Access {
		r.log().Info("no access.csv is left: " + what + " reads no more presets than it writes")
	}
}
