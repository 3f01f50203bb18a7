package running

import (
	"context"
	"errors"
	"time"

	"procore-assignee-sync/sync"
)

// defaultGrace is one request's timeout.
const defaultGrace = 30 * time.Second

// whyStopped says why nothing new may be sent, once ctx has ended; before, it is empty.
func whyStopped(ctx context.Context) string {
	switch {
	case ctx.Err() == nil:
		return ""
	case errors.Is(context.Cause(ctx), context.DeadlineExceeded):
		return sync.TimeOver
	default:
		return sync.ToldToStop
	}
}
