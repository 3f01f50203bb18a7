package sandbox

import (
	"cmp"
	"slices"
	"sync"

	"procore-assignee-sync/procore"
)

// span is a range of presets, from first up to, but not including, end.
type span struct{ first, end int }

// index finds things in a company. It is valid as long as nothing but the people of presets changes.
type index struct {
	users     map[procore.LoginID]int32
	projects  map[procore.ProjectID]int32
	templates map[procore.TemplateID]int32
	versions  map[procore.VersionID]int32
	presets   map[procore.ProjectID]span // presets are sorted by project and id
	instances map[procore.ProjectID]span // and so are instances
	assigned  []int                      // by template: the number of projects that have a preset of it

	active, inactive []int32 // users
	listed           []int32 // projects that are not hidden

	denied     map[procore.AssigneeScope]map[procore.LoginID]bool
	assignable *assignableLists
}

// assignableLists holds, by scope, the users who may be assigned there, in directory order.
type assignableLists struct {
	mu sync.Mutex
	by map[procore.AssigneeScope][]int32
}

// indexOf sorts the company's presets and indexes it.
func indexOf(c *Company) index {
	slices.SortStableFunc(c.Presets, func(a, b Preset) int {
		return cmp.Or(procore.CompareIDs(a.Project, b.Project), procore.CompareIDs(a.PresetRef.Preset, b.PresetRef.Preset))
	})
	x := index{
		users:      make(map[procore.LoginID]int32, len(c.Users)),
		projects:   make(map[procore.ProjectID]int32, len(c.Projects)),
		templates:  make(map[procore.TemplateID]int32, len(c.Templates)),
		versions:   make(map[procore.VersionID]int32, len(c.Versions)),
		presets:    make(map[procore.ProjectID]span, len(c.Projects)),
		denied:     make(map[procore.AssigneeScope]map[procore.LoginID]bool),
		assignable: &assignableLists{by: make(map[procore.AssigneeScope][]int32)},
	}
	x.addPeople(c)
	for i, p := range c.Projects {
		x.projects[p.ID] = int32(i)
		if p.Visibility != Hidden {
			x.listed = append(x.listed, int32(i))
		}
	}
	for i, t := range c.Templates {
		x.templates[t.ID] = int32(i)
	}
	for i, v := range c.Versions {
		x.versions[v.ID] = int32(i)
	}
	x.addPresets(c)
	x.addInstances(c)
	return x
}

func (x *index) addPeople(c *Company) {
	for i, u := range c.Users {
		x.users[u.ID] = int32(i)
		if u.Active {
			x.active = append(x.active, int32(i))
		} else {
			x.inactive = append(x.inactive, int32(i))
		}
	}
	for _, d := range c.Denied {
		scope := procore.AssigneeScope{Project: d.Project, Tool: d.Tool}
		if x.denied[scope] == nil {
			x.denied[scope] = make(map[procore.LoginID]bool)
		}
		x.denied[scope][d.Login] = true
	}
}

// addPresets finds the range of each project's presets, and counts the projects of each template.
func (x *index) addPresets(c *Company) {
	x.assigned = make([]int, len(c.Templates))
	counted := make([]procore.ProjectID, len(c.Templates)) // the project in which each template was counted last
	for i, t := range c.Templates {
		x.assigned[i] = t.MoreProjects
	}
	for i, p := range c.Presets {
		run, ok := x.presets[p.Project]
		if !ok {
			run.first = i
		}
		run.end = i + 1
		x.presets[p.Project] = run
		at, ok := x.templates[p.Template]
		if ok && p.Project != "" && counted[at] != p.Project {
			counted[at] = p.Project
			x.assigned[at]++
		}
	}
}

// addInstances sorts the company's instances, and finds the range of each project's.
func (x *index) addInstances(c *Company) {
	slices.SortStableFunc(c.Instances, func(a, b Instance) int {
		return cmp.Or(procore.CompareIDs(a.Project, b.Project), procore.CompareIDs(a.InstanceRef.Instance, b.InstanceRef.Instance))
	})
	x.instances = make(map[procore.ProjectID]span, len(c.Projects))
	for i, in := range c.Instances {
		run, ok := x.instances[in.Project]
		if !ok {
			run.first = i
		}
		run.end = i + 1
		x.instances[in.Project] = run
	}
}

// instance returns the index of an instance in the company's list.
func (x *index) instance(c *Company, ref procore.InstanceRef) (int, bool) {
	run, ok := x.instances[ref.Project]
	if !ok {
		return 0, false
	}
	at, found := slices.BinarySearchFunc(c.Instances[run.first:run.end], ref.Instance, func(in Instance, id procore.InstanceID) int {
		return procore.CompareIDs(in.InstanceRef.Instance, id)
	})
	return run.first + at, found
}

// preset returns the index of a preset in the company's list.
func (x *index) preset(c *Company, ref procore.PresetRef) (int, bool) {
	run, ok := x.presets[ref.Project]
	if !ok {
		return 0, false
	}
	at, found := slices.BinarySearchFunc(c.Presets[run.first:run.end], ref.Preset, func(p Preset, id procore.PresetID) int {
		return procore.CompareIDs(p.PresetRef.Preset, id)
	})
	return run.first + at, found
}

// template returns a template by id, or nil.
func (x *index) template(c *Company, id procore.TemplateID) *Template {
	if at, ok := x.templates[id]; ok {
		return &c.Templates[at]
	}
	return nil
}

// possible returns the users who may be assigned in a scope, in directory order. The list must not be changed.
func (x *index) possible(c *Company, scope procore.AssigneeScope) []int32 {
	denied := x.denied[scope]
	if len(denied) == 0 {
		scope.Tool = procore.ToolRef{} // all tools without denials share the project's list
	}
	x.assignable.mu.Lock()
	defer x.assignable.mu.Unlock()
	if list, ok := x.assignable.by[scope]; ok {
		return list
	}
	list := x.peopleOf(c, scope.Project)
	if len(denied) > 0 {
		list = slices.DeleteFunc(slices.Clone(list), func(at int32) bool { return denied[c.Users[at].ID] })
	}
	x.assignable.by[scope] = list
	return list
}

// peopleOf returns the active users in a project's directory.
func (x *index) peopleOf(c *Company, id procore.ProjectID) []int32 {
	at, ok := x.projects[id]
	if !ok || c.Projects[at].People == nil {
		return x.active
	}
	list := make([]int32, 0, len(c.Projects[at].People))
	for _, login := range c.Projects[at].People {
		if user, ok := x.users[login]; ok && c.Users[user].Active {
			list = append(list, user)
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// mayAssign reports whether somebody is a possible assignee in a scope.
func (x *index) mayAssign(c *Company, scope procore.AssigneeScope, login procore.LoginID) bool {
	user, ok := x.users[login]
	if !ok {
		return false
	}
	_, found := slices.BinarySearch(x.possible(c, scope), user)
	return found
}
