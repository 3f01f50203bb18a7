package sync

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"procore-assignee-sync/hrsource"
	"procore-assignee-sync/procore"
)

// tellOddities tells of everything that concerns the run as a whole rather than one preset.
func (b *builder) tellOddities() {
	b.tellAllKept()
	b.tellRoster()
	b.tellUnknownProjects()
	b.tellSnapshot()
	b.tellInvisible()
	b.tellLayouts()
	b.tellUnusedRules()
	b.tellUnusedTeams()
	b.tellLostGroups()
}

// tellRoster tells of rejected rows. Tolerated ones are people of whom it is not known who they are.
func (b *builder) tellRoster() {
	for i := range b.hr.Rejected {
		r := &b.hr.Rejected[i]
		b.told.tell(Exception{
			Kind: RowRejected, Subject: cmp.Or(r.ProcoreLogin, r.Email, r.EmployeeID, r.At.String()),
			Detail: whyRejected(r), Source: r.At.String(), Incomplete: true,
		})
	}
	if at := b.hr.UnterminatedLastRow; at != nil {
		b.told.tell(Exception{
			Kind: UnterminatedLastRow, Subject: at.String(), Source: at.String(),
			Detail: "no newline follows the last row: the export may have been cut there; look whether the file is whole",
		})
	}
}

// whyRejected names the column, which most reasons begin with, and the reason.
func whyRejected(r *hrsource.RejectedRow) string {
	if strings.HasPrefix(r.Reason, r.Column) {
		return r.Reason
	}
	return r.Column + ": " + r.Reason
}

// tellUnknownProjects tells once of each project that HR names and Procore does not know, or knows twice.
func (b *builder) tellUnknownProjects() {
	var names []string
	for _, p := range b.projects.projects {
		names = append(names, p.Number, p.Name)
	}
	for _, text := range slices.Sorted(maps.Keys(b.unknownText)) {
		detail := "no active project has this id or number" + nearHint(NearNames(text, names))
		if b.projects.twice[foldNumber(text)] {
			detail = "more than one active project has this id or number: write the project's id"
		}
		b.told.tell(Exception{
			Kind: ProjectUnknown, Subject: text, Detail: detail + "; its people are removed from no group of their team",
			Source: b.sourceOf(b.unknownText[text]), Incomplete: true,
		})
	}
}

// tellSnapshot tells of what could not be read, what is not synced, and filters without effect.
func (b *builder) tellSnapshot() {
	s := b.in.Snapshot
	for _, u := range s.Unreadable {
		b.told.tell(Exception{
			Kind: UnreadableKind, Subject: u.Subject, Detail: u.Detail, TemplateName: b.templateName(u.TemplateID),
			Project: u.Project, Incomplete: true,
		})
	}
	if s.Partial() {
		b.told.tell(Exception{
			Kind: NotAttemptedKind, Subject: "reading presets", Incomplete: true,
			Detail: fmt.Sprintf("there was no time to read %d presets and %d lists of presets; the next run begins with them, "+
				"see SYNC_MAX_DURATION", len(s.Unreached), len(s.Unlisted)),
		})
	}
	for _, t := range s.Skipped {
		b.told.tell(Exception{
			Kind: TemplateSkipped, Subject: cmp.Or(t.Name, string(t.ID)), TemplateName: t.Name,
			Detail: fmt.Sprintf("template %s is not synced: %s", t.ID, t.Why),
		})
	}
	for _, f := range s.FilterUnused {
		b.told.tell(Exception{
			Kind: FilterUnused, Subject: f.Entry, Detail: f.Setting + " matches nothing with it" + nearHint(f.Near), Incomplete: true,
		})
	}
}

func (b *builder) templateName(id procore.TemplateID) string {
	for i := range b.in.Snapshot.Templates {
		if t := &b.in.Snapshot.Templates[i]; id != "" && t.ID == id {
			return t.Name
		}
	}
	return ""
}

