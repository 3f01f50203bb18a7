package snapshot

import (
	"context"
	"errors"

	"procore-assignee-sync/procore"
)

// readHinted reads presets where the hints say that they are. It gives the scopes where one was not as promised: those
// are listed like any that no hint knows.
func (p *presetReading) readHinted(ctx context.Context, hinted []scopePresets) ([]procore.AssigneeScope, error) {
	var refs []scopedPreset
	for _, h := range hinted {
		for _, id := range h.presets {
			refs = append(refs, scopedPreset{scope: h.scope, preset: id})
		}
	}
	states, missed, err := p.readEach(ctx, refs)
	if err != nil {
		return nil, err
	}
	wrong := map[procore.AssigneeScope]bool{}
	for i, ref := range refs {
		if missed[i] != nil && !errors.Is(missed[i], errNotReached) {
			wrong[ref.scope] = true
		}
	}
	var astray []procore.AssigneeScope
	for _, h := range hinted {
		if wrong[h.scope] {
			astray = append(astray, h.scope)
		} else {
			p.located[h.scope] = h.presets
		}
	}
	for i, ref := range refs {
		switch {
		case wrong[ref.scope]: // read again once it is listed
		case missed[i] != nil:
			p.snapshot.Unreached = append(p.snapshot.Unreached, ref.ref())
		default:
			p.snapshot.Presets = append(p.snapshot.Presets, *states[i])
		}
	}
	p.sortPresets()
	return astray, nil
}

// lookAgainWhereOthers lists the hinted scopes of a tool again when one of its templates has not as many presets as at
// the last look: the hints have lost some, or presets have moved.
func (p *presetReading) lookAgainWhereOthers(ctx context.Context, hinted []scopePresets) error {
	if p.opts.Hints == nil || p.opts.Hints.Partial || p.snapshot.Narrowed() {
		return nil
	}
	promised, found := p.opts.Hints.found(), countPresets(p.snapshot.Presets)
	differs := map[procore.ToolRef]bool{}
	for _, t := range p.snapshot.Templates {
		if found[t.ID] != promised[t.ID] {
			differs[t.Tool] = true
		}
	}
	again := map[procore.AssigneeScope]bool{}
	var scopes []procore.AssigneeScope
	for _, h := range hinted {
		if differs[h.scope.Tool] && !again[h.scope] {
			again[h.scope] = true
			scopes = append(scopes, h.scope)
		}
	}
	if len(scopes) == 0 {
		return nil
	}
	kept := p.snapshot.Presets[:0]
	for _, state := range p.snapshot.Presets {
		if !again[state.Scope()] {
			kept = append(kept, state)
		}
	}
	p.snapshot.Presets = kept
	return p.listAndRead(ctx, scopes)
}
