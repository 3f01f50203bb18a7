package snapshot

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
)

// Within how many days every list of presets is read again: this multiple of ReadDays, and at least a week. Only a list
// reveals a new preset when no count has changed.
const (
	listTurnFactor = 4
	listTurnLeast  = 7
)

func (p *reading) listTurn() int { return max(listTurnLeast, listTurnFactor*p.opts.ReadDays) }

// listPresets reads the lists of presets that are due, then those of tools with templates that now have more or fewer
// presets than are known.
func (p *reading) listPresets(ctx context.Context) error {
	if err := p.list(ctx, p.dueLists()); err != nil {
		return err
	}
	return p.list(ctx, p.listsWhereCountsMoved())
}

// dueLists returns the projects and tools whose presets have to be listed: those that never were, the company's own,
// which no count covers, and those of the others whose turn it is.
func (p *reading) dueLists() []procore.AssigneeScope {
	var due, waiting []procore.AssigneeScope
	for _, scope := range p.scopes {
		_, known := p.listed[scope]
		if !known || scope.Project == "" || p.opts.ReadDays <= 1 && p.isUncounted(scope.Tool) {
			due = append(due, scope)
		} else {
			waiting = append(waiting, scope)
		}
	}
	if p.snapshot.Filtered {
		return due
	}
	daysAgo := make([]int, len(waiting))
	for i, scope := range waiting {
		daysAgo[i] = p.daysSince(p.listed[scope])
	}
	slices.SortStableFunc(waiting, func(a, b procore.AssigneeScope) int { return p.listed[a].Compare(p.listed[b]) })
	return append(due, waiting[:dueToday(daysAgo, p.listTurn())]...)
}

// isUncounted reports whether Procore does not say how many projects use a template of the tool, so that no count shows
// when another one does.
func (p *reading) isUncounted(tool procore.ToolRef) bool {
	return slices.ContainsFunc(p.snapshot.Templates, func(t procore.Template) bool {
		return t.Tool == tool && t.AssignedProjects == procore.AssignedUnknown
	})
}

// listsWhereCountsMoved returns the projects in which presets of a template may have come or gone, for templates whose
// count can't be explained by what is known.
func (p *reading) listsWhereCountsMoved() []procore.AssigneeScope {
	before := map[procore.TemplateID]TemplateCount{}
	if p.opts.Memory != nil {
		for _, c := range p.opts.Memory.Templates {
			before[c.ID] = c
		}
	}
	found := p.found()
	again := map[procore.AssigneeScope]bool{}
	for _, t := range p.snapshot.Templates {
		was, known := before[t.ID]
		unseen, unseenBefore := t.AssignedProjects-found[t.ID], was.Assigned-was.Found
		switch {
		case t.AssignedProjects == procore.AssignedUnknown:
			if !known {
				p.addLists(again, t, func(bool) bool { return true })
			}
		case unseen > unseenBefore: // some have come, to projects that have none yet
			p.addLists(again, t, func(has bool) bool { return !has })
		case unseen < unseenBefore: // some have gone, from projects that have one
			p.addLists(again, t, func(has bool) bool { return has })
		}
	}
	return slices.DeleteFunc(slices.Clone(p.scopes), func(s procore.AssigneeScope) bool { return !again[s] })
}

// addLists adds the projects worth listing, depending on whether a preset of the template is known there.
func (p *reading) addLists(to map[procore.AssigneeScope]bool, t procore.Template, worth func(has bool) bool) {
	has := map[procore.ProjectID]bool{}
	for i := range p.snapshot.Presets {
		if s := &p.snapshot.Presets[i]; s.TemplateID == t.ID {
			has[s.Ref.Project] = true
		}
	}
	for ref, at := range p.unread {
		if at.template == t.ID {
			has[ref.Project] = true
		}
	}
	for _, scope := range p.scopes {
		if scope.Tool == t.Tool && worth(has[scope.Project]) {
			to[scope] = true
		}
	}
}

