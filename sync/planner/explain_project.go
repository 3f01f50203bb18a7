package planner

import (
	"fmt"
	"slices"
	"strings"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
)

// ExplainProject explains everyone in the groups of one project, or in one group of it. The project is given by id,
// number or name; empty means the company's own presets. An error is a *sync.ConfigError.
func ExplainProject(in Inputs, project, group string) (*Explanation, error) {
	if err := in.check(); err != nil {
		return nil, err
	}
	p := newPlanner(in)
	e := &Explanation{Subject: "project " + strings.TrimSpace(project), Places: []Place{}}
	if strings.TrimSpace(project) == "" {
		e.Subject = "the company's own presets"
	}
	if group != "" {
		e.Subject += ", group " + strings.TrimSpace(group)
	}
	ids := p.roster.projects.called(project)
	if len(ids) == 0 {
		e.Missing = "no active project that the service account sees has this id, number or name" +
			sync.NearHint(sync.NearNames(project, p.roster.projects.names()))
		return e, nil
	}
	presets := 0
	for _, preset := range p.presets {
		if !slices.Contains(ids, preset.Ref.Project) {
			continue
		}
		presets++
		for _, place := range p.decide(preset).places(p) {
			if group == "" || sync.FoldName(place.GroupName) == sync.FoldName(group) {
				e.Places = append(e.Places, place.Place)
			}
		}
	}
	switch {
	case presets == 0:
		e.Missing = "no preset in scope was found in it: no template is assigned there, or it could not be read"
	case len(e.Places) == 0 && group != "":
		e.Missing = p.whyNobody(ids, group)
	}
	sortPlaces(e.Places)
	return e, nil
}

// whyNobody says why nobody is, or should be, in the groups of that name in these projects.
func (p *planner) whyNobody(projects []procore.ProjectID, name string) string {
	var groups, reasons []string
	for _, preset := range p.presets {
		v := p.groups.versionOf(preset)
		if v == nil || !slices.Contains(projects, preset.Ref.Project) {
			continue
		}
		for _, g := range v.groups {
			groups = append(groups, g.Name)
			if sync.FoldName(g.Name) == sync.FoldName(name) {
				reasons = append(reasons, fmt.Sprintf("nobody is in the group of %s: %s", preset.TemplateName, g.whyNobody()))
			}
		}
	}
	if len(reasons) == 0 {
		return "no group there has this name" + sync.NearHint(sync.NearNames(name, groups))
	}
	slices.Sort(reasons)
	return strings.Join(slices.Compact(reasons), "; ")
}

// whyNobody says why nobody is wanted in the group.
func (g *group) whyNobody() string {
	if !g.managed {
		return g.why
	}
	var rules []string
	for _, r := range g.rules {
		rules = append(rules, r.at())
	}
	return "no HR row of today leads to it there by " + strings.Join(rules, ", ")
}

// called returns the projects that a text may mean by id, number or name. An empty text means the company itself.
func (p *projects) called(text string) []procore.ProjectID {
	if strings.TrimSpace(text) == "" {
		return []procore.ProjectID{""}
	}
	var ids []procore.ProjectID
	for _, project := range p.all {
		if slices.Contains(p.meant(text), project) || sync.FoldName(project.Name) == sync.FoldName(text) {
			ids = append(ids, project.ID)
		}
	}
	return ids
}
