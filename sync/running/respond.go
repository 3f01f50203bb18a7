package running

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
)

// Responder is the part of Procore that answering needs. *procore.Client implements it.
type Responder interface {
	Instance(context.Context, procore.InstanceRef) (procore.Instance, error)
	// Respond sends one response once. If procore.MaybeApplied is true of the error, it may or may not have been
	// accepted.
	Respond(context.Context, procore.InstanceRef, procore.Response) (procore.InstanceResult, error)
	Pause(ctx context.Context, attempt int, cause error) error
}

// ResponseJournal records every response before it is sent and after it has ended, as Journal does for invitations.
type ResponseJournal interface {
	ResponseIntent(ResponseIntent) error
	ResponseOutcome(ResponseOutcome) error
}

// ResponseIntent is what a run is about to answer. There is one for each attempt.
type ResponseIntent struct {
	Time    time.Time                `json:"time"`
	Ref     procore.InstanceRef      `json:"ref"`
	Step    procore.StepOccurrenceID `json:"step"`
	Person  procore.LoginID          `json:"person"` // the credentials' own user
	Option  procore.ResponseOptionID `json:"option"`
	Comment string                   `json:"comment,omitempty"`
	Attempt int                      `json:"attempt"` // from 1
}

// ResponseOutcome is how one answer ended. There is exactly one for each that had an intent.
type ResponseOutcome struct {
	Time       time.Time           `json:"time"`
	Ref        procore.InstanceRef `json:"ref"`
	State      sync.Status         `json:"status"` // applied, failed or conflict
	HTTPStatus int                 `json:"http_status,omitempty"`
	RequestID  string              `json:"request_id,omitempty"`
	Error      string              `json:"error,omitempty"`
}

// RespondOptions are the options of Respond. A zero value means the default named beside the field.
type RespondOptions struct {
	RunID       string
	Person      procore.LoginID  // the credentials' own user
	MaxAttempts int              // how often one response is sent at most; default 6
	Now         func() time.Time // default time.Now
	Grace       time.Duration    // how long requests in flight may take after a stop; default 30 s
}

// Respond sends the answers one after the other, each for the step as it was read by Prepare, and then reads the
// workflow again: the answer must be there, or Procore must have accepted it and the step moved on. If the same answer
// was given before, the response is done; if a different one was, or the step moved on before, that workflow alone is a
// conflict. If an answer was lost, the workflow is read again before the response is repeated. Nothing more is sent
// once ctx has ended.
func Respond(ctx context.Context, prepared []Prepared, w Responder, j ResponseJournal, opts RespondOptions) []sync.Response {
	if opts.MaxAttempts <= 0 {
		opts.MaxAttempts = 6
	}
	if opts.Now == nil {
		opts.Now = time.Now
	}
	if opts.Grace <= 0 {
		opts.Grace = defaultGrace
	}
	a := &answering{w: w, journal: j, opts: opts}
	out := make([]sync.Response, 0, len(prepared))
	for _, p := range prepared {
		out = append(out, a.one(ctx, p))
	}
	return out
}

// answering is one call of Respond.
type answering struct {
	w       Responder
	journal ResponseJournal
	opts    RespondOptions
	stopped string
}

func (a *answering) one(ctx context.Context, p Prepared) sync.Response {
	out := p.Response()
	switch {
	case p.Conflict != "":
		out.Status, out.Error = sync.Conflict, p.Conflict
		return out
	case p.Done:
		out.Status = sync.Applied
		return out
	}
	var last error
	for attempt := 1; ; attempt++ {
		if a.stopped == "" {
			a.stopped = whyStopped(ctx)
		}
		switch {
		case a.stopped != "" && last != nil:
			return a.end(p.Ref, notSentAgain(out, last, a.stopped))
		case a.stopped != "":
			out.Status, out.Error = sync.NotAttempted, a.stopped
			return out
		}
		intent := ResponseIntent{Time: a.opts.Now(), Ref: p.Ref, Step: p.Step, Person: a.opts.Person, Option: p.Chosen.ID, Comment: p.Comment, Attempt: attempt}
		if err := a.journal.ResponseIntent(intent); err != nil {
			a.stopped = "the journal can't be written: " + err.Error()
			continue
		}
		again, err := a.send(ctx, p, &out, attempt)
		if !again {
			return a.end(p.Ref, out)
		}
		if waiting := a.w.Pause(ctx, attempt+1, err); waiting != nil {
			return a.end(p.Ref, notSentAgain(out, err, waiting.Error()))
		}
		last = err
	}
}

