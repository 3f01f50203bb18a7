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

// subjectOf names an HR person in exceptions: login, else employee id.
func subjectOf(m *hrsource.Member) string { return cmp.Or(m.Login(), m.EmployeeID) }

// tellMembers tells of the group's members who could not be resolved, or are inactive. One who is a member on every
// project is told of once for each group of a template, not for each preset.
func (b *builder) tellMembers(state *PresetState, d *draft) {
	for _, i := range d.unresolved {
		row := &b.rows[i]
		if row.project == unknownProject || row.project == everyProject && d.slot.toldEvery {
			continue
		}
		b.tellMember(state, d, i, true)
	}
	d.slot.toldEvery = true
	for _, i := range d.inactive {
		row := &b.rows[i]
		there := slices.Contains(d.before, row.who)
		if row.project == everyProject {
			told, before := d.slot.toldInactive[i]
			if before && (told || there) {
				continue
			}
			if d.slot.toldInactive == nil {
				d.slot.toldInactive = map[int32]bool{}
			}
			d.slot.toldInactive[i] = !there
		}
		b.tellMember(state, d, i, !there)
	}
}

func (b *builder) tellMember(state *PresetState, d *draft, i int32, incomplete bool) {
	row := &b.rows[i]
	project := state.Ref.Project
	if row.project == everyProject {
		project = ""
	}
	names := b.layouts.names[d.slot.name]
	b.told.tell(Exception{
		Kind: row.result.kind(), Subject: subjectOf(row.member), Detail: b.whyUnresolved(row),
		TemplateName: names.TemplateName, GroupName: names.GroupName, Project: project,
		Source: joinPositions(row.member.At), Incomplete: incomplete,
	})
}

// whyUnresolved says which link from HR row to login is missing, and what to do.
func (b *builder) whyUnresolved(row *hrRow) string {
	m := row.member
	switch row.result {
	case inactive:
		return fmt.Sprintf("%s is inactive in Procore's directory: make them active again, or end them in HR",
			b.people.all[row.who].label())
	case ambiguous:
		_, _, found := b.people.matchRow(m, nil)
		return fmt.Sprintf("%s lead to more than one person in Procore: %s; mend the login or the employee id in HR or in the directory",
			identifiers(m), strings.Join(b.people.labels(found), ", "))
	default:
		return fmt.Sprintf("nobody in Procore has %s: add the person to the company directory, or give procore_login in HR",
			identifiers(m))
	}
}

// identifiers names all that a row has to find its person by.
func identifiers(m *hrsource.Member) string {
	var ids []string
	if login := m.Login(); login != "" {
		ids = append(ids, "login "+login)
	}
	if m.EmployeeID != "" {
		ids = append(ids, "employee id "+m.EmployeeID)
	}
	return strings.Join(ids, " and ")
}

// tellNotAssignable tells of somebody wanted who is not among the possible assignees. Missing says that they are not in
// the group yet.
func (b *builder) tellNotAssignable(state *PresetState, d *draft, who int32, missing bool) {
	p := &b.people.all[who]
	detail := fmt.Sprintf("not among the possible assignees of %s in project %s: give them access to the tool there",
		state.Tool.String(), describeProject(state))
	if state.Ref.Project == "" {
		detail = fmt.Sprintf("not among the possible assignees of %s in the company: give them access to the tool", state.Tool.String())
	}
	if !missing {
		detail += "; they are in the group already and stay"
	}
	names := b.layouts.names[d.slot.name]
	b.told.tell(Exception{
		Kind: NotAssignable, Subject: p.label(), Detail: detail, TemplateName: names.TemplateName, GroupName: names.GroupName,
		Project: state.Ref.Project, Source: b.sourceOf(b.justifying(d.slot, who, b.projectOf(state))), Incomplete: missing,
	})
}

// tellKept counts whom the removal rules keep, for one exception each at the end.
func (b *builder) tellKept(state *PresetState, d *draft) {
	for _, k := range d.kept {
		kind := k.why.kind()
		if kind == "" {
			continue
		}
		b.told.countKept(keptKey{kind, k.who, d.slot.name}, k.why, state.Ref.Project)
	}
}

// kind is the exception that tells of the person; empty where another exception says it already.
func (k keeping) kind() Kind {
	switch k {
	case keptProtected:
		return Protected
	case keptDomain:
		return UnmanagedDomain
	case keptUnresolved, keptNameless:
		return HeldUnresolved
	default:
		return ""
	}
}

