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

// memberOf is an HR row of a member of a group.
type memberOf struct {
	row   *row
	group *group
}

// personIn is one kind of exception about one person in one group of a template, across presets.
type personIn struct {
	kind  sync.Kind
	who   *person
	group sync.ManagedGroup
}

// personCount becomes one exception, worded as for the first preset in which it was met.
type personCount struct {
	presets    int
	project    procore.ProjectID // empty if there are several, or if the preset is the company's own
	detail     string
	source     sync.Positions
	incomplete bool
	unlessTold bool // left out if another exception covers a row that may mean this person
}

// count counts one preset in which the exception applies to the person. first words it, and is called for the first
// preset only.
func (x *exceptions) count(in personIn, project procore.ProjectID, first func() personCount) {
	c := x.people[in]
	if c == nil {
		made := first()
		made.presets, made.project = 1, project
		x.people[in] = &made
		return
	}
	c.presets++
	if c.project != project {
		c.project = ""
	}
}

// ofPreset adds the exceptions of one preset and of the people in its managed groups.
func (x *exceptions) ofPreset(d *presetDecision) {
	if !d.preset.Preset.Valid {
		x.add(sync.Exception{
			Kind: sync.PresetInvalid, Subject: d.preset.Subject(), TemplateName: d.preset.TemplateName, Project: d.preset.Ref.Project,
			Detail: "Procore calls the preset invalid",
		})
	}
	if d.skipped != "" {
		if !d.told {
			x.add(sync.Exception{
				Kind: sync.UnreadableKind, Subject: d.preset.Subject(), TemplateName: d.preset.TemplateName,
				Project: d.preset.Ref.Project, Detail: d.skipped + ": the preset is left as it is", Incomplete: true,
			})
		}
		return
	}
	for _, group := range d.groups {
		x.ofMembers(group)
		x.ofKept(group)
		x.ofRemoved(group)
		x.ofRules(group)
		x.ofNotAssignable(group)
		x.ofHold(group)
	}
	x.ofSeparated(d)
}

// ofMembers adds the members of the group who could not be resolved or are inactive. A member on every project is
// listed once for each group of a template, not once for each preset.
func (x *exceptions) ofMembers(d *groupDecision) {
	for _, r := range d.unresolved {
		if !r.unknown { // an unknown project has an exception of its own
			x.ofMember(d, r, true)
		}
	}
	for _, r := range d.inactive {
		there := slices.ContainsFunc(d.people, func(at placed) bool { return at.who == r.who && at.there() })
		x.ofMember(d, r, !there)
	}
}

func (x *exceptions) ofMember(d *groupDecision, r *row, incomplete bool) {
	x.told[r] = true
	project := d.preset.Ref.Project
	if r.everyProject() {
		of := memberOf{r, d.group}
		if asIncomplete, told := x.members[of]; told && (asIncomplete || !incomplete) {
			return
		}
		x.members[of] = incomplete
		project = ""
	}
	x.add(sync.Exception{
		Kind: r.match.kind(), Subject: subjectOf(r.Member), Detail: x.p.people.whyNotFound(r),
		TemplateName: d.group.names.TemplateName, GroupName: d.group.names.GroupName, Project: project,
		Source: sourceOf([]*row{r}), Incomplete: incomplete,
	})
}

// ofKept counts the people whom the removal rules keep.
func (x *exceptions) ofKept(d *groupDecision) {
	for _, at := range d.people {
		kind := at.keptBy.kind()
		if kind == "" {
			continue
		}
		x.count(personIn{kind, at.who, d.group.names}, d.preset.Ref.Project, func() personCount {
			c := personCount{detail: at.keptBy.reason(at.who), source: sourceOf(at.who.rows)}
			if at.keptBy == keptMeant {
				c.source, c.unlessTold = sourceOf(at.who.meant.rows), true
			}
			return c
		})
	}
}

// ofSeparated counts the people who are left out because they may not be in both of two groups, and those who are in
// both.
func (x *exceptions) ofSeparated(d *presetDecision) {
	for _, group := range d.groups {
		for _, at := range group.people {
			if at.apartFrom == nil {
				continue
			}
			x.count(personIn{sync.HeldSeparation, at.who, group.group.names}, d.preset.Ref.Project, func() personCount {
				return personCount{
					detail: fmt.Sprintf("HR puts them into the group, but they are in %s too, or would be, and SYNC_SEPARATION keeps the two "+
						"apart: they are not added", quoted(at.apartFrom.Name)),
					source: sourceOf(group.rowsOf(at)), incomplete: true,
				}
			})
		}
	}
	for _, both := range d.sitInBoth(x.p.people) {
		names := sync.ManagedGroup{TemplateName: d.version.name, GroupName: both.pair[0].Name + " / " + both.pair[1].Name}
		x.count(personIn{sync.Separation, both.who, names}, d.preset.Ref.Project, func() personCount {
			return personCount{detail: "sits in both groups, which SYNC_SEPARATION keeps apart", source: sourceOf(both.who.rows)}
		})
	}
}

