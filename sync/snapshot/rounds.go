package snapshot

import (
	"context"
	"slices"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
)

// all reports whether every preset is read, whatever is remembered.
func (p *reading) all() bool { return p.opts.All || p.opts.ReadDays <= 1 || p.snapshot.Filtered }

// foresee plans from memory alone, to settle what is read first and to forecast what the run will ask of Procore.
func (p *reading) foresee(ctx context.Context) error {
	if err := p.readVersions(ctx); err != nil {
		return err
	}
	var need sync.Needs
	if p.needs != nil && len(p.snapshot.Presets) > 0 {
		need = p.needs(p.snapshot)
	}
	p.next = p.mustRead(need.Presets)
	p.next = append(p.next, p.share(p.next)...)
	if p.opts.Forecast != nil {
		p.opts.Forecast(p.forecast(need))
	}
	return nil
}

// forecast returns what the run is about to ask. If presets are not known yet, it expects as many as projects are said
// to use the templates.
func (p *reading) forecast(need sync.Needs) sync.Forecast {
	f := sync.Forecast{Lists: len(p.dueLists()), Presets: len(p.next) + len(p.unread), Writes: len(need.Presets), Assignees: need.Foreseen.Assignees, Looks: need.Foreseen.Looks}
	if len(p.next)+len(p.unread) == 0 {
		for _, t := range p.snapshot.Templates {
			f.Presets += max(0, t.AssignedProjects)
		}
	}
	return f
}

// readPresets reads what has to be read, and then what the plan needs, until it needs nothing more.
func (p *reading) readPresets(ctx context.Context) error {
	for {
		next := slices.Concat(p.untried(), p.next)
		p.next = nil
		if err := p.readRefs(ctx, next); err != nil {
			return err
		}
		if err := p.readVersions(ctx); err != nil {
			return err
		}
		if len(p.untried()) > 0 { // listed in the meantime
			continue
		}
		if p.needs == nil {
			return nil
		}
		need := p.needs(p.snapshot)
		if p.next = slices.Concat(need.Presets, need.People); len(p.next) > 0 {
			for _, ref := range p.next {
				delete(p.mayWait, ref)
			}
			continue
		}
		if len(need.Lists) == 0 {
			return nil
		}
		if err := readPossible(ctx, p, p.snapshot, need.Lists, p.opts, &p.texts); err != nil {
			return err
		}
	}
}

// untried returns the presets that exist and have not been asked for yet, by project and id.
func (p *reading) untried() []procore.PresetRef {
	var refs []procore.PresetRef
	for ref := range p.unread {
		if !p.tried[ref] {
			refs = append(refs, ref)
		}
	}
	slices.SortFunc(refs, sync.CompareRefs)
	return refs
}

// mustRead returns the remembered presets that are read in any case, those unread for longest first: those that the
// plan needs, or all.
func (p *reading) mustRead(needed []procore.PresetRef) []procore.PresetRef {
	needs := setOf(needed)
	return p.oldestFirst(func(s *sync.PresetState) bool { return p.all() || needs[s.Ref] })
}

// share returns the remembered presets whose turn it is today, counting those that are about to be read as read.
func (p *reading) share(next []procore.PresetRef) []procore.PresetRef {
	if p.all() {
		return nil
	}
	about := setOf(next)
	daysAgo := make([]int, len(p.snapshot.Presets))
	for i := range p.snapshot.Presets {
		if s := &p.snapshot.Presets[i]; !about[s.Ref] {
			daysAgo[i] = p.daysSince(s.ReadAt)
		}
	}
	refs := p.oldestFirst(func(s *sync.PresetState) bool { return !about[s.Ref] })
	refs = refs[:min(len(refs), dueToday(daysAgo, p.opts.ReadDays))]
	for _, ref := range refs {
		p.mayWait[ref] = !p.isOverdue(p.find(ref).ReadAt, p.opts.ReadDays)
	}
	return refs
}

// oldestFirst returns the wanted presets of the snapshot, those unread for longest first.
func (p *reading) oldestFirst(wanted func(*sync.PresetState) bool) []procore.PresetRef {
	var states []*sync.PresetState
	for i := range p.snapshot.Presets {
		if s := &p.snapshot.Presets[i]; wanted(s) {
			states = append(states, s)
		}
	}
	slices.SortStableFunc(states, func(a, b *sync.PresetState) int { return a.ReadAt.Compare(b.ReadAt) })
	refs := make([]procore.PresetRef, len(states))
	for i, s := range states {
		refs[i] = s.Ref
	}
	return refs
}
