package planner

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
)

// ofRun adds everything that concerns the run as a whole rather than one preset.
func (x *exceptions) ofRun() {
	x.ofPeople()
	x.ofNumbers()
	x.ofRoster()
	x.ofUnknownProjects()
	x.ofSnapshot()
	x.ofInvisible()
	x.ofGroups()
	x.ofUnusedRules()
	x.ofUnusedSeparation()
	x.ofUnusedTeams()
	x.ofLostGroups()
}

// ofRoster adds the rejected rows, and what was noticed in the accepted ones. Tolerated rejects count as people who
// could not be resolved.
func (x *exceptions) ofRoster() {
	for i := range x.p.in.Roster.Rejected {
		r := &x.p.in.Roster.Rejected[i]
		x.add(sync.Exception{
			Kind: sync.RowRejected, Subject: cmp.Or(r.ProcoreLogin, r.Email, r.EmployeeID, r.At.String()),
			Detail: r.Reason, Source: sync.Positions{r.At.String()}, Incomplete: true,
		})
	}
	for _, null := range x.p.in.Roster.NullDates {
		x.add(sync.Exception{
			Kind: sync.NullDate, Subject: null.Text, Source: sync.Positions{null.First},
			Detail: "as an end date it means none, and counts as empty: " + null.Where(),
		})
	}
	if at := x.p.in.Roster.UnterminatedLastRow; at != nil {
		x.add(sync.Exception{
			Kind: sync.UnterminatedLastRow, Subject: at.String(), Source: sync.Positions{at.String()},
			Detail: "no newline follows the last row",
		})
	}
}

// ofNumbers adds the members who were found by employee id alone, and those who are removed on the strength of one.
func (x *exceptions) ofNumbers() {
	for _, r := range x.p.roster.rows {
		if r.byNumber && (x.removedByNumber[r.who] || r.today && r.team.fills(r)) {
			x.add(sync.Exception{
				Kind: sync.MatchedByNumber, Subject: subjectOf(r.Member), Detail: whyByNumber(r), Source: sync.PositionsOf(r.At),
			})
		}
	}
}

// whyByNumber says which person in Procore was taken for which person in HR.
func whyByNumber(r *row) string {
	return fmt.Sprintf("HR's %s is taken for Procore's %s by employee id %s alone, since Procore does not know the address",
		nameAndAddress(r.Name, r.Login()), nameAndAddress(r.who.name, r.who.login), r.EmployeeID)
}

func nameAndAddress(name, address string) string {
	if name == "" {
		return address
	}
	return strings.TrimSpace(name + " <" + address + ">")
}

// ofUnknownProjects adds, once each, the projects that HR names and Procore does not have or has twice.
func (x *exceptions) ofUnknownProjects() {
	r := x.p.roster
	for _, text := range slices.Sorted(maps.Keys(r.unknownProjects)) {
		x.add(sync.Exception{
			Kind: sync.ProjectUnknown, Subject: text, Detail: r.projects.whyUnknown(text) + "; its people are removed from no group of their team",
			Source: sourceOf(r.unknownProjects[text]), Incomplete: true,
		})
	}
}

// ofSnapshot adds what could not be read, what is not synced, and filters that match nothing.
func (x *exceptions) ofSnapshot() {
	s := x.p.in.Snapshot
	for _, u := range s.Unreadable {
		x.add(sync.Exception{
			Kind: sync.UnreadableKind, Subject: u.Subject, Detail: u.Detail, TemplateName: x.templateName(u.TemplateID),
			Project: u.Project, Incomplete: true,
		})
	}
	if s.Partial() {
		x.add(sync.Exception{
			Kind: sync.NotAttemptedKind, Subject: "reading presets", Incomplete: true,
			Detail: fmt.Sprintf("there was no time to read %d presets and %d lists of presets; the next run begins with them, "+
				"see SYNC_MAX_DURATION", len(s.Unreached), len(s.Unlisted)),
		})
	}
	for _, t := range s.Skipped {
		x.add(sync.Exception{
			Kind: sync.TemplateSkipped, Subject: cmp.Or(t.Name, string(t.ID)), TemplateName: t.Name,
			Detail: fmt.Sprintf("template %s is not synced: %s", t.ID, t.Why),
		})
	}
	for _, f := range s.FilterUnused {
		x.add(sync.Exception{
			Kind: sync.FilterUnused, Subject: f.Entry, Detail: f.Setting + " matches nothing with it" + sync.NearHint(f.Near), Incomplete: true,
		})
	}
}

func (x *exceptions) templateName(id procore.TemplateID) string {
	for _, t := range x.p.in.Snapshot.Templates {
		if id != "" && t.ID == id {
			return t.Name
		}
	}
	return ""
}

