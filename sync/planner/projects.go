package planner

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"procore-assignee-sync/hrsource"
	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
)

// projects finds the projects that were read by id and by number.
type projects struct {
	all      []*procore.Project // by id
	byID     map[string][]*procore.Project
	byNumber map[string][]*procore.Project // by folded number
	found    map[string][]*procore.Project // by the text that HR wrote
}

func readProjects(list []procore.Project) *projects {
	p := &projects{
		byID: make(map[string][]*procore.Project, len(list)), byNumber: make(map[string][]*procore.Project, len(list)),
		found: map[string][]*procore.Project{},
	}
	for i := range list {
		if list[i].ID != "" {
			p.all = append(p.all, &list[i])
		}
	}
	slices.SortFunc(p.all, func(a, b *procore.Project) int { return procore.CompareIDs(a.ID, b.ID) })
	p.all = slices.CompactFunc(p.all, func(a, b *procore.Project) bool { return a.ID == b.ID })
	for _, project := range p.all {
		p.byID[string(project.ID)] = []*procore.Project{project}
		if number := sync.FoldNumber(project.Number); number != "" {
			p.byNumber[number] = append(p.byNumber[number], project)
		}
	}
	return p
}

// meant returns the projects that a text may mean: by id and by number, unless the text says which.
func (p *projects) meant(text string) []*procore.Project {
	if found, ok := p.found[text]; ok {
		return found
	}
	id, number := sync.ReadProject(text)
	found := slices.Clone(p.byID[id])
	for _, project := range p.byNumber[number] {
		if !slices.Contains(found, project) {
			found = append(found, project)
		}
	}
	p.found[text] = found
	return found
}

// find looks up the project that HR wrote, which must be exactly one. For every project it returns nil and not unknown.
func (p *projects) find(text string) (project *procore.Project, unknown bool) {
	if text == hrsource.EveryProject {
		return nil, false
	}
	if found := p.meant(text); len(found) == 1 {
		return found[0], false
	}
	return nil, true
}

// names returns the numbers and names of all projects.
func (p *projects) names() []string {
	var names []string
	for _, project := range p.all {
		names = append(names, project.Number, project.Name)
	}
	return names
}

// whyUnknown says why the text from HR does not mean exactly one project, and what to write instead.
func (p *projects) whyUnknown(text string) string {
	if found := p.meant(text); len(found) > 1 {
		if sync.FoldNumber(found[0].Number) == sync.FoldNumber(found[1].Number) {
			return "more than one active project has this number: write the project's id, such as " + sync.IDPrefix + string(found[0].ID)
		}
		return fmt.Sprintf("it is one active project's id and another's number: write %[1]s%[3]s or %[2]s%[3]s", sync.IDPrefix, sync.NumberPrefix, strings.TrimSpace(text))
	}
	var named []*procore.Project
	for _, project := range p.all {
		if folded := sync.FoldName(text); folded != "" && folded == sync.FoldName(project.Name) {
			named = append(named, project)
		}
	}
	switch {
	case len(named) == 1:
		return "projects are not looked up by name: write " + cmp.Or(named[0].Number, string(named[0].ID))
	case len(named) > 1:
		return "projects are not looked up by name, and several have this one: write the project's number or id"
	default:
		return "no active project has this id or number" + sync.NearHint(sync.NearNames(text, p.names()))
	}
}
