package planner

import (
	"slices"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
)

// managed returns the managed groups for the next run to compare itself with: those of the versions in use, and those that
// the last passed run managed and an incomplete reading did not see. Otherwise what one night did not see, the next could
// not miss.
func (p *planner) managed() []sync.ManagedGroup {
	now := p.groups.managedGroups()
	last := p.in.Baseline.Last
	if last == nil || !p.in.Snapshot.Incomplete() {
		return now
	}
	seen := map[sync.ManagedGroup]bool{}
	for _, g := range now {
		seen[foldedNames(g)] = true
	}
	for _, g := range last.Managed {
		if !seen[foldedNames(g)] && (!p.mapChanged() || p.groups.names(g)) {
			now = append(now, g)
		}
	}
	slices.SortFunc(now, compareManaged)
	return now
}

// names reports whether a rule names a group by its name and its template's. Rules by a template's id are not known to.
func (m *groupMap) names(g sync.ManagedGroup) bool {
	folded := foldedNames(g)
	return slices.ContainsFunc(m.byGroup[folded.GroupName], func(r *mapRule) bool { return r.matchesTemplate("", folded.TemplateName) })
}

// invisible returns the projects that can't be seen, by template, for the next run to compare itself with: of an
// incomplete reading at least as many as at the last passed run.
func (p *planner) invisible() []sync.InvisibleProjects {
	now := slices.Clone(p.in.Snapshot.Invisible)
	if last := p.in.Baseline.Last; last != nil && p.in.Snapshot.Incomplete() {
		for _, before := range last.Invisible {
			switch i := slices.IndexFunc(now, func(i sync.InvisibleProjects) bool { return i.TemplateID == before.TemplateID }); {
			case i < 0:
				now = append(now, before)
			case now[i].Count() < before.Count():
				now[i] = before
			}
		}
	}
	slices.SortFunc(now, func(x, y sync.InvisibleProjects) int { return procore.CompareIDs(x.TemplateID, y.TemplateID) })
	return now
}
