package simulation_test

import (
	"slices"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/procore/sandbox"
)

// seat is somebody's place in a project and tool, whatever the group.
type seat struct {
	person  procore.LoginID
	project procore.ProjectID
	tool    procore.ToolRef
}

// groupIn finds a group of one version, or of a workflow's copy of it, in a preset of another: by uuid, else by its name.
func groupIn(from sandbox.Version, uuid procore.GroupUUID, to sandbox.Version, preset []procore.GroupWrite) []procore.GroupUUID {
	if slices.ContainsFunc(preset, func(g procore.GroupWrite) bool { return g.UUID == uuid }) ||
		slices.ContainsFunc(to.Groups, func(g procore.ResponsibleGroup) bool { return g.UUID == uuid }) {
		return []procore.GroupUUID{uuid}
	}
	var named []procore.GroupUUID
	for _, g := range from.Groups {
		for _, other := range to.Groups {
			if g.UUID == uuid && g.Name == other.Name {
				named = append(named, other.UUID)
			}
		}
	}
	return named
}

// presetRead is a preset as a run read it: its groups and its template's published version.
type presetRead struct {
	template  procore.TemplateID
	published procore.VersionID
	groups    []procore.GroupWrite
}

// heirs is a naive reading of who is a successor: those whom the preset has in the managed groups that fill the workflow's step, and
// through which the person sits on it; and whether the preset still has the person in a group that fills the step.
func (t *truth) heirs(in sandbox.Instance, person procore.LoginID, p presetRead) (people []procore.LoginID, still bool) {
	from, to := t.version(in.Version), t.version(p.published)
	at := slices.IndexFunc(from.Steps, func(step procore.VersionStep) bool { return step.UUID == in.Step.UUID })
	for _, g := range from.Steps[at].Groups {
		for _, uuid := range groupIn(from, g.UUID, to, p.groups) {
			now := peopleIn(p.groups, uuid)
			if slices.Contains(now, person) {
				return nil, true
			}
			_, managed := t.managed(t.template(p.template), to, uuid)
			if managed && slices.Contains(peopleIn(in.Memberships, g.UUID), person) {
				people = append(people, now...)
			}
		}
	}
	slices.Sort(people)
	return slices.Compact(people), false
}

// keepsOnStep says whether the preset still has the person in a group that fills the workflow's step.
func (t *truth) keepsOnStep(in sandbox.Instance, person procore.LoginID, p presetRead) bool {
	_, still := t.heirs(in, person, p)
	return still
}

// waitsFor says whether a workflow waits for the person: they are on its current step and have not responded.
func waitsFor(in sandbox.Instance, person procore.LoginID) bool {
	place, there := in.Place(person)
	return !in.Ended() && there && place.Open()
}

// presetOf gives the preset that a workflow started from, as it is now.
func (s *simulation) presetOf(in sandbox.Instance) (presetRead, bool) {
	p, ok := s.server.Preset(procore.PresetRef{Project: in.Project, Preset: in.Preset})
	if !ok {
		return presetRead{}, false
	}
	return presetRead{p.Template, s.truth.template(p.Template).Published, p.Memberships}, true
}
