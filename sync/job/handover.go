package job

import (
	"context"
	"fmt"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
	"procore-assignee-sync/sync/apply"
	"procore-assignee-sync/sync/running"
)

// HandoverRequest is what a person asks of one hand-over.
type HandoverRequest struct {
	List       running.WatchList // whom to look for
	To         *procore.Login    // who is invited instead of the successors; nil: the successors are
	Approve    string            // digest, or its first 12 or more hex digits, of the plan that is allowed despite its size
	ApprovedBy string
	Reason     string
}

// HandOver looks for everybody on the list, and invites those who take their places. It is a run itself: locked, planned,
// held against SYNC_MAX_HANDOVERS, confirmed, journalled. The record is filled as far as the run came, also where an
// error is given; the error carries the exit code.
func (j *Job) HandOver(ctx context.Context, req HandoverRequest) (sync.Record, error) {
	approve := ""
	if req.Approve != "" {
		var err error
		if approve, err = sync.ParseDigest(req.Approve); err != nil {
			return sync.Record{}, err
		}
	}
	info := j.info("handover")
	info.Approved, info.ApprovedBy, info.Reason = approve, req.ApprovedBy, req.Reason
	return j.locked(ctx, info, func(r *run) (sync.Record, error) {
		plan, rows, err := r.planHandover(ctx, req)
		if err != nil {
			return r.fail(ctx, err)
		}
		r.rec.Exceptions = running.Exceptions(rows, r.now())
		if !r.allowed(approve) {
			r.rec.Waiting = rows
			return r.end(ctx)
		}
		r.rec.Waiting = rows
		if err := r.confirm(len(plan.Items)); err != nil {
			return r.fail(ctx, err)
		}
		r.result = &apply.Result{}
		_ = r.phase("running", func() error {
			r.handOver(ctx, plan, rows)
			return nil
		})
		r.result.WriteSent = sent(r.rec.Waiting)
		r.rec.Exceptions = running.Exceptions(r.rec.Waiting, r.now())
		sync.SortExceptions(r.rec.Exceptions)
		return r.end(ctx)
	})
}

// planHandover looks, and makes the plan that is to be approved and confirmed.
func (r *run) planHandover(ctx context.Context, req HandoverRequest) (*running.Plan, []sync.Waiting, error) {
	r.rec.Plan = r.emptyPlan()
	var found []sync.Waiting
	err := r.phase("look", func() (err error) {
		found, err = r.findWaiting(ctx, req.List)
		return err
	})
	if err != nil {
		return nil, nil, err
	}
	plan, rows := running.PlanHandover(r.Company, r.Host, found, req.To, r.MaxHandovers)
	r.rec.Plan.Digest = plan.Digest
	if plan.Refused {
		r.rec.Plan.Gates = append(r.rec.Plan.Gates, sync.TrippedGate{
			Gate: sync.GateHandovers, Figure: plan.Figure(),
			Allow: "look through the workflows, then approve this plan, or raise SYNC_MAX_HANDOVERS",
		})
	}
	return plan, rows, nil
}

// sent reports whether an invitation was sent, or may have been.
func sent(rows []sync.Waiting) bool {
	for _, row := range rows {
		if row.State == sync.WaitInvited || row.HTTPStatus != 0 || row.State == sync.WaitFailed {
			return true
		}
	}
	return false
}

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
