package job

import (
	"context"

	"procore-assignee-sync/sync"
)

// Plan is the dry run: it reads, plans and judges, and leaves a run folder with what an apply would do. It takes no
// lock and writes nothing to Procore. The record is filled as far as the run came, also where an error is given; the
// error carries the exit code.
func (j *Job) Plan(ctx context.Context) (sync.Record, error) {
	r, err := j.begin(ctx, j.info("plan"))
	if err != nil {
		return sync.Record{}, err
	}
	if err := r.prepare(ctx); err != nil {
		return r.fail(ctx, err)
	}
	return r.end(ctx)
}
