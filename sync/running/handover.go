package running

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
)

// Inviter is the part of Procore that handing over needs. *procore.Client implements it.
type Inviter interface {
	Instance(context.Context, procore.InstanceRef) (procore.Instance, error)
	// Invite sends one invitation once. If procore.MaybeApplied is true of the error, it may or may not have been
	// accepted.
	Invite(context.Context, procore.InstanceRef, procore.Invitation) (procore.InstanceResult, error)
	// Pause waits before the given attempt (from 2) for as long as cause requires.
	Pause(ctx context.Context, attempt int, cause error) error
}

// Journal records every invitation before it is sent and after it has ended. Its methods return only once the line is
// on disk; after an error nothing more is sent.
type Journal interface {
	Intent(Intent) error
	Outcome(Outcome) error
}

// Intent is whom a run is about to invite. There is one for each attempt.
type Intent struct {
	Time    time.Time         `json:"time"`
	Item    Handover          `json:"handover"`
	Attempt int               `json:"attempt"` // from 1
	OnStep  []procore.LoginID `json:"on_step"` // who was on the step as just read
	Send    []procore.LoginID `json:"send"`    // who is invited
}

// Outcome is how one hand-over ended. There is exactly one for each that had an intent.
type Outcome struct {
	Time       time.Time                `json:"time"`
	Ref        procore.InstanceRef      `json:"ref"`
	Step       procore.StepOccurrenceID `json:"step"`
	Person     procore.LoginID          `json:"person"`
	State      sync.WaitState           `json:"state"`
	HTTPStatus int                      `json:"http_status,omitempty"`
	RequestID  string                   `json:"request_id,omitempty"`
	Error      string                   `json:"error,omitempty"`
}

// HandoverOptions are the options of HandOver. A zero value means the default named beside the field.
type HandoverOptions struct {
	RunID       string
	MaxAttempts int              // how often one invitation is sent at most; default 6
	Now         func() time.Time // default time.Now
	Grace       time.Duration    // how long requests in flight may take after a stop; default 30 s
	Progress    func(done, total int)
}

// HandOver invites those whom the plan names, one workflow after the other, and returns the rows with what became of
// each. It leaves out rows whose person has answered in the meantime.
//
// Each workflow is read again before anybody is invited; if it has ended or its step has moved on, nothing is sent. The
// answer is compared: every invited person must be on the step, and nobody may be missing. If the answer to an
// invitation was lost, the workflow is read again before it is repeated. Nothing more is sent once a workflow has lost
// somebody, the journal can't be written, the credentials are refused or ctx has ended.
func HandOver(ctx context.Context, plan *Plan, rows []sync.Waiting, w Inviter, j Journal, opts HandoverOptions) []sync.Waiting {
	if opts.MaxAttempts <= 0 {
		opts.MaxAttempts = 6
	}
	if opts.Now == nil {
		opts.Now = time.Now
	}
	if opts.Grace <= 0 {
		opts.Grace = defaultGrace
	}
	h := &handing{w: w, journal: j, opts: opts}
	var out []sync.Waiting
	done := sync.NewProgress(opts.Progress, len(plan.Items))
	for _, row := range rows {
		i := slices.IndexFunc(plan.Items, func(item Handover) bool {
			return row.State == sync.WaitPlanned && item.Ref == refOf(row) && item.Person == row.Person.ID && item.Step == row.Step
		})
		if i < 0 {
			out = append(out, row)
			continue
		}
		row, there := h.one(ctx, plan.Items[i], row)
		if there {
			out = append(out, row)
		}
		done.Step()
	}
	return out
}

// handing is one call of HandOver.
type handing struct {
	w       Inviter
	journal Journal
	opts    HandoverOptions
	stopped string // why nothing more is sent
}

// errAnswered says that nobody needs to take the person's place.
var errAnswered = errors.New("the person has answered meanwhile")

