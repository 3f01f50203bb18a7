package sync

import (
	"slices"

	"procore-assignee-sync/hrsource"
	"procore-assignee-sync/procore"
)

// projectIndex finds projects by id and by number.
type projectIndex struct {
	projects []*procore.Project
	byText   map[string]int32 // id, or number folded
	byID     map[procore.ProjectID]int32
	twice    map[string]bool // texts that mean more than one project
	cache    map[string]int32
}

func indexProjects(projects []procore.Project) projectIndex {
	x := projectIndex{
		byText: make(map[string]int32, 2*len(projects)), byID: make(map[procore.ProjectID]int32, len(projects)),
		twice: map[string]bool{}, cache: map[string]int32{},
	}
	for i := range projects {
		x.projects = append(x.projects, &projects[i])
	}
	slices.SortFunc(x.projects, func(a, b *procore.Project) int { return procore.CompareIDs(a.ID, b.ID) })
	for i, p := range x.projects {
		x.byID[p.ID] = int32(i)
		x.add(string(p.ID), int32(i))
		x.add(foldNumber(p.Number), int32(i))
	}
	return x
}

func (x *projectIndex) add(text string, project int32) {
	if text == "" {
		return
	}
	if other, ok := x.byText[text]; ok && x.projects[other].ID != x.projects[project].ID {
		x.twice[text] = true
		return
	}
	x.byText[text] = project
}

// find looks up what HR wrote, as an id and as a number. It must mean one project.
func (x *projectIndex) find(text string) int32 {
	if text == hrsource.EveryProject {
		return everyProject
	}
	if p, ok := x.cache[text]; ok {
		return p
	}
	folded := foldNumber(text)
	p, ok := x.byText[folded]
	if !ok || x.twice[folded] {
		p = unknownProject
	}
	x.cache[text] = p
	return p
}
