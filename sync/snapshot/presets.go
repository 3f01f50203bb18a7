package snapshot

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	gosync "sync"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
)

// scopedPreset is where a preset is.
type scopedPreset struct {
	scope    procore.AssigneeScope
	preset   procore.PresetID
	template procore.TemplateID // as listed, or as remembered
}

func (r scopedPreset) ref() procore.PresetRef {
	return procore.PresetRef{Project: r.scope.Project, Preset: r.preset}
}

// Why a preset that was asked for was not obtained.
var (
	errNotReached = errors.New("there was no time to read it")
	errElsewhere  = errors.New("it is not what was looked for there")
)

// readRefs reads presets into the snapshot, in the given order and as far as time allows. Presets that can't be read
// are not in the snapshot afterwards. If a preset is not where memory has it, the presets of its project and tool are
// listed.
func (p *reading) readRefs(ctx context.Context, refs []procore.PresetRef) error {
	places := p.places(refs)
	missed := make([]error, len(places))
	var read placing
	err := each(ctx, p.opts, "presets", len(places), func(ctx context.Context, i int) error {
		readCtx, cancel := p.inTime(ctx)
		defer cancel()
		preset, err := p.Preset(readCtx, places[i].ref())
		switch {
		case err == nil:
			var state *sync.PresetState
			if state, err = p.state(places[i], preset); err == nil {
				read.put(p, state)
			}
		case outOfTime(ctx, readCtx, err):
			err = errNotReached
		case endsRun(ctx, err):
			return err
		}
		missed[i] = err
		return nil
	})
	if err != nil {
		return err
	}
	read.end(p)
	var misplaced []scopedPreset
	var why []error
	for i, at := range places {
		p.tried[at.ref()] = true
		switch {
		case missed[i] == nil:
		case errors.Is(missed[i], errNotReached):
			p.leave(at)
		case isMisplaced(missed[i]) && p.asked[at.scope] == unasked:
			misplaced, why = append(misplaced, at), append(why, missed[i])
		default:
			p.setAside(at, missed[i])
		}
	}
	p.dropOut()
	return p.lookFor(ctx, misplaced, why)
}

// places returns where the presets are, each once.
func (p *reading) places(refs []procore.PresetRef) []scopedPreset {
	places := make([]scopedPreset, 0, len(refs))
	once := make(map[procore.PresetRef]bool, len(refs))
	for _, ref := range refs {
		if once[ref] {
			continue
		}
		once[ref] = true
		at, ok := p.unread[ref]
		if s := p.find(ref); s != nil {
			at, ok = scopedPreset{s.Scope(), ref.Preset, s.TemplateID}, true
		}
		if ok {
			places = append(places, at)
		}
	}
	return places
}

// find returns a preset in the snapshot, or nil.
func (p *reading) find(ref procore.PresetRef) *sync.PresetState {
	list := p.snapshot.Presets
	i, ok := slices.BinarySearchFunc(list, ref, func(s sync.PresetState, ref procore.PresetRef) int {
		return sync.CompareRefs(s.Ref, ref)
	})
	if !ok {
		return nil
	}
	return &list[i]
}

// placing puts presets into the snapshot as they are read: remembered ones are replaced in place, so that they are not
// held twice, and new ones are added at the end.
type placing struct {
	mu    gosync.Mutex
	found []procore.PresetRef
	more  []sync.PresetState
}

func (r *placing) put(p *reading, state *sync.PresetState) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.found = append(r.found, state.Ref)
	if at := p.find(state.Ref); at != nil {
		*at = *state
	} else {
		r.more = append(r.more, *state)
	}
}

func (r *placing) end(p *reading) {
	for _, ref := range r.found {
		delete(p.unread, ref)
	}
	if len(r.more) > 0 {
		p.snapshot.Presets = append(p.snapshot.Presets, r.more...)
		slices.SortFunc(p.snapshot.Presets, byRef)
	}
}

// isMisplaced reports whether a preset is not where it was remembered.
func isMisplaced(err error) bool {
	var answer *procore.APIError
	return errors.Is(err, errElsewhere) || errors.As(err, &answer) && answer.Status == http.StatusNotFound
}