// one hands over one workflow. It reports whether the workflow is still waiting for the person.
func (h *handing) one(ctx context.Context, item Handover, row sync.Waiting) (sync.Waiting, bool) {
	if reason := h.why(ctx); reason != "" {
		row.State, row.Error = sync.WaitNotAttempted, reason
		return row, true
	}
	var t tries
	for {
		now, err := h.read(ctx, item, t.n > 0)
		if err != nil {
			return h.unread(ctx, item, row, t, err), true
		}
		missing, err := stillWanted(now, item)
		switch {
		case err != nil && t.lost != nil:
			row.State, row.Error = sync.WaitConflict, fmt.Sprintf("%v, after an invitation whose answer was lost (%v)", err, t.lost)
			return h.end(item, row, t), true
		case err != nil:
			row.State, row.Error = sync.WaitConflict, err.Error()+": nobody was invited"
			return h.end(item, row, t), !errors.Is(err, errAnswered)
		case len(missing) == 0 && t.lost != nil:
			row.State = sync.WaitInvited
			return h.end(item, row, t), true
		case len(missing) == 0:
			row.State, row.OnStep = sync.Waits, true // by somebody else
			return h.end(item, row, t), true
		case t.n >= h.opts.MaxAttempts:
			row.State, row.Error = sync.WaitFailed, fmt.Sprintf("not invited in %d attempts: %v", t.n, t.last)
			return h.end(item, row, t), true
		case h.why(ctx) != "":
			return h.notSent(item, row, t), true
		}
		settled, err := h.send(ctx, item, &row, now, missing, t)
		if settled {
			return row, true
		}
		t = t.and(err)
	}
}

// tries is how often an invitation was sent, and how that ended.
type tries struct {
	n    int
	last error // of the last attempt
	lost error // of the last attempt that may have been accepted all the same
}

func (t tries) and(err error) tries {
	t.n, t.last = t.n+1, err
	if procore.MaybeApplied(err) {
		t.lost = err
	}
	return t
}

// unread ends a hand-over whose workflow could not be read before an invitation, or after one that did not get through.
func (h *handing) unread(ctx context.Context, item Handover, row sync.Waiting, t tries, err error) sync.Waiting {
	h.stopIfUseless(err)
	row.State = sync.WaitFailed
	switch {
	case t.lost != nil:
		row.Error = fmt.Sprintf("an invitation was sent, but its answer was lost (%v), and the workflow could not be read again (%v): "+
			"look in Procore whether they are on the step", t.lost, err)
	case t.n > 0:
		row.Error = fmt.Sprintf("not invited: %v; the workflow could not be read again: %v", t.last, err)
	case h.why(ctx) != "":
		row.State, row.Error = sync.WaitNotAttempted, h.stopped
	default:
		row.Error = "the workflow could not be read again, so nobody was invited: " + err.Error()
	}
	return h.end(item, row, t)
}

// why returns why nothing more is sent, or nothing.
func (h *handing) why(ctx context.Context) string {
	if h.stopped == "" {
		h.stopped = whyStopped(ctx)
	}
	return h.stopped
}

// read reads the workflow. Once something has been sent it goes on for a while even if the run must stop, since the
// outcome still has to be found out.
func (h *handing) read(ctx context.Context, item Handover, sent bool) (procore.Instance, error) {
	if sent {
		flight, cancel := procore.InFlight(ctx, h.opts.Grace)
		defer cancel()
		return h.w.Instance(flight, item.Ref)
	}
	return h.w.Instance(ctx, item.Ref)
}

// stillWanted returns those to be invited who are not on the step yet. An error says why nobody is to be invited any
// more.
func stillWanted(now procore.Instance, item Handover) ([]procore.LoginID, error) {
	switch {
	case now.Ended:
		return nil, errors.New("the workflow has ended meanwhile")
	case now.Step == nil || now.Step.ID != item.Step:
		return nil, errors.New("the workflow has moved on to another step meanwhile")
	}
	response, there := now.Step.Response(item.Person)
	switch {
	case !there:
		return nil, errors.New("the person is not on the step any more")
	case response.Submitted:
		return nil, errAnswered
	}
	var missing []procore.LoginID
	for _, id := range item.Invite {
		if _, on := now.Step.Response(id); !on {
			missing = append(missing, id)
		}
	}
	return missing, nil
}

