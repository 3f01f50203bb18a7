package job

import (
	"context"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync/snapshot"
)

// recall loads what earlier runs remembered. Without it the run merely makes more calls.
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

// rememberWrites records, before the first write, which presets this run may write, so that the next run reads them
// whatever becomes of this one.
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
		r.known = nil // of a large company it takes much memory, and all of it has been stored
	}
}

// remember stores, for the next run, what this one has read and the hour's limit. A dry run, which holds no lock, does
// not overwrite what another run has stored in the meantime, and does not mark as read what the next run was to read:
// another run may be writing it at this moment.
func (r *run) remember(ctx context.Context) {
	if r.known == nil {
		return
	}
	r.known.ReadNext(r.unread)
	r.known.Hourly.Learn(r.Procore.Pacing().Hourly.Limit, r.now())
	r.warn("remember what was read", r.memory.Keep(context.WithoutCancel(ctx), r.known, r.now(), r.isDry()))
}