// notSentAgain ends a response that did not get through and that a stop kept from being sent again.
func notSentAgain(out sync.Response, last error, why string) sync.Response {
	out.Status, out.Error = sync.Failed, fmt.Sprintf("not answered: %v; it was not sent again: %s", last, why)
	if procore.MaybeApplied(last) {
		out.Error = fmt.Sprintf("it was sent, but the answer was lost (%v), and it did not stand there when read again; it was not sent again: %s: "+
			"look in Procore whether it stands there now", last, why)
	}
	return out
}

// send sends one response and checks what became of it. again is set if nothing did and another attempt may help.
func (a *answering) send(ctx context.Context, p Prepared, out *sync.Response, attempt int) (again bool, err error) {
	flight, cancel := procore.InFlight(ctx, a.opts.Grace)
	defer cancel()
	result, err := a.w.Respond(flight, p.Ref, procore.Response{
		Step: p.Step, Option: p.Chosen.ID, Comment: p.Comment, IdempotencyToken: a.token(p),
	})
	out.HTTPStatus, out.RequestID = result.HTTPStatus, result.RequestID
	if err != nil {
		out.HTTPStatus, out.RequestID = procore.AnswerOf(err)
	}
	if procore.NoUse(err) {
		a.stopped = err.Error()
	}
	now, reading := a.w.Instance(flight, p.Ref)
	if reading != nil {
		out.Status = sync.Failed
		out.Error = fmt.Sprintf("it was sent, but the workflow could not be read again (%v): look in Procore whether the answer stands", reading)
		if err != nil {
			out.Error = fmt.Sprintf("%v; and the workflow could not be read again (%v): look in Procore whether the answer stands", err, reading)
		}
		return false, nil
	}
	stands, other := a.found(now, p)
	switch {
	case stands:
		out.Status = sync.Applied
	case other != "" && err == nil && now.Step != nil && now.Step.ID == p.Step, other != "" && err != nil && !procore.MaybeApplied(err):
		out.Status, out.Error = sync.Conflict, other
	case other != "" && err != nil:
		out.Status = sync.Failed
		out.Error = fmt.Sprintf("the answer to the response was lost (%v), and %s: look in Procore which answer stands", err, other)
	case other != "":
		out.Status = sync.Applied // Procore accepted it, and the workflow has moved on since
	case err == nil:
		out.Status, out.Error = sync.Failed, "Procore took the response, but it does not stand there when read again"
	case (procore.MaybeApplied(err) || procore.Retryable(err)) && attempt < a.opts.MaxAttempts:
		return true, err
	case procore.MaybeApplied(err) || procore.Retryable(err):
		out.Status, out.Error = sync.Failed, fmt.Sprintf("not answered in %d attempts: %v", attempt, err)
	default:
		out.Status, out.Error = sync.Failed, "Procore refused the response: "+err.Error()
	}
	return false, nil
}

// found reports whether the answer has been given on the step that it was meant for. other says what prevents it: a
// different answer, or a step that is no longer current.
func (a *answering) found(now procore.Instance, p Prepared) (stands bool, other string) {
	if now.Ended || now.Step == nil || now.Step.ID != p.Step {
		return false, "the workflow has moved on from that step"
	}
	response, there := now.Step.Response(a.opts.Person)
	switch {
	case !there:
		return false, "the step does not wait for this user any more"
	case !response.Submitted:
		return false, ""
	case sameAnswer(response, p.Chosen, p.Comment):
		return true, ""
	}
	return false, "another answer of this user stands there"
}

func (a *answering) end(ref procore.InstanceRef, out sync.Response) sync.Response {
	err := a.journal.ResponseOutcome(ResponseOutcome{
		Time: a.opts.Now(), Ref: ref, State: out.Status, HTTPStatus: out.HTTPStatus, RequestID: out.RequestID, Error: out.Error,
	})
	if err != nil && a.stopped == "" {
		a.stopped = "the journal can't be written: " + err.Error()
	}
	return out
}

// token identifies a response, so that it counts once even if it is sent twice.
func (a *answering) token(p Prepared) string {
	sum := sha256.Sum256([]byte(strings.Join([]string{
		a.opts.RunID, string(p.Ref.Project), string(p.Ref.Instance), string(p.Step), string(p.Chosen.ID), p.Comment,
	}, "\x00")))
	return hex.EncodeToString(sum[:16])
}
