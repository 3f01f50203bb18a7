package planner

import (
	"cmp"
	"slices"

	"procore-assignee-sync/hrsource"
	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
)

// projects finds the projects that were read, by id and by number.
type projects struct {
	all    []*procore.Project // by id
	byText map[string]*procore.Project
	twice  map[string]bool // texts that mean more than one project
	folded map[string]string
}

func readProjects(list []procore.Project) *projects {
	p := &projects{byText: make(map[string]*procore.Project, 2*len(list)), twice: map[string]bool{}, folded: map[string]string{}}
	for i := range list {
		if list[i].ID != "" {
			p.all = append(p.all, &list[i])
		}
	}
	slices.SortFunc(p.all, func(a, b *procore.Project) int { return procore.CompareIDs(a.ID, b.ID) })
	for _, project := range p.all {
		p.add(string(project.ID), project)
		p.add(sync.FoldNumber(project.Number), project)
	}
	return p
}

func (p *projects) add(text string, project *procore.Project) {
	switch other, ok := p.byText[text]; {
	case text == "":
	case ok && other.ID != project.ID:
		p.twice[text] = true
	default:
		p.byText[text] = project
	}
}

// find looks up what HR wrote, as an id and as a number: it must mean one project. Every project is nil and known.
func (p *projects) find(text string) (project *procore.Project, unknown bool) {
	if text == hrsource.EveryProject {
		return nil, false
	}
	folded, ok := p.folded[text]
	if !ok {
		folded = sync.FoldNumber(text)
		p.folded[text] = folded
	}
	project, ok = p.byText[folded]
	if !ok || p.twice[folded] {
		return nil, true
	}
	return project, false
}

// names returns the numbers and names of all projects.
func (p *projects) names() []string {
	var names []string
	for _, project := range p.all {
		names = append(names, project.Number, project.Name)
	}
	return names
}

// whyUnknown says why what HR wrote means no project, and what to write.
func (p *projects) whyUnknown(text string) string {
	if p.meansSeveral(text) {
		return "more than one active project has this id or number: write the project's id"
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

// meansSeveral reports whether more than one project has this id or number.
func (p *projects) meansSeveral(text string) bool { return p.twice[sync.FoldNumber(text)] }