// lookFor lists the presets of the projects and tools in which one was not where memory has it. If the list still has
// it, it is unreadable; otherwise it is gone.
func (p *reading) lookFor(ctx context.Context, misplaced []scopedPreset, why []error) error {
	scopes := make([]procore.AssigneeScope, len(misplaced))
	for i, at := range misplaced {
		scopes[i] = at.scope
		p.out[at.ref()], p.unread[at.ref()] = true, at
	}
	p.dropOut()
	slices.SortFunc(scopes, sync.CompareScopes)
	if err := p.list(ctx, slices.Compact(scopes)); err != nil {
		return err
	}
	for i, at := range misplaced {
		switch _, there := p.unread[at.ref()]; {
		case p.asked[at.scope] == answered && there:
			p.setAside(at, why[i])
		case p.asked[at.scope] == unreached:
			p.leave(at)
		}
	}
	p.dropOut()
	return nil
}

// leave leaves a preset for which there was no time to the next run. What is remembered about it stays in use unless it
// is overdue or the plan needs it.
func (p *reading) leave(at scopedPreset) {
	if s := p.find(at.ref()); s != nil && p.mayWait[at.ref()] {
		return
	}
	p.snapshot.Unreached = append(p.snapshot.Unreached, at.ref())
	p.out[at.ref()], p.unread[at.ref()] = true, at
}

// setAside records a preset that can't be read: nothing in it is touched.
func (p *reading) setAside(at scopedPreset, err error) {
	p.tried[at.ref()], p.out[at.ref()], p.unread[at.ref()] = true, true, at
	p.snapshot.Unreadable = append(p.snapshot.Unreadable, sync.Unreadable{
		Subject:    fmt.Sprintf("preset %s of %s", at.preset, describeScope(p.snapshot, at.scope)),
		Detail:     detail(err),
		Project:    at.scope.Project,
		TemplateID: at.template,
		Preset:     at.preset,
	})
}

// dropOut removes from the snapshot the presets that must no longer be in it.
func (p *reading) dropOut() {
	if len(p.out) > 0 {
		p.snapshot.Presets = slices.DeleteFunc(p.snapshot.Presets, func(s sync.PresetState) bool { return p.out[s.Ref] })
		clear(p.out)
	}
}

// inTime bounds a read by the time allowed for reading presets.
func (p *reading) inTime(ctx context.Context) (context.Context, context.CancelFunc) {
	if p.opts.PresetsBy.IsZero() {
		return ctx, func() {}
	}
	return context.WithDeadline(ctx, p.opts.PresetsBy)
}

// outOfTime reports whether a read failed only because that time is over, so that the run as a whole goes on.
func outOfTime(run, read context.Context, err error) bool {
	var budget *procore.BudgetError
	return err != nil && run != read && run.Err() == nil && (read.Err() != nil || errors.As(err, &budget))
}

// state returns a preset with its place. It is an error if the preset is not the one that was looked for there.
func (p *reading) state(at scopedPreset, preset procore.Preset) (*sync.PresetState, error) {
	template, ok := p.templates[preset.Template.ID]
	switch {
	case !ok:
		return nil, fmt.Errorf("%w: preset %s belongs to template %s, which is not in scope", errElsewhere, preset.ID, preset.Template.ID)
	case template.Tool != at.scope.Tool:
		return nil, fmt.Errorf("%w: preset %s belongs to template %q of another tool", errElsewhere, preset.ID, template.Name)
	case preset.Template.Published == "":
		return nil, fmt.Errorf("preset %s names no published version of its template", preset.ID)
	}
	p.texts.preset(&preset)
	return &sync.PresetState{
		ReadAt:       p.opts.Now().UTC(),
		Ref:          at.ref(),
		Tool:         at.scope.Tool,
		Project:      p.projects[at.scope.Project],
		TemplateID:   template.ID,
		TemplateName: template.Name,
		Preset:       preset,
	}, nil
}
