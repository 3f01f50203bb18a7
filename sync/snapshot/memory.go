package snapshot

import (
	"maps"
	"slices"
	"time"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
)

// Memory is what runs remember about a company's presets, so that the next run needs fewer calls. It is a hint, never
// the truth: a plan writes only what was read in its own run, and whatever is remembered is read again within
// Options.ReadDays. A memory that is old, damaged or forged costs calls, or delays noticing an edit made by hand.
type Memory struct {
	Templates []TemplateCount                     // by id
	Lists     map[procore.AssigneeScope]time.Time // when the presets of each project and tool were last listed
	Presets   []sync.PresetState                  // by project, then preset id; without ReadAt: the next run reads it
	MustRead  map[procore.PresetRef]bool          // presets that the next run must read, whatever is remembered about them
	Hourly    HourlyLimit
}

// HourlyLimit is how many calls Procore allows in an hour, and when a run learned that; zero if none has.
type HourlyLimit struct {
	Limit     int
	LearnedAt time.Time
}

// hourlyKept is how long the hourly limit is believed. It must not be for ever: a run that believes in a limit that has
// since been raised never makes enough calls to learn the new one.
const hourlyKept = 7 * 24 * time.Hour

// At returns the limit if it was learned in the week before now, else zero.
func (h HourlyLimit) At(now time.Time) int {
	if h.LearnedAt.After(now) || now.Sub(h.LearnedAt) >= hourlyKept {
		return 0
	}
	return max(0, h.Limit)
}

// Learn records the limit that a run has learned. A limit that it merely believed, or zero, changes nothing.
func (h *HourlyLimit) Learn(limit int, now time.Time) {
	if limit != 0 && limit != h.At(now) {
		*h = HourlyLimit{limit, now}
	}
}

// TemplateCount is how many projects were said to use a template, and how many of its presets were known then. If the
// difference changes, presets have come or gone.
type TemplateCount struct {
	ID       procore.TemplateID
	Assigned int
	Found    int
}

// ReadNext makes the next run read these presets, which this run is about to write, before it is known what becomes of
// them.
func (m *Memory) ReadNext(refs []procore.PresetRef) {
	if m.MustRead == nil {
		m.MustRead = make(map[procore.PresetRef]bool, len(refs))
	}
	for _, ref := range refs {
		m.MustRead[ref] = true
	}
}

// Unread returns the presets that the next run must read, whatever is remembered about them.
func (m *Memory) Unread() []procore.PresetRef {
	var refs []procore.PresetRef
	for i := range m.Presets {
		if p := &m.Presets[i]; p.ReadAt.IsZero() || m.MustRead[p.Ref] {
			refs = append(refs, p.Ref)
		}
	}
	return refs
}

// recall puts what is remembered about the presets in scope into the snapshot. It ignores what can't be true: unknown
// templates, projects and tools, times in the future, a preset twice. For presets that must be read in any case it
// takes only where they are.
func (p *reading) recall() {
	old := p.opts.Memory
	if old == nil {
		return
	}
	now := p.opts.Now()
	for _, scope := range p.scopes {
		if at, ok := old.Lists[scope]; ok && !at.After(now) {
			p.listed[scope] = at
		}
	}
	inScope := setOf(p.scopes)
	presets := old.Presets
	if !p.snapshot.Filtered { // the rest is not needed, and of a large company it takes much memory
		p.snapshot.Presets, old.Presets = presets[:0], nil
	}
	recalled := make(map[procore.PresetRef]bool, len(presets))
	for _, state := range presets {
		template, ok := p.templates[state.TemplateID]
		if !ok || template.Tool != state.Tool || !inScope[state.Scope()] || recalled[state.Ref] {
			continue
		}
		recalled[state.Ref] = true
		if state.ReadAt.IsZero() || state.ReadAt.After(now) || old.MustRead[state.Ref] || state.Preset.Template.Published != template.Published {
			p.unread[state.Ref] = scopedPreset{state.Scope(), state.Ref.Preset, state.TemplateID}
			continue
		}
		state.Remembered, state.Project, state.TemplateName = true, p.projects[state.Ref.Project], template.Name
		p.texts.preset(&state.Preset)
		p.snapshot.Presets = append(p.snapshot.Presets, state)
	}
	slices.SortFunc(p.snapshot.Presets, byRef)
}

// remember returns what the next run may remember. What a filter kept out of sight stays as it was.
func (p *reading) remember() *Memory {
	m := &Memory{Lists: p.listed, Presets: slices.Clip(p.snapshot.Presets)}
	for ref, at := range p.unread {
		m.Presets = append(m.Presets, sync.PresetState{Ref: ref, Tool: at.scope.Tool, TemplateID: at.template})
	}
	if p.snapshot.Filtered {
		m.keepRest(p.opts.Memory)
	} else {
		m.Templates = p.countTemplates()
	}
	slices.SortFunc(m.Presets, byRef)
	return m
}

// keepRest adds what a filtered run has not looked at.
func (m *Memory) keepRest(old *Memory) {
	m.Lists = nil // a filtered list is not complete
	if old == nil {
		return
	}
	have := make(map[procore.PresetRef]bool, len(m.Presets))
	for i := range m.Presets {
		have[m.Presets[i].Ref] = true
	}
	rest := &Memory{}
	for _, state := range old.Presets {
		if have[state.Ref] {
			continue
		}
		m.Presets = append(m.Presets, state)
		if old.MustRead[state.Ref] {
			rest.ReadNext([]procore.PresetRef{state.Ref})
		}
	}
	m.Lists, m.Templates, m.MustRead = maps.Clone(old.Lists), old.Templates, rest.MustRead
}

// countTemplates compares the number of each template's presets with the number of projects that use it. A run that
// could not look everywhere keeps the earlier counts.
func (p *reading) countTemplates() []TemplateCount {
	if p.snapshot.Partial() {
		if p.opts.Memory == nil {
			return nil
		}
		return p.opts.Memory.Templates
	}
	found := p.found()
	counts := make([]TemplateCount, 0, len(p.snapshot.Templates))
	for _, t := range p.snapshot.Templates {
		counts = append(counts, TemplateCount{t.ID, t.AssignedProjects, found[t.ID]})
	}
	return counts
}

// found counts the known presets of each template, read or not.
func (p *reading) found() map[procore.TemplateID]int {
	n := map[procore.TemplateID]int{}
	for i := range p.snapshot.Presets {
		n[p.snapshot.Presets[i].TemplateID]++
	}
	for _, at := range p.unread {
		n[at.template]++
	}
	return n
}

func byRef(a, b sync.PresetState) int { return sync.CompareRefs(a.Ref, b.Ref) }

func setOf[T comparable](list []T) map[T]bool {
	set := make(map[T]bool, len(list))
	for _, v := range list {
		set[v] = true
	}
	return set
}