// ofInvisible adds the projects that the service account does not see. It makes the run incomplete only if there are
// more of them than at the last passed run; a filtered run can't judge that.
func (x *exceptions) ofInvisible() {
	last := x.p.in.Baseline.Last
	for _, i := range x.p.in.Snapshot.Invisible {
		if i.Count() <= 0 {
			continue
		}
		detail := fmt.Sprintf("%d projects use the template, presets were found for %d", i.Assigned, i.Found)
		before := invisibleAt(last, i.TemplateID)
		more := last != nil && !x.p.in.Snapshot.Narrowed() && i.Count() > before
		if more {
			detail += fmt.Sprintf("; %d were invisible at the last passed run", before)
		}
		x.add(sync.Exception{
			Kind: sync.InvisibleKind, Subject: i.TemplateName, Detail: detail, TemplateName: i.TemplateName, Incomplete: more,
		})
	}
}

// invisibleAt returns how many projects of a template a passed run could not see, or 0 if there was no such run.
func invisibleAt(last *sync.PassedRun, id procore.TemplateID) int {
	n := 0
	if last != nil {
		for _, i := range last.Invisible {
			if i.TemplateID == id {
				n = i.Count()
			}
		}
	}
	return n
}

// ofGroups adds the groups that share a name, and the rules whose team HR does not have.
func (x *exceptions) ofGroups() {
	for _, v := range x.p.groups.versions {
		for _, g := range v.groups {
			if g.shared {
				x.add(sync.Exception{
					Kind: sync.DuplicateGroupName, Subject: g.Name, TemplateName: g.names.TemplateName, GroupName: g.names.GroupName,
					Detail: g.why + ", so that it is not managed",
				})
			}
			if g.managed && g.teamMissing {
				x.ofMissingTeams(g)
			}
		}
	}
}

func (x *exceptions) ofMissingTeams(g *group) {
	for _, r := range g.rules {
		if r.people.some {
			continue
		}
		x.add(sync.Exception{
			Kind: sync.HeldTeamMissing, Subject: r.who(), TemplateName: g.names.TemplateName, GroupName: g.names.GroupName,
			Source: sync.Positions{r.at()}, Incomplete: true,
			Detail: x.p.roster.whyMissing(r),
		})
	}
}

// whyMissing says why HR has no row for the rule's team (in its role).
func (r *roster) whyMissing(rule *mapRule) string {
	team := quoted(rule.row.Team) + inRole(rule.rule)
	rejected := r.rejected[rule.team]
	if len(rejected) == 0 {
		return fmt.Sprintf("no HR row has team %s: the group loses nobody%s", team, r.hintFor(rule))
	}
	what := "every HR row of team " + quoted(rule.row.Team) + " was rejected"
	if rule.people.team != nil {
		what = "no HR row has team " + team + ", but rows of the team were rejected"
	}
	return fmt.Sprintf("%s: the group loses nobody (%s, first %s)", what, sync.Several(len(rejected), "row"), rejected[0].At)
}

// hintFor suggests what a rule may have meant if HR does not have its team (in its role): a team with a similar name
// or, if HR has the team, one of its roles.
func (r *roster) hintFor(rule *mapRule) string {
	if rule.people.team == nil {
		var teams []string
		for _, t := range r.teams {
			teams = append(teams, t.name)
		}
		return sync.NearHint(sync.NearNames(rule.row.Team, teams))
	}
	roles := map[string]bool{}
	for _, row := range r.rows {
		if row.team == rule.people.team && row.Role != "" {
			roles[row.Role] = true
		}
	}
	has := slices.Sorted(maps.Keys(roles))
	if near := sync.NearNames(rule.row.Role, has); len(near) > 0 || len(has) == 0 {
		return sync.NearHint(near)
	}
	return "; HR has the team in role " + quoted(strings.Join(has[:min(len(has), sync.MaxNear)], `" or "`))
}

// ofUnusedRules adds the rules that name no group.
func (x *exceptions) ofUnusedRules() {
	if x.p.groups.byNames {
		return
	}
	for _, r := range x.p.groups.rules {
		if r.used {
			continue
		}
		why, known := x.p.whyUnused(r)
		if !known {
			continue
		}
		x.add(sync.Exception{
			Kind: sync.RuleUnused, Subject: r.subject(), Detail: why, TemplateName: r.row.Template, GroupName: r.row.Group,
			Source: sync.Positions{r.at()}, Incomplete: true,
		})
	}
}

