package planner

import (
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

// meansSeveral reports whether more than one project has this id or number.
func (p *projects) meansSeveral(text string) bool { return p.twice[sync.FoldNumber(text)] }
