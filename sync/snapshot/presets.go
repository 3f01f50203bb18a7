package snapshot

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
)

// presetReading finds the presets in scope and reads each.
type presetReading struct {
	Reader
	snapshot *sync.Snapshot
	opts     Options
	scope    []procore.Project // projects in scope

	templates map[procore.TemplateID]procore.Template
	projects  map[procore.ProjectID]procore.Project
	located   map[procore.AssigneeScope][]procore.PresetID // where presets live, for the next run's hints
	runs      int                                          // runs in a row that trusted hints
	first     map[procore.PresetRef]bool                   // what the last run had no time for: read before all else
	texts     interner
}

// run fills the snapshot's presets, from hints where they hold and by listing everywhere else.
func (p *presetReading) run(ctx context.Context) error {
	s := p.snapshot
	p.templates = make(map[procore.TemplateID]procore.Template, len(s.Templates))
	for _, t := range s.Templates {
		p.templates[t.ID] = t
	}
	p.projects = make(map[procore.ProjectID]procore.Project, len(s.Projects))
	for _, project := range s.Projects {
		p.projects[project.ID] = project
	}
	p.located = map[procore.AssigneeScope][]procore.PresetID{}

	hinted := p.opts.Hints.scopes(s.Templates)
	var toList []procore.AssigneeScope
	var toTry []scopePresets
	for _, scope := range p.scopes() {
		if presets, ok := hinted[scope]; ok {
			toTry = append(toTry, scopePresets{scope, presets})
		} else {
			toList = append(toList, scope)
		}
	}
	p.first = p.opts.Hints.unreached()
	astray, err := p.readHinted(ctx, toTry)
	if err != nil {
		return err
	}
	s.LookedAt = p.opts.Now().UTC()
	if len(toTry) > 0 {
		s.LookedAt, p.runs = p.opts.Hints.LookedAt, p.opts.Hints.Runs+1
	}
	if err := p.listAndRead(ctx, slices.Concat(toList, astray)); err != nil {
		return err
	}
	return p.lookAgainWhereOthers(ctx, slices.DeleteFunc(toTry, func(h scopePresets) bool {
		return slices.Contains(astray, h.scope) // listed a moment ago
	}))
}

type scopePresets struct {
	scope   procore.AssigneeScope
	presets []procore.PresetID
}

// scopes are the projects and tools in which presets of the templates in scope can live, sorted.
func (p *presetReading) scopes() []procore.AssigneeScope {
	var out []procore.AssigneeScope
	for _, tool := range p.usedTools() {
		switch provider, ok := procore.ProviderOf(p.snapshot.Tools, tool); {
		case !ok:
			p.snapshot.Unreadable = append(p.snapshot.Unreadable, sync.Unreadable{
				Subject: "tool " + tool.String(),
				Detail:  "a template uses this tool, but Procore does not list it among those that can run workflows",
			})
		case provider == procore.ProviderCompany:
			// Under a project filter the company's own presets are out of scope.
			if len(p.opts.Projects) == 0 {
				out = append(out, procore.AssigneeScope{Tool: tool})
			}
		default:
			for _, project := range p.scope {
				out = append(out, procore.AssigneeScope{Project: project.ID, Tool: tool})
			}
		}
	}
	return out
}

// usedTools are the tools of the templates in scope. A project-level template that no project uses has no presets to
// look for.
func (p *presetReading) usedTools() []procore.ToolRef {
	var tools []procore.ToolRef
	for _, t := range p.snapshot.Templates {
		provider, ok := procore.ProviderOf(p.snapshot.Tools, t.Tool)
		if ok && provider == procore.ProviderProject && t.AssignedProjects == 0 {
			continue
		}
		tools = append(tools, t.Tool)
	}
	slices.SortFunc(tools, compareTools)
	return slices.Compact(tools)
}