// ofUnusedSeparation adds the pairs of SYNC_SEPARATION that no version has, since such a rule controls nothing. It is
// silent if not everything was read.
func (x *exceptions) ofUnusedSeparation() {
	if x.p.in.Separation == nil || x.p.in.Snapshot.Incomplete() {
		return
	}
	for _, r := range x.p.in.Separation.rules {
		has := func(v *templateVersion) bool { return len(r.pairsOf(v)) > 0 }
		if !slices.ContainsFunc(x.p.groups.versions, has) {
			x.add(sync.Exception{
				Kind: sync.RuleUnused, Subject: r.subject(), Source: sync.Positions{r.at}, Incomplete: true,
				Detail: "no version in use has both groups that SYNC_SEPARATION keeps apart" + sync.NearHint(x.p.groups.nearPair(r)),
			})
		}
	}
}

// nearPair returns the names of groups that the rule may have meant, for those of its names that no version of its
// template has.
func (m *groupMap) nearPair(r separationRule) (near []string) {
	var names []string
	for _, v := range m.versions {
		if r.matchesTemplate(v) {
			for _, group := range v.groups {
				names = append(names, group.Name)
			}
		}
	}
	for i, name := range r.names {
		if !slices.ContainsFunc(names, func(n string) bool { return sync.FoldName(n) == r.folded[i] }) {
			near = append(near, sync.NearNames(name, names)...)
		}
	}
	return near
}

// whyUnused says why a rule names no group. known is false if the rule's template is outside the filter, or if no
// version of it was read because no preset uses it.
func (p *planner) whyUnused(r *mapRule) (why string, known bool) {
	s := p.in.Snapshot
	if r.anyTemplate && s.Narrowed() {
		return "", false
	}
	var templates, groups []string
	named, read := false, false
	for _, t := range s.Templates {
		templates = append(templates, t.Name)
		named = named || r.matchesTemplate(string(t.ID), sync.FoldName(t.Name))
	}
	for _, v := range p.groups.versions {
		if !r.matchesTemplate(string(v.template), sync.FoldName(v.name)) {
			continue
		}
		read = true
		for _, g := range v.groups {
			groups = append(groups, g.Name)
		}
	}
	switch {
	case read:
		return "no version in use has a group of this name" + sync.NearHint(sync.NearNames(r.row.Group, groups)), true
	case named || s.Narrowed():
		return "", false
	}
	for _, t := range s.Skipped {
		if r.matchesTemplate(string(t.ID), sync.FoldName(t.Name)) {
			return fmt.Sprintf("the template is not synced: %s", t.Why), true
		}
	}
	return "no live template has this name or id" + sync.NearHint(sync.NearNames(r.row.Template, templates)), true
}

// ofUnusedTeams adds the teams that no rule names or, with ROLE_MAP=names, those after which no group is named.
func (x *exceptions) ofUnusedTeams() {
	m := x.p.groups
	why := "no rule of the role map uses this team"
	used := func(t *team) bool { return t.used }
	var names []string
	for _, r := range m.rules {
		names = append(names, r.row.Team)
	}
	if m.byNames {
		if x.p.in.Snapshot.Narrowed() {
			return
		}
		why, names = "no group has this team's name", nil
		for _, v := range m.versions {
			for _, g := range v.groups {
				names = append(names, g.Name)
			}
		}
		used = func(t *team) bool {
			return slices.ContainsFunc(m.rules, func(r *mapRule) bool { return r.used && r.people.team == t })
		}
	}
	for _, t := range x.p.roster.teams {
		if !used(t) {
			x.add(sync.Exception{Kind: sync.TeamUnused, Subject: t.name, Source: t.at, Detail: why + sync.NearHint(sync.NearNames(t.name, names))})
		}
	}
}

// ofLostGroups adds the groups that the last passed run managed and this one does not, although the role map is the
// same.
func (x *exceptions) ofLostGroups() {
	last := x.p.in.Baseline.Last
	if last == nil || x.p.in.Snapshot.Narrowed() || x.p.mapChanged() {
		return
	}
	managed := map[sync.ManagedGroup]bool{}
	for _, g := range x.p.groups.managedGroups() {
		managed[foldedNames(g)] = true
	}
	for _, g := range last.Managed {
		if managed[foldedNames(g)] {
			continue
		}
		x.add(sync.Exception{
			Kind: sync.GroupLost, Subject: g.TemplateName + " / " + g.GroupName, TemplateName: g.TemplateName,
			GroupName: g.GroupName, Incomplete: true,
			Detail: "the last passed run managed this group, and with the same role map this one does not",
		})
	}
}

// foldedNames returns g with both names folded for comparison.
func foldedNames(g sync.ManagedGroup) sync.ManagedGroup {
	return sync.ManagedGroup{TemplateName: sync.FoldName(g.TemplateName), GroupName: sync.FoldName(g.GroupName)}
}