func (t *telling) countKept(key keptKey, why keeping, project procore.ProjectID) {
	c := t.kept[key]
	if c == nil {
		t.kept[key] = &keptCount{presets: 1, project: project, why: why}
		return
	}
	c.presets++
	if c.project != project {
		c.project, c.several = "", true
	}
}

// tellAllKept makes the exceptions of those who were kept.
func (b *builder) tellAllKept() {
	keys := slices.SortedFunc(maps.Keys(b.told.kept), func(x, y keptKey) int {
		return cmp.Or(
			strings.Compare(string(x.kind), string(y.kind)),
			procore.CompareIDs(b.people.all[x.who].id, b.people.all[y.who].id),
			compareManaged(b.layouts.names[x.name], b.layouts.names[y.name]),
		)
	})
	for _, key := range keys {
		c, names := b.told.kept[key], b.layouts.names[key.name]
		detail := c.why.reason()
		if c.presets > 1 {
			detail += fmt.Sprintf("; in %d presets", c.presets)
		}
		b.told.tell(Exception{
			Kind: key.kind, Subject: b.people.all[key.who].label(), Detail: detail,
			TemplateName: names.TemplateName, GroupName: names.GroupName, Project: c.project,
			Source: b.sourceOf(b.rowsOf.of(key.who)),
		})
	}
}

// reason says for a person why somebody stays whom the roster does not put there.
func (k keeping) reason() string {
	switch k {
	case keptProtected:
		return "not a member of the group's teams, but SYNC_PROTECTED_LOGINS keeps them"
	case keptDomain:
		return "not a member of the group's teams, but outside SYNC_MANAGED_DOMAINS: HR need not know them"
	case keptAdditive:
		return "not a member of the group's teams, but SYNC_MODE is additive"
	case keptInactive:
		return "a member, though inactive in Procore's directory"
	case keptMeant:
		return "a rejected HR row or an ambiguous match may mean them"
	case keptNameless:
		return "Procore gave no login for them, so that they can't be looked up in HR"
	case keptOnUnknown:
		return "an HR row has them on this team, on a project that is unknown"
	case keptUnresolved:
		return "not in HR data, but they may be a member of the group who could not be found in Procore, or whose HR row was rejected"
	default:
		return ""
	}
}

// tellLosesNobody tells of the rules that keep people in the group: for a team without rows on this project once for
// each rule and project. A missing team is told of for the run as a whole.
func (b *builder) tellLosesNobody(state *PresetState, d *draft) {
	if d.losesNobody != HeldNoProjectRows {
		return
	}
	project := b.projectOf(state)
	for _, i := range d.slot.rules {
		if !b.selectors[b.layouts.selectors[i]].forgets(project) {
			continue
		}
		r := &b.layouts.rules[i]
		e := Exception{
			Kind: HeldNoProjectRows, Subject: r.who(), GroupName: r.row.Group, Project: state.Ref.Project, Source: r.at(),
			Detail: fmt.Sprintf("HR has team %s%s on single projects, but not on project %s: its group there loses nobody; "+
				"give HR rows for the project", quoted(r.row.Team), inRole(r), describeProject(state)),
		}
		if state.Ref.Project == "" {
			e.Detail = fmt.Sprintf("HR has team %s%s on single projects only, and the company's own presets take rows for "+
				"every project: its group there loses nobody", quoted(r.row.Team), inRole(r))
		}
		if !r.anyTemplate {
			e.TemplateName = r.row.Template
		}
		b.told.tell(e)
	}
}

// tellHold tells of a group that stays as read as a whole.
func (b *builder) tellHold(state *PresetState, d *draft, s conclusion) {
	names := b.layouts.names[d.slot.name]
	e := Exception{
		Kind: s.hold, Subject: presetSubject(state), TemplateName: names.TemplateName, GroupName: names.GroupName,
		Project: state.Ref.Project, Incomplete: true,
		Detail: fmt.Sprintf("nobody but protected logins would be left of %d: the group stays as it is; "+
			"look at the team in HR, or set SYNC_ALLOW_EMPTY_GROUPS", len(d.before)),
	}
	if s.hold == HeldGroupRemovals {
		e.Detail = fmt.Sprintf("%d of %d would leave, more than %d%%: the group stays as it is; look at the team in HR, "+
			"or raise SYNC_MAX_GROUP_REMOVAL_PERCENT", len(d.leave), len(d.before), b.policy.MaxGroupRemovalPercent)
	}
	b.told.tell(e)
}

func quoted(s string) string { return `"` + s + `"` }
