package snapshot

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
)

// chooseTemplates keeps the live templates that SYNC_TEMPLATES names, or all if it names none. A name means every
// template of that name.
func chooseTemplates(s *sync.Snapshot, all []procore.Template, filter []string) {
	used := make([]bool, len(filter))
	for _, t := range all {
		if !matchesFilter(filter, used, string(t.ID), t.Name) {
			continue
		}
		switch {
		case t.Archived:
			s.Skipped = append(s.Skipped, sync.SkippedTemplate{ID: t.ID, Name: t.Name, Why: "it is archived"})
		case t.Published == "":
			s.Skipped = append(s.Skipped, sync.SkippedTemplate{ID: t.ID, Name: t.Name, Why: "it has no published version"})
		default:
			s.Templates = append(s.Templates, t)
		}
	}
	names := make([]string, 0, len(all))
	for _, t := range all {
		names = append(names, t.Name)
	}
	noteUnusedFilters(s, "SYNC_TEMPLATES", filter, used, names)
}

// chooseProjects returns the projects that SYNC_PROJECTS names by id, number or name, or all if it names none.
// Snapshot.Projects keeps all of them, since HR rows are looked up among all.
func chooseProjects(s *sync.Snapshot, filter []string) []procore.Project {
	used := make([]bool, len(filter))
	var chosen []procore.Project
	var names []string
	for _, p := range s.Projects {
		if matchesFilter(filter, used, string(p.ID), p.Name, p.Number) {
			chosen = append(chosen, p)
		}
		names = append(names, p.Name, p.Number)
	}
	noteUnusedFilters(s, "SYNC_PROJECTS", filter, used, names)
	return chosen
}

// matchesFilter reports whether any entry of the filter equals the id or one of the names, and marks each one that does
// as used.
func matchesFilter(filter []string, used []bool, id string, names ...string) bool {
	if len(filter) == 0 {
		return true
	}
	matched := false
	for i, entry := range filter {
		folded := sync.FoldName(entry)
		if entry == id || folded != "" && slices.ContainsFunc(names, func(n string) bool { return sync.FoldName(n) == folded }) {
			used[i], matched = true, true
		}
	}
	return matched
}

func noteUnusedFilters(s *sync.Snapshot, setting string, filter []string, used []bool, names []string) {
	for i, entry := range filter {
		if !used[i] {
			s.FilterUnused = append(s.FilterUnused, sync.UnusedFilter{Setting: setting, Entry: entry, Near: sync.NearNames(entry, names)})
		}
	}
}

// chooseScope selects the templates and projects in scope, and works out where their presets can be.
func (p *reading) chooseScope(all []procore.Template) {
	s := p.snapshot
	chooseTemplates(s, all, p.opts.Templates)
	inScope := chooseProjects(s, p.opts.Projects)
	for _, t := range s.Templates {
		p.templates[t.ID] = t
	}
	for _, project := range s.Projects {
		p.projects[project.ID] = project
	}
	for _, tool := range p.usedTools() {
		switch provider, ok := procore.ProviderOf(s.Tools, tool); {
		case !ok:
			s.Unreadable = append(s.Unreadable, sync.Unreadable{
				Subject: "tool " + tool.String(),
				Detail:  "a template uses this tool, but Procore does not list it among those that can run workflows",
			})
		case provider == procore.ProviderCompany:
			// Under a project filter the company's own presets are out of scope.
			if len(p.opts.Projects) == 0 {
				p.scopes = append(p.scopes, procore.AssigneeScope{Tool: tool})
			}
		default:
			for _, project := range inScope {
				p.scopes = append(p.scopes, procore.AssigneeScope{Project: project.ID, Tool: tool})
			}
		}
	}
}

// usedTools returns the tools of the templates in scope. A project-level template that no project uses has no presets
// to look for.
func (p *reading) usedTools() []procore.ToolRef {
	var tools []procore.ToolRef
	for _, t := range p.snapshot.Templates {
		provider, ok := procore.ProviderOf(p.snapshot.Tools, t.Tool)
		if ok && provider == procore.ProviderProject && t.AssignedProjects == 0 {
			continue
		}
		tools = append(tools, t.Tool)
	}
	slices.SortFunc(tools, compareTools)
	return slices.Compact(tools)
}

// invisibleProjects returns the templates that more projects use than presets were found for. It does not count
// projects whose lists could not be read, since these may have any of them.
func (p *reading) invisibleProjects() []sync.InvisibleProjects {
	found := p.found()
	var out []sync.InvisibleProjects
	for _, t := range p.snapshot.Templates {
		i := sync.InvisibleProjects{TemplateID: t.ID, TemplateName: t.Name, Assigned: t.AssignedProjects, Found: found[t.ID]}
		unlisted := map[procore.AssigneeScope]bool{}
		p.addLists(unlisted, t, func(has bool) bool { return !has })
		for scope := range unlisted {
			if p.asked[scope] == refused {
				i.Found++
			}
		}
		if i.Count() > 0 {
			out = append(out, i)
		}
	}
	return out
}

func sortUnreadable(s *sync.Snapshot) {
	slices.SortFunc(s.Unreadable, func(a, b sync.Unreadable) int {
		return cmp.Or(strings.Compare(a.Subject, b.Subject), strings.Compare(a.Detail, b.Detail))
	})
}

// describeScope names a tool and its project, for people.
func describeScope(s *sync.Snapshot, scope procore.AssigneeScope) string {
	tool := scope.Tool.String()
	if scope.Project == "" {
		return tool + " of the company"
	}
	i, ok := slices.BinarySearchFunc(s.Projects, scope.Project, func(p procore.Project, id procore.ProjectID) int {
		return procore.CompareIDs(p.ID, id)
	})
	if !ok {
		return fmt.Sprintf("%s of project %s", tool, scope.Project)
	}
	p := s.Projects[i]
	return strings.TrimSpace(fmt.Sprintf("%s of project %s %s", tool, cmp.Or(p.Number, string(p.ID)), p.Name))
}

// detail says why something could not be read, and what helps.
func detail(err error) string {
	if advice := procore.Advice(err); advice != "" {
		return err.Error() + "; " + advice
	}
	return err.Error()
}
