package running

import (
	"context"
	"errors"
	"time"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
)

// defaultGrace is one request's timeout.
const defaultGrace = 30 * time.Second

// whyStopped says why nothing new may be sent once ctx has ended; empty before.
func whyStopped(ctx context.Context) string {
	switch {
	case ctx.Err() == nil:
		return ""
	case errors.Is(context.Cause(ctx), context.DeadlineExceeded):
		return sync.TimeOver
	default:
		return "the run was told to stop"
	}
}

// noUse reports whether err says that no other request will do better: the credentials are refused, or the rate limit
// leaves no room in the time allowed.
func noUse(err error) bool {
	var auth *procore.AuthError
	var budget *procore.BudgetError
	return errors.As(err, &auth) || errors.As(err, &budget)
}

// flight returns the context of what may not be cut off: it ends some time after ctx.
func flight(ctx context.Context, grace time.Duration) (context.Context, context.CancelFunc) {
	flight, cancel := context.WithCancel(context.WithoutCancel(ctx))
	unwatch := context.AfterFunc(ctx, func() {
		timer := time.NewTimer(grace)
		defer timer.Stop()
		select {
		case <-timer.C:
			cancel()
		case <-flight.Done():
		}
	})
	return flight, func() { unwatch(); cancel() }
}
