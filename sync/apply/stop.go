package apply

import (
	"context"
	"errors"
	"time"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
)

// stopper decides whether another write may start. It holds two contexts: open ends with the first reason to stop;
// flight, for requests that the journal has announced already, ends some time later.
type stopper struct {
	open   context.Context
	flight context.Context
	stop   context.CancelCauseFunc
	close  func()
}

// stopReason is why no new write starts, for people: in short, and in the words of an error if there was one. An
// error's words may name people or places, so they stay out of the run's final line.
type stopReason struct{ short, said string }

func (s stopReason) Error() string {
	if s.said == "" {
		return s.short
	}
	return s.short + ": " + s.said
}

var (
	deadlineReason    = stopReason{short: sync.TimeOver}
	credentialsReason = stopReason{short: "Procore refuses the credentials"}
)

// journalReason is why nothing more can be announced. An error of the journal may have a method InShort that gives its
// reason in short; otherwise the reason is that the journal can't be written.
func journalReason(err error) stopReason {
	var own interface {
		error
		InShort() string
	}
	if errors.As(err, &own) {
		return stopReason{own.InShort(), err.Error()}
	}
	return stopReason{"the journal can't be written", err.Error()}
}

// newStopper returns a stopper that stops when parent ends, at the deadline, or when stop is called. Requests in flight
// then have grace left. close releases its resources.
func newStopper(parent context.Context, deadline time.Time, grace time.Duration) *stopper {
	open, stop := context.WithCancelCause(parent)
	free := func() {}
	if !deadline.IsZero() {
		open, free = context.WithDeadlineCause(open, deadline, deadlineReason)
	}
	flight, land := procore.InFlight(open, grace)
	return &stopper{open: open, flight: flight, stop: stop, close: func() {
		land()
		free()
		stop(nil)
	}}
}

// stopped reports whether no new write may start.
func (s *stopper) stopped() bool { return s.open.Err() != nil }

// reason returns why no new write may start, or nothing.
func (s *stopper) reason() string { return s.stopReason().Error() }

func (s *stopper) stopReason() stopReason {
	if !s.stopped() {
		return stopReason{}
	}
	cause := context.Cause(s.open)
	switch reason := (stopReason{}); {
	case errors.As(cause, &reason):
		return reason
	case errors.Is(cause, context.DeadlineExceeded):
		return deadlineReason
	case errors.Is(cause, context.Canceled):
		return stopReason{short: sync.ToldToStop}
	default:
		return stopReason{sync.ToldToStop, cause.Error()}
	}
}

// stopIfUseless stops the run if err means that no other request can do better: the credentials are refused, or the
// rate limit leaves no room in the time allowed.
func (s *stopper) stopIfUseless(err error) bool {
	var budget *procore.BudgetError
	var auth *procore.AuthError
	switch {
	case errors.As(err, &budget):
		s.stop(stopReason{short: budget.Error() + " (SYNC_MAX_DURATION)"})
	case errors.As(err, &auth):
		s.stop(credentialsReason)
	default:
		return false
	}
	return true
}
