package planner

import (
	"fmt"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
)

// unread says which presets are not planned because something they need could not be read.
type unread struct {
	presets   map[procore.PresetRef]bool
	projects  map[procore.ProjectID]bool
	templates map[templateIn]bool
	lists     map[procore.AssigneeScope]bool // possible assignees that could not be read
	twice     map[procore.PresetRef]bool     // presets that were read twice
}

type templateIn struct {
	project  procore.ProjectID // empty: everywhere
	template procore.TemplateID
}

// whatIsUnread sorts out what the snapshot names as unreadable.
func whatIsUnread(s *sync.Snapshot) unread {
	u := unread{
		presets: map[procore.PresetRef]bool{}, projects: map[procore.ProjectID]bool{}, templates: map[templateIn]bool{},
		lists: map[procore.AssigneeScope]bool{}, twice: map[procore.PresetRef]bool{},
	}
	for _, what := range s.Unreadable {
		switch {
		case what.Possible != nil:
			u.lists[*what.Possible] = true
		case what.Preset != "":
			u.presets[procore.PresetRef{Project: what.Project, Preset: what.Preset}] = true
		case what.TemplateID != "":
			u.templates[templateIn{what.Project, what.TemplateID}] = true
		case what.Project != "":
			// Something that concerns the whole project could not be read: none of its people are touched.
			u.projects[what.Project] = true
		}
	}
	seen := make(map[procore.PresetRef]bool, len(s.Presets))
	for i := range s.Presets {
		ref := s.Presets[i].Ref
		if seen[ref] {
			u.twice[ref] = true
		}
		seen[ref] = true
	}
	return u
}

// has reports whether the snapshot names the preset as unreadable.
func (u unread) has(p *sync.PresetState) bool {
	return u.presets[p.Ref] || u.projects[p.Ref.Project] ||
		u.templates[templateIn{"", p.TemplateID}] || u.templates[templateIn{p.Ref.Project, p.TemplateID}]
}

// whyMalformed says what makes a preset, as read, unusable; empty if nothing does. Such a preset is never repaired by
// guessing, because what is sent replaces all of it.
func (u unread) whyMalformed(p *sync.PresetState, v *templateVersion) string {
	switch {
	case v == nil:
		return fmt.Sprintf("version %s of its template was not read", p.Preset.Template.Published)
	case v.twice != "":
		return fmt.Sprintf("version %s of its template has group %s twice", v.id, v.twice)
	case u.twice[p.Ref]:
		return "it was read twice"
	}
	seen := make(map[procore.GroupUUID]bool, len(p.Preset.Memberships))
	for i := range p.Preset.Memberships {
		m := &p.Preset.Memberships[i]
		if m.Group == "" || seen[m.Group] {
			return fmt.Sprintf("it has group %q twice, or a group without a uuid", m.Group)
		}
		seen[m.Group] = true
		for j := range m.Assignees {
			if m.Assignees[j].ID == "" {
				return fmt.Sprintf("someone in group %s has no id", m.Group)
			}
		}
	}
	return ""
}
