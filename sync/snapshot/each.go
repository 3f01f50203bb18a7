package snapshot

import (
	"context"

	"golang.org/x/sync/errgroup"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
)

// each calls do for 0…n-1, as many at a time as the options say, and stops at the first error.
func each(ctx context.Context, opts Options, phase string, n int, do func(context.Context, int) error) error {
	g, working := errgroup.WithContext(ctx)
	g.SetLimit(max(1, opts.Concurrency))
	tell := func(done, total int) {
		if opts.Progress != nil {
			opts.Progress(phase, done, total)
		}
	}
	if n > 0 {
		tell(0, n) // the first step may take long
	}
	progress := sync.NewProgress(tell, n)
	for i := range n {
		if working.Err() != nil {
			break
		}
		g.Go(func() error {
			defer progress.Step()
			return do(working, i)
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	return context.Cause(ctx)
}

// endsRun reports whether an error ends the whole run rather than concerning a single project or preset.
func endsRun(ctx context.Context, err error) bool {
	return ctx.Err() != nil || procore.NoUse(err) || procore.Unreachable(err)
}
