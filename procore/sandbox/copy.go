package sandbox

import (
	"slices"

	"procore-assignee-sync/procore"
)

// clone gives a company of which presets, projects and templates can be changed without a trace in c. Versions never
// change and are shared, and so are the lists of a project's people.
func (c *Company) clone() *Company {
	copied := *c
	copied.Users = slices.Clone(c.Users)
	copied.Projects = slices.Clone(c.Projects)
	copied.Tools = slices.Clone(c.Tools)
	copied.Versions = slices.Clone(c.Versions)
	copied.Denied = slices.Clone(c.Denied)
	copied.Templates = slices.Clone(c.Templates)
	for i := range copied.Templates {
		copied.Templates[i].Versions = slices.Clone(copied.Templates[i].Versions)
	}
	copied.Presets = make([]Preset, len(c.Presets))
	for i, p := range c.Presets {
		copied.Presets[i] = p.clone()
	}
	copied.Instances = make([]Instance, len(c.Instances))
	for i, in := range c.Instances {
		copied.Instances[i] = in.clone()
	}
	return &copied
}

func (p Preset) clone() Preset {
	p.Memberships = cloneGroups(p.Memberships)
	p.Individual = cloneIndividual(p.Individual)
	return p
}

func cloneIndividual(steps []procore.IndividualAssignees) []procore.IndividualAssignees {
	copied := slices.Clone(steps)
	for i := range copied {
		copied[i].Logins = slices.Clone(copied[i].Logins)
	}
	return copied
}

// cloneGroups copies groups with their people, who all come to lie in one array.
func cloneGroups(groups []procore.GroupWrite) []procore.GroupWrite {
	people := 0
	for _, g := range groups {
		people += len(g.LoginIDs)
	}
	all := make([]procore.LoginID, 0, people)
	copied := slices.Clone(groups)
	for i, g := range groups {
		if g.LoginIDs == nil {
			continue
		}
		from := len(all)
		all = append(all, g.LoginIDs...)
		copied[i].LoginIDs = all[from:len(all):len(all)]
	}
	return copied
}

// equal compares all but the time of the last change.
func (p Preset) equal(q Preset) bool {
	return p.PresetRef == q.PresetRef && p.Template == q.Template && p.Invalid == q.Invalid && p.Default == q.Default &&
		p.Manager == q.Manager && equalGroups(p.Memberships, q.Memberships) &&
		slices.EqualFunc(p.Individual, q.Individual, func(a, b procore.IndividualAssignees) bool {
			return a.Step == b.Step && slices.Equal(a.Logins, b.Logins)
		})
}

func equalGroups(a, b []procore.GroupWrite) bool {
	return slices.EqualFunc(a, b, func(x, y procore.GroupWrite) bool {
		return x.UUID == y.UUID && slices.Equal(x.LoginIDs, y.LoginIDs)
	})
}
