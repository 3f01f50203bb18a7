package sync

import (
	"fmt"

	"procore-assignee-sync/procore"
)

// leftOut says which presets are not planned at all, since something of theirs could not be read.
type leftOut struct {
	presets   map[procore.PresetRef]bool
	projects  map[procore.ProjectID]bool
	templates map[templateIn]bool
	lists     map[procore.AssigneeScope]bool // possible assignees that could not be read
	twice     map[procore.PresetRef]bool
}

type templateIn struct {
	project  procore.ProjectID // empty: everywhere
	template procore.TemplateID
}

func whatIsLeftOut(s *Snapshot, presets []*PresetState) leftOut {
	out := leftOut{
		presets: map[procore.PresetRef]bool{}, projects: map[procore.ProjectID]bool{}, templates: map[templateIn]bool{},
		lists: map[procore.AssigneeScope]bool{}, twice: map[procore.PresetRef]bool{},
	}
	for _, u := range s.Unreadable {
		switch {
		case u.Possible != nil:
			out.lists[*u.Possible] = true
		case u.Preset != "":
			out.presets[procore.PresetRef{Project: u.Project, Preset: u.Preset}] = true
		case u.TemplateID != "":
			out.templates[templateIn{u.Project, u.TemplateID}] = true
		case u.Project != "":
			// Something of the project as a whole: none of its people are touched.
			out.projects[u.Project] = true
		}
	}
	for i := 1; i < len(presets); i++ {
		if presets[i].Ref == presets[i-1].Ref {
			out.twice[presets[i].Ref] = true
		}
	}
	return out
}

// names says whether the snapshot names the preset as unreadable.
func (o leftOut) names(p *PresetState) bool {
	return o.presets[p.Ref] || o.projects[p.Ref.Project] ||
		o.templates[templateIn{"", p.TemplateID}] || o.templates[templateIn{p.Ref.Project, p.TemplateID}]
}

// whyMalformed says what makes a preset unusable as it was read; empty where nothing does. Such a preset is never
// mended by guessing: what is sent replaces all of it.
func (o leftOut) whyMalformed(p *PresetState, at *layout) string {
	switch {
	case at == nil:
		return fmt.Sprintf("version %s of its template was not read", p.Preset.Template.Published)
	case at.twice != "":
		return fmt.Sprintf("version %s of its template has group %s twice", at.key.version, at.twice)
	case o.twice[p.Ref]:
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

// presetSubject names a preset in exceptions, as apply does too.
func presetSubject(p *PresetState) string {
	return (&PresetPlan{Ref: p.Ref, ProjectNumber: p.Project.Number, ProjectName: p.Project.Name}).Subject()
}

func describeProject(p *PresetState) string {
	switch {
	case p.Project.Number != "":
		return p.Project.Number + " " + p.Project.Name
	case p.Project.Name != "":
		return string(p.Ref.Project) + " " + p.Project.Name
	default:
		return string(p.Ref.Project)
	}
}
