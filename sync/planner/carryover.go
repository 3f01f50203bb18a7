package planner

import (
	"slices"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
)

// managed returns the managed groups that the next run compares itself with: those of the versions in use, and, if this
// reading was incomplete, those that the last passed run managed and this one did not see. Without the latter, a group
// that one incomplete run did not see could disappear without the next run noticing.
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

// names reports whether a rule names the group, by its name and its template's name. Rules that give the template by id
// are not recognized, since g carries no id.
func (m *groupMap) names(g sync.ManagedGroup) bool {
	folded := foldedNames(g)
	return slices.ContainsFunc(m.byGroup[folded.GroupName], func(r *mapRule) bool { return r.matchesTemplate("", folded.TemplateName) })
}

// invisible returns the invisible projects of each template, for the next run to compare itself with. After an
// incomplete reading a count is never lower than at the last passed run.
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