// ofRemoved notes the people who are removed although only their employee id identifies them.
func (x *exceptions) ofRemoved(d *groupDecision) {
	for _, at := range d.people {
		if at.is == DecidedRemoved || at.is == DecidedHeldRemove {
			otherwise := func(r *row) bool { return !r.byNumber }
			if len(at.who.rows) > 0 && !slices.ContainsFunc(at.who.rows, otherwise) {
				x.removedByNumber[at.who] = true
			}
		}
	}
}

// ofPeople turns the counts into exceptions.
func (x *exceptions) ofPeople() {
	all := slices.SortedFunc(maps.Keys(x.people), func(a, b personIn) int {
		return cmp.Or(strings.Compare(string(a.kind), string(b.kind)), procore.CompareIDs(a.who.id, b.who.id), compareManaged(a.group, b.group))
	})
	for _, in := range all {
		c := x.people[in]
		if c.unlessTold && x.tells(in.who.meant) {
			continue
		}
		if c.presets > 1 {
			c.detail += fmt.Sprintf("; in %d presets", c.presets)
		}
		x.add(sync.Exception{
			Kind: in.kind, Subject: in.who.label(), Detail: c.detail, TemplateName: in.group.TemplateName,
			GroupName: in.group.GroupName, Project: c.project, Source: c.source, Incomplete: c.incomplete,
		})
	}
}

// tells reports whether another exception covers one of the rows that may mean this person: every rejected row has one,
// and so has every row on an unknown project.
func (x *exceptions) tells(m meant) bool {
	return len(m.rejected) > 0 || slices.ContainsFunc(m.rows, func(r *row) bool { return x.told[r] || r.today && r.unknown })
}

// ofRules adds the rules whose team has no rows for the project, once for each rule and project. A team that HR does
// not have at all is an exception of the whole run.
func (x *exceptions) ofRules(d *groupDecision) {
	if d.losesNobody != sync.HeldNoProjectRows {
		return
	}
	project := d.preset.Ref.Project
	for _, r := range d.group.rules {
		if !r.people.hasNoProjectRows(project) {
			continue
		}
		e := sync.Exception{
			Kind: sync.HeldNoProjectRows, Subject: r.who(), GroupName: r.row.Group, Project: project, Source: sync.Positions{r.at()},
			Detail: fmt.Sprintf("HR has team %s%s on single projects, but not on project %s: its group there loses nobody",
				quoted(r.row.Team), inRole(r.rule), d.preset.ProjectLabel()),
		}
		if project == "" {
			e.Detail = fmt.Sprintf("HR has team %s%s on single projects only, and the company's own presets take rows for "+
				"every project: its group there loses nobody", quoted(r.row.Team), inRole(r.rule))
		}
		if !r.anyTemplate {
			e.TemplateName = r.row.Template
		}
		x.add(e)
	}
}

func inRole(r rule) string {
	if r.anyRole {
		return ""
	}
	return " in role " + quoted(r.row.Role)
}

// ofNotAssignable adds the people who are wanted but are not possible assignees.
func (x *exceptions) ofNotAssignable(d *groupDecision) {
	for _, at := range d.people {
		if !at.notAssignable {
			continue
		}
		detail := fmt.Sprintf("not among the possible assignees of %s in project %s", d.preset.Tool.String(), d.preset.ProjectLabel())
		if d.preset.Ref.Project == "" {
			detail = fmt.Sprintf("not among the possible assignees of %s in the company", d.preset.Tool.String())
		}
		if at.there() {
			detail += "; they are in the group already and stay"
		}
		x.add(sync.Exception{
			Kind: sync.NotAssignable, Subject: at.who.label(), Detail: detail, TemplateName: d.group.names.TemplateName,
			GroupName: d.group.names.GroupName, Project: d.preset.Ref.Project, Source: sourceOf(d.rowsOf(at)), Incomplete: !at.there(),
		})
	}
}

// ofHold adds a group that stays as read as a whole.
func (x *exceptions) ofHold(d *groupDecision) {
	e := sync.Exception{
		Kind: d.hold, Subject: d.preset.Subject(), TemplateName: d.group.names.TemplateName, GroupName: d.group.names.GroupName,
		Project: d.preset.Ref.Project, Incomplete: true,
	}
	switch d.hold {
	case sync.HeldEmptyGroup:
		switch leave, all := d.count(DecidedHeldRemove), d.before(); {
		case leave < all:
			e.Detail = fmt.Sprintf("%d of %s would leave, and the rest are protected logins", leave, sync.Several(all, "person"))
		case all == 1:
			e.Detail = "the only person in it would leave"
		default:
			e.Detail = fmt.Sprintf("all %s in it would leave", sync.Several(all, "person"))
		}
	case sync.HeldGroupRemovals:
		e.Detail = fmt.Sprintf("%d of %d would leave, more than %d%%", d.count(DecidedHeldRemove), d.before(), x.p.in.Policy.MaxGroupRemovalPercent)
	default:
		return
	}
	x.add(e)
}