// listAndRead lists the scopes' presets and reads those of templates in scope.
func (p *presetReading) listAndRead(ctx context.Context, scopes []procore.AssigneeScope) error {
	found := make([][]scopedPreset, len(scopes))
	missed := make([]*sync.Unreadable, len(scopes))
	unlisted := make([]bool, len(scopes))
	err := each(ctx, p.opts, "preset lists", len(scopes), func(ctx context.Context, i int) error {
		readCtx, cancel := p.inTime(ctx)
		defer cancel()
		summaries, err := whole("presets", p.Presets(readCtx, scopes[i]))
		if err != nil {
			if outOfTime(ctx, readCtx, err) {
				unlisted[i] = true
				return nil
			}
			if endsRun(ctx, err) {
				return err
			}
			missed[i] = &sync.Unreadable{
				Subject: describeScope(p.snapshot, scopes[i]) + ", presets",
				Detail:  detail(err), Project: scopes[i].Project,
			}
			return nil
		}
		for _, preset := range summaries {
			if _, ok := p.templates[preset.Template.ID]; ok {
				found[i] = append(found[i], scopedPreset{scopes[i], preset.ID, preset.Template.ID})
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	var refs []scopedPreset
	for i, scope := range scopes {
		switch {
		case unlisted[i]:
			p.snapshot.Unlisted = append(p.snapshot.Unlisted, scope)
			continue
		case missed[i] != nil:
			p.snapshot.Unreadable = append(p.snapshot.Unreadable, *missed[i])
			continue
		}
		p.located[scope] = nil
		for _, listed := range found[i] {
			p.located[scope] = append(p.located[scope], listed.preset)
		}
		refs = append(refs, found[i]...)
	}
	return p.readAll(ctx, refs)
}

type scopedPreset struct {
	scope    procore.AssigneeScope
	preset   procore.PresetID
	template procore.TemplateID // as the list gives it; empty where no list was read
}

func (r scopedPreset) ref() procore.PresetRef {
	return procore.PresetRef{Project: r.scope.Project, Preset: r.preset}
}

// readAll reads each preset into the snapshot, or notes that it could not be.
func (p *presetReading) readAll(ctx context.Context, refs []scopedPreset) error {
	states, missed, err := p.readEach(ctx, refs)
	if err != nil {
		return err
	}
	for i := range refs {
		switch {
		case missed[i] == nil:
			p.snapshot.Presets = append(p.snapshot.Presets, *states[i])
		case errors.Is(missed[i], errNotReached):
			p.snapshot.Unreached = append(p.snapshot.Unreached, refs[i].ref())
		default:
			p.noteUnreadable(refs[i], missed[i])
		}
	}
	p.sortPresets()
	return nil
}

// readEach reads the presets, those first that the last run had no time for; each is either a state or an error of its
// own.
func (p *presetReading) readEach(ctx context.Context, refs []scopedPreset) ([]*sync.PresetState, []error, error) {
	sync.PutFirst(refs, func(r scopedPreset) bool { return p.first[r.ref()] })
	states := make([]*sync.PresetState, len(refs))
	missed := make([]error, len(refs))
	err := each(ctx, p.opts, "presets", len(refs), func(ctx context.Context, i int) error {
		readCtx, cancel := p.inTime(ctx)
		defer cancel()
		preset, err := p.Preset(readCtx, refs[i].ref())
		switch {
		case err == nil:
			states[i], err = p.state(refs[i], preset)
		case outOfTime(ctx, readCtx, err):
			err = errNotReached
		case endsRun(ctx, err):
			return err
		}
		missed[i] = err
		return nil
	})
	return states, missed, err
}

// errNotReached is a preset that there was no time to read.
var errNotReached = errors.New("there was no time to read it")

// inTime bounds a read by the time that is given to reading presets.
func (p *presetReading) inTime(ctx context.Context) (context.Context, context.CancelFunc) {
	if p.opts.PresetsBy.IsZero() {
		return ctx, func() {}
	}
	return context.WithDeadline(ctx, p.opts.PresetsBy)
}

// outOfTime says whether a read failed for want of time alone: the run as a whole goes on.
func outOfTime(run, read context.Context, err error) bool {
	var budget *procore.BudgetError
	return run != read && run.Err() == nil && (read.Err() != nil || errors.As(err, &budget))
}

// state puts a preset into its place. An error says that it is not one that was looked for there.
func (p *presetReading) state(at scopedPreset, preset procore.Preset) (*sync.PresetState, error) {
	template, ok := p.templates[preset.Template.ID]
	switch {
	case !ok:
		return nil, fmt.Errorf("preset %s belongs to template %s, which is not in scope", preset.ID, preset.Template.ID)
	case template.Tool != at.scope.Tool:
		return nil, fmt.Errorf("preset %s belongs to template %q of another tool", preset.ID, template.Name)
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

func (p *presetReading) noteUnreadable(at scopedPreset, err error) {
	p.snapshot.Unreadable = append(p.snapshot.Unreadable, sync.Unreadable{
		Subject:    fmt.Sprintf("%s, preset %s", describeScope(p.snapshot, at.scope), at.preset),
		Detail:     detail(err),
		Project:    at.scope.Project,
		TemplateID: at.template,
		Preset:     at.preset,
	})
}

func (p *presetReading) sortPresets() {
	slices.SortFunc(p.snapshot.Presets, func(a, b sync.PresetState) int {
		return cmp.Or(procore.CompareIDs(a.Ref.Project, b.Ref.Project), procore.CompareIDs(a.Ref.Preset, b.Ref.Preset))
	})
}
