package sync

import (
	"context"
	"log/slog"
	"time"
)

// ApplyOptions says how Apply goes about it. Zero values take the default named beside them.
type ApplyOptions struct {
	Concurrency int                   // presets written at the same time; 8
	MaxAttempts int                   // how often one preset is sent at most; 6
	Now         func() time.Time      // time.Now
	Progress    func(done, total int) // told after each preset that had something to send; one call at a time
	Deadline    time.Time             // no write starts after it; zero: none
	Grace       time.Duration         // after a stop, how long what is in flight may still take; 30 s
	Log         *slog.Logger          // nil: nothing is logged
}

// Apply writes the plan's changed presets and says what became of every change of the plan. See DESIGN of the writing
// in verify.go and stop.go.
func Apply(ctx context.Context, plan *Plan, w Writer, j Journal, opts ApplyOptions) *Result {
	return &Result{}
}