// tellInvisible tells of projects that the service account does not see. Only more of them than at the last passed run
// is something newly left undone, and a filtered run can't tell.
func (b *builder) tellInvisible() {
	last := b.in.Baseline.Last
	for _, i := range b.in.Snapshot.Invisible {
		if i.Count() <= 0 {
			continue
		}
		before := 0
		if last != nil {
			for _, l := range last.Invisible {
				if l.TemplateID == i.TemplateID {
					before = l.Count()
				}
			}
		}
		detail := fmt.Sprintf("%d projects use the template, presets were found for %d: the others keep their old people; "+
			"give the service account access to them", i.Assigned, i.Found)
		more := last != nil && !b.in.Snapshot.Narrowed() && i.Count() > before
		if more {
			detail += fmt.Sprintf("; %d were invisible at the last passed run", before)
		}
		b.told.tell(Exception{
			Kind: InvisibleKind, Subject: i.TemplateName, Detail: detail, TemplateName: i.TemplateName, Incomplete: more,
		})
	}
}

// tellLayouts tells of groups whose names are shared, and of rules whose team HR does not have.
func (b *builder) tellLayouts() {
	for _, at := range b.layouts.all {
		for i := range at.slots {
			s := &at.slots[i]
			names := b.layouts.names[s.name]
			if s.shared {
				b.told.tell(Exception{
					Kind: DuplicateGroupName, Subject: s.Name, TemplateName: names.TemplateName, GroupName: names.GroupName,
					Detail: s.why + ", so that it is not managed: rename one of them",
				})
			}
			if s.managed && s.teamIsMissing {
				b.tellMissingTeams(s, names)
			}
		}
	}
}

func (b *builder) tellMissingTeams(s *slot, names ManagedGroup) {
	for _, i := range s.rules {
		sel := &b.selectors[b.layouts.selectors[i]]
		if sel.some {
			continue
		}
		r := &b.layouts.rules[i]
		b.told.tell(Exception{
			Kind: HeldTeamMissing, Subject: r.who(), TemplateName: names.TemplateName, GroupName: names.GroupName,
			Source: r.at(), Incomplete: true,
			Detail: fmt.Sprintf("no HR row has team %s%s: the group loses nobody; mend the role map or HR%s",
				quoted(r.row.Team), inRole(r), b.hintFor(r, sel)),
		})
	}
}

// hintFor offers what the rule may have meant: a team of a near name, or, where HR has the team, a role of it.
func (b *builder) hintFor(r *rule, s *selector) string {
	if s.team < 0 {
		var teams []string
		for i := range b.teams {
			teams = append(teams, b.teams[i].name)
		}
		return nearHint(NearNames(r.row.Team, teams))
	}
	roles := b.rolesOf(s.team)
	if near := NearNames(r.row.Role, roles); len(near) > 0 || len(roles) == 0 {
		return nearHint(near)
	}
	return "; HR has the team in role " + quoted(strings.Join(roles[:min(len(roles), maxNear)], `" or "`))
}

// rolesOf gives the roles that HR has in a team, sorted.
func (b *builder) rolesOf(team int32) []string {
	roles := map[string]bool{}
	for i := range b.rows {
		if row := &b.rows[i]; row.team == team && row.member.Role != "" {
			roles[row.member.Role] = true
		}
	}
	return slices.Sorted(maps.Keys(roles))
}

func inRole(r *rule) string {
	if r.anyRole {
		return ""
	}
	return " in role " + quoted(r.row.Role)
}

// tellUnusedRules tells of rules that name no group. A filtered run judges only those of templates that it has read.
func (b *builder) tellUnusedRules() {
	if b.layouts.byNames {
		return
	}
	for i := range b.layouts.rules {
		r := &b.layouts.rules[i]
		if b.layouts.used[i] {
			continue
		}
		why, known := b.whyUnused(r)
		if !known {
			continue
		}
		b.told.tell(Exception{
			Kind: RuleUnused, Subject: r.subject(), Detail: why, TemplateName: r.row.Template, GroupName: r.row.Group,
			Source: r.at(), Incomplete: true,
		})
	}
}