// list lists the presets of projects and tools, each at most once in a run. New presets are read afterwards; those that
// are no longer listed are gone.
func (p *reading) list(ctx context.Context, scopes []procore.AssigneeScope) error {
	scopes = slices.DeleteFunc(slices.Clone(scopes), func(s procore.AssigneeScope) bool { return p.asked[s] != unasked })
	rows := make([][]procore.PresetSummary, len(scopes))
	failed := make([]error, len(scopes))
	err := each(ctx, p.opts, "preset lists", len(scopes), func(ctx context.Context, i int) error {
		readCtx, cancel := p.inTime(ctx)
		defer cancel()
		rows[i], failed[i] = whole("presets", p.Presets(readCtx, scopes[i]))
		switch err := failed[i]; {
		case outOfTime(ctx, readCtx, err):
			failed[i] = errNotReached
		case err != nil && endsRun(ctx, err):
			return err
		}
		return nil
	})
	if err != nil {
		return err
	}
	known := p.placesOf(scopes)
	for i, scope := range scopes {
		switch {
		case failed[i] == nil:
			p.asked[scope], p.listed[scope] = answered, p.opts.Now().UTC()
			p.take(scope, rows[i], known[scope])
		case !errors.Is(failed[i], errNotReached):
			p.asked[scope] = refused
			p.snapshot.Unreadable = append(p.snapshot.Unreadable, sync.Unreadable{
				Subject: "presets of " + describeScope(p.snapshot, scope), Detail: detail(failed[i]), Project: scope.Project, Tool: scope.Tool,
			})
		default:
			p.asked[scope] = unreached
			if p.isOverdue(p.listed[scope], p.listTurn()) {
				p.snapshot.Unlisted = append(p.snapshot.Unlisted, scope)
			}
		}
	}
	p.dropOut()
	return nil
}

// asking is what became of a list in this run.
type asking uint8

const (
	unasked   asking = iota
	unreached        // there was no time for it
	refused          // it could not be read
	answered
)

// isOverdue reports whether something was last looked at so long ago that it must not wait any longer.
func (p *reading) isOverdue(at time.Time, turn int) bool { return p.daysSince(at) >= turn }

func (p *reading) daysSince(at time.Time) int {
	return dayOf(p.opts.Now(), p.opts.Place) - dayOf(at, p.opts.Place)
}

// placesOf returns the known presets in each scope.
func (p *reading) placesOf(scopes []procore.AssigneeScope) map[procore.AssigneeScope][]procore.PresetRef {
	wanted := setOf(scopes)
	known := map[procore.AssigneeScope][]procore.PresetRef{}
	for i := range p.snapshot.Presets {
		if s := &p.snapshot.Presets[i]; wanted[s.Scope()] {
			known[s.Scope()] = append(known[s.Scope()], s.Ref)
		}
	}
	for ref, at := range p.unread {
		if wanted[at.scope] {
			known[at.scope] = append(known[at.scope], ref)
		}
	}
	return known
}

// take compares a list with what is known: it notes presets that are new and drops those that are gone.
func (p *reading) take(scope procore.AssigneeScope, rows []procore.PresetSummary, known []procore.PresetRef) {
	before := setOf(known)
	there := make(map[procore.PresetRef]bool, len(rows))
	for _, row := range rows {
		template, ok := p.templates[row.Template.ID]
		if !ok {
			continue
		}
		at := scopedPreset{scope, row.ID, row.Template.ID}
		there[at.ref()] = true
		switch {
		case template.Tool != scope.Tool:
			p.setAside(at, fmt.Errorf("preset %s belongs to template %q of another tool", row.ID, template.Name))
		case !before[at.ref()]:
			p.unread[at.ref()] = at
		}
	}
	for _, ref := range known {
		if !there[ref] {
			p.out[ref] = true
			delete(p.unread, ref)
		}
	}
}

// oldestList returns when the least recently read list was read.
func (p *reading) oldestList() time.Time {
	var oldest time.Time
	for _, scope := range p.scopes {
		if at := p.listed[scope]; !at.IsZero() && (oldest.IsZero() || at.Before(oldest)) {
			oldest = at
		}
	}
	return oldest
}

func compareTools(a, b procore.ToolRef) int {
	return cmp.Or(cmp.Compare(a.Type, b.Type), cmp.Compare(a.Subtype, b.Subtype))
}
