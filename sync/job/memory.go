package job

import (
	"context"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync/snapshot"
)

// recall takes what earlier runs remember. Without it the run only makes more calls.
func (r *run) recall(ctx context.Context) {
	r.memory = r.Ledger.Memory(r.Company, r.Host)
	known, err := r.memory.Recall(ctx, r.rec.Run.StartedAt)
	r.warn("recall what earlier runs have read", err)
	if known == nil {
		known = &snapshot.Memory{}
	}
	r.known = known
	if r.isDry() {
		r.unread = known.Unread()
	}
}

// rememberWrites keeps in mind, before the first write, which presets this run may write: whatever becomes of it, the next one
// reads them.
func (r *run) rememberWrites(ctx context.Context) {
	var refs []procore.PresetRef
	for i := range r.rec.Plan.Presets {
		if p := &r.rec.Plan.Presets[i]; p.Changed() {
			refs = append(refs, p.Ref)
		}
	}
	if len(refs) > 0 {
		r.known.ReadNext(refs)
		r.remember(ctx)
		r.known = nil // of a large company it is large, and all of it is kept
	}
}

// remember keeps for the next run what this one has read, and the hour's limit. A dry run, which holds no lock, leaves
// alone what another one has kept meanwhile, and leaves to the next run what it was to read: another one may be writing it
// right now.
func (r *run) remember(ctx context.Context) {
	if r.known == nil {
		return
	}
	r.known.ReadNext(r.unread)
	r.known.Hourly.Learn(r.Procore.Pacing().Hourly.Limit, r.now())
	r.warn("remember what was read", r.memory.Keep(context.WithoutCancel(ctx), r.known, r.now(), r.isDry()))
}