// whyUnused says which link from the rule to a group is missing. It gives false where that can't be known: the rule's
// template is outside the filter, or no version of it was read since no preset is of it.
func (b *builder) whyUnused(r *rule) (why string, known bool) {
	s := b.in.Snapshot
	if r.anyTemplate && s.Narrowed() {
		return "", false
	}
	var templates, groups []string
	named, read := false, false
	for i := range s.Templates {
		t := &s.Templates[i]
		templates = append(templates, t.Name)
		named = named || r.matchesTemplate(string(t.ID), FoldName(t.Name))
	}
	for _, at := range b.layouts.all {
		if !r.matchesTemplate(string(at.key.template), FoldName(at.name)) {
			continue
		}
		named, read = true, true
		for j := range at.slots {
			groups = append(groups, at.slots[j].Name)
		}
	}
	switch {
	case read:
		return "no version in use has a group of this name" + nearHint(NearNames(r.row.Group, groups)), true
	case named || s.Narrowed():
		return "", false
	}
	for _, t := range s.Skipped {
		if r.matchesTemplate(string(t.ID), FoldName(t.Name)) {
			return fmt.Sprintf("the template is not synced: %s", t.Why), true
		}
	}
	return "no live template has this name or id" + nearHint(NearNames(r.row.Template, templates)), true
}

// tellUnusedTeams tells of teams that no rule speaks of; with the map `names`, of those that are no group's name.
func (b *builder) tellUnusedTeams() {
	var names []string
	if b.layouts.byNames {
		if b.in.Snapshot.Narrowed() {
			return
		}
		for _, at := range b.layouts.all {
			for j := range at.slots {
				names = append(names, at.slots[j].Name)
			}
		}
		for i, used := range b.layouts.used {
			if t := b.selectors[b.layouts.selectors[i]].team; t >= 0 {
				b.teams[t].used = used
			}
		}
	}
	for i := range b.layouts.rules {
		if !b.layouts.byNames {
			names = append(names, b.layouts.rules[i].row.Team)
		}
	}
	unused := "no rule of the role map uses this team"
	if b.layouts.byNames {
		unused = "no group has this team's name"
	}
	for i := range b.teams {
		if t := &b.teams[i]; !t.used {
			b.told.tell(Exception{
				Kind: TeamUnused, Subject: t.name, Source: t.at, Detail: unused + nearHint(NearNames(t.name, names)),
			})
		}
	}
}

// tellLostGroups tells of groups that the last passed run managed and this one does not, although the map is the same.
func (b *builder) tellLostGroups() {
	last := b.in.Baseline.Last
	if last == nil || b.in.Snapshot.Narrowed() || last.RoleMap.Fingerprint != b.plan.RoleMap.Fingerprint {
		return
	}
	fold := func(g ManagedGroup) ManagedGroup {
		return ManagedGroup{FoldName(g.TemplateName), FoldName(g.GroupName)}
	}
	managed := map[ManagedGroup]bool{}
	for _, g := range b.plan.Managed {
		managed[fold(g)] = true
	}
	for _, g := range last.Managed {
		if managed[fold(g)] {
			continue
		}
		b.told.tell(Exception{
			Kind: GroupLost, Subject: strings.Join([]string{g.TemplateName, g.GroupName}, " / "), TemplateName: g.TemplateName,
			GroupName: g.GroupName, Incomplete: true,
			Detail: "the last passed run managed this group, and with the same role map this one does not: look whether the " +
				"template or group was renamed, archived or can't be read",
		})
	}
}

// tellInvalid tells of a preset from which no workflow can start. It is synced like any other.
func (b *builder) tellInvalid(state *PresetState) {
	b.told.tell(Exception{
		Kind: PresetInvalid, Subject: presetSubject(state), TemplateName: state.TemplateName, Project: state.Ref.Project,
		Detail: "Procore calls the preset invalid: new workflows can't start from it until someone mends it there",
	})
}

// tellUnreadable tells of a preset that is left out because of how it was read.
func (b *builder) tellUnreadable(state *PresetState, why string) {
	b.told.tell(Exception{
		Kind: UnreadableKind, Subject: presetSubject(state), TemplateName: state.TemplateName, Project: state.Ref.Project,
		Detail: why + ": the preset is left as it is", Incomplete: true,
	})
}
