package job

import (
	"context"
	"fmt"

	"procore-assignee-sync/sync"
	"procore-assignee-sync/sync/apply"
	"procore-assignee-sync/sync/report"
	"procore-assignee-sync/sync/running"
)

// HandoverRequest is what a person asks for in one hand-over.
type HandoverRequest struct {
	List       running.WatchList // whom to look for
	To         *running.Named    // who is invited instead of the successors; nil means the successors
	Approve    string            // digest, or its first 12 or more hex digits, of the plan that is allowed despite its size
	ApprovedBy string
	Reason     string
}

// HandOver looks for everybody on the list and invites those who take their places. It is a run of its own: locked,
// planned, checked against SYNC_MAX_HANDOVERS, confirmed and journalled. The record is filled in as far as the run got,
// even if there is an error; the error carries the exit code.
func (j *Job) HandOver(ctx context.Context, req HandoverRequest) (sync.Record, error) {
	r, err := j.start(ctx, j.info(sync.CommandHandover), approval{req.Approve, req.ApprovedBy, req.Reason})
	if err != nil {
		return r.rec, err
	}
	defer r.unlock()
	plan, rows, err := r.planHandover(ctx, req)
	if err != nil {
		return r.fail(ctx, err)
	}
	r.rec.Waiting = rows
	r.tellWaiting()
	if !r.allowed() {
		return r.end(ctx)
	}
	if err := r.confirm(len(plan.Items)); err != nil {
		return r.fail(ctx, err)
	}
	r.result = &apply.Result{}
	_ = r.phase("running", func() error {
		ctx, cancel := r.withDeadline(ctx)
		defer cancel()
		r.handOver(ctx, plan, rows)
		return nil
	})
	r.result.WriteSent = sent(r.rec.Waiting)
	r.rec.Exceptions = nil
	r.tellWaiting()
	return r.end(ctx)
}

// planHandover looks, and makes the plan to be approved and confirmed.
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
			Allow: "look through the workflows; if they are right, approve this plan, or raise SYNC_MAX_HANDOVERS",
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

// handOverNightly invites the successors of those for whom something is waiting. If there are more than allowed, nobody
// is invited and the run is incomplete.
func (r *run) handOverNightly(ctx context.Context) {
	plan, rows := running.PlanHandover(r.Company, r.Host, r.rec.Waiting, nil, r.MaxHandovers)
	if plan.Refused {
		r.rec.Exceptions = append(r.rec.Exceptions, sync.Exception{
			Kind: sync.NotAttemptedKind, Subject: "hand-overs", Incomplete: true,
			Detail: fmt.Sprintf("%s, so nobody was invited: look at running.csv, then `%s`",
				plan.Figure(), report.Approval(&sync.Plan{Digest: plan.Digest}, sync.Run{Command: sync.CommandHandover, Unattended: r.rec.Run.Unattended})),
		})
		return
	}
	r.handOver(ctx, plan, rows)
}

// handOver invites those whom the plan names. The rows as they are planned are on disk first.
func (r *run) handOver(ctx context.Context, plan *running.Plan, rows []sync.Waiting) {
	if len(plan.Items) == 0 {
		return
	}
	planned := r.rec
	planned.Waiting = rows
	if err := r.kept.WriteWaiting(planned); err != nil {
		r.warn("write running.csv, so nobody is invited", err)
		r.rec.Waiting = running.NotAttempted(rows, "running.csv could not be written")
		return
	}
	r.rec.Waiting = running.HandOver(ctx, plan, rows, r.Procore, r.kept.RunningJournal(), running.HandoverOptions{
		RunID: r.rec.Run.ID, MaxAttempts: r.MaxAttempts, Now: r.now, Grace: r.Grace,
		Progress: func(done, total int) { r.progress("invitations", done, total) },
	})
	if r.rec.Waiting == nil {
		r.rec.Waiting = []sync.Waiting{}
	}
}