// send writes one invitation to the journal and sends it. settled is false if another attempt may help; err then says
// why.
func (h *handing) send(ctx context.Context, item Handover, row *sync.Waiting, now procore.Instance, missing []procore.LoginID, t tries) (settled bool, err error) {
	attempt := t.n + 1
	err = h.journal.Intent(Intent{Time: h.opts.Now(), Item: item, Attempt: attempt, OnStep: onStep(now), Send: missing})
	if err != nil {
		h.stopped = "the journal can't be written: " + err.Error()
		*row = h.notSent(item, *row, t)
		return true, nil
	}
	flight, cancel := procore.InFlight(ctx, h.opts.Grace)
	defer cancel()
	answer, err := h.w.Invite(flight, item.Ref, procore.Invitation{
		Step: item.Step, Logins: missing, Required: item.Required, Reason: item.Reason,
		Comment: "Invited by assignee-sync, run " + h.opts.RunID,
	})
	row.HTTPStatus, row.RequestID = answer.HTTPStatus, answer.RequestID
	if err == nil {
		h.check(flight, item, row, now, answer.Instance)
		*row = h.journalled(item, *row)
		return true, nil
	}
	row.HTTPStatus, row.RequestID = procore.AnswerOf(err)
	h.stopIfUseless(err)
	if procore.MaybeApplied(err) || procore.Retryable(err) {
		if attempt < h.opts.MaxAttempts {
			if waiting := h.w.Pause(ctx, attempt+1, err); waiting != nil && ctx.Err() == nil {
				h.stopped = "another attempt can't be waited for: " + waiting.Error()
			}
		}
		return false, err
	}
	row.State, row.Error = sync.WaitFailed, "Procore refused the invitation: "+err.Error()
	var api *procore.APIError
	if errors.As(err, &api) && api.Status == http.StatusUnprocessableEntity {
		row.Error += "; they may not be eligible for this step, or may be on it already"
	}
	*row = h.journalled(item, *row)
	return true, nil
}

// check compares the workflow after the invitation with what was asked for. If the answer does not show it, the
// workflow is read.
func (h *handing) check(ctx context.Context, item Handover, row *sync.Waiting, before procore.Instance, after *procore.Instance) {
	if after == nil || after.Step == nil || after.Step.ID != item.Step {
		now, err := h.w.Instance(ctx, item.Ref)
		if err != nil {
			row.State, row.Error = sync.WaitFailed, "Procore took the invitation, but the workflow could not be read again to check it: "+err.Error()
			return
		}
		after = &now
	}
	if after.Ended || after.Step == nil || after.Step.ID != item.Step {
		row.State = sync.WaitInvited // Procore accepted it, and the workflow has moved on since
		return
	}
	for _, id := range onStep(before) {
		if _, there := after.Step.Response(id); !there {
			h.stopped = "an invitation took somebody off a step"
			row.State = sync.WaitFailed
			row.Error = "after the invitation somebody else is gone from the step: put it right in Procore; no more invitations are sent"
			return
		}
	}
	for _, id := range item.Invite {
		if _, there := after.Step.Response(id); !there {
			row.State = sync.WaitFailed
			row.Error = fmt.Sprintf("Procore took the invitation, but login %s is not on the step", id)
			return
		}
	}
	row.State = sync.WaitInvited
}

// notSent ends a hand-over that a stop kept from being sent, or from being sent again.
func (h *handing) notSent(item Handover, row sync.Waiting, t tries) sync.Waiting {
	row.State, row.Error = sync.WaitNotAttempted, h.stopped
	if t.n > 0 {
		row.State, row.Error = sync.WaitFailed, fmt.Sprintf("not invited: %v; it was not sent again: %s", t.last, h.stopped)
	}
	return h.end(item, row, t)
}

// end settles a hand-over that was read and not sent, or not sent again. One that was announced in the journal gets its
// outcome.
func (h *handing) end(item Handover, row sync.Waiting, t tries) sync.Waiting {
	if t.n == 0 {
		return row
	}
	return h.journalled(item, row)
}

// journalled writes the outcome to the journal.
func (h *handing) journalled(item Handover, row sync.Waiting) sync.Waiting {
	err := h.journal.Outcome(Outcome{
		Time: h.opts.Now(), Ref: item.Ref, Step: item.Step, Person: item.Person, State: row.State,
		HTTPStatus: row.HTTPStatus, RequestID: row.RequestID, Error: row.Error,
	})
	if err != nil && h.stopped == "" {
		h.stopped = "the journal can't be written: " + err.Error()
	}
	return row
}

// stopIfUseless stops if err means that no other request can do better.
func (h *handing) stopIfUseless(err error) {
	if procore.NoUse(err) {
		h.stopped = err.Error()
	}
}

func onStep(i procore.Instance) []procore.LoginID {
	var ids []procore.LoginID
	if i.Step == nil {
		return ids
	}
	for _, r := range i.Step.Responses {
		if r.Assignee.ID != "" && !slices.Contains(ids, r.Assignee.ID) {
			ids = append(ids, r.Assignee.ID)
		}
	}
	return ids
}
