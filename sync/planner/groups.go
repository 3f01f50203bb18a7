package planner

import (
	"cmp"
	"slices"
	"strings"

	"procore-assignee-sync/hrsource"
	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
)

// templateVersion is one version of one template, with what the role map says about its groups. All presets on that
// version share it.
type templateVersion struct {
	template procore.TemplateID
	id       procore.VersionID
	name     string   // the template's
	groups   []*group // in the version's order
	managed  []*group // those of them that are managed
	pairs    []pair   // groups that nobody may be in both of
	byUUID   map[procore.GroupUUID]*group
	twice    procore.GroupUUID // a uuid that the version has twice: its presets can't be planned
	inUse    bool              // a preset in scope uses it
}

// group is one group of a version.
type group struct {
	procore.ResponsibleGroup
	names   sync.ManagedGroup // the template's and its own
	rules   []*mapRule        // those that name it
	managed bool
	why     string // why it is not managed
	shared  bool   // another group of the version, or a second team, has its name

	filledBy    []*teamInRole
	teams       []*team                 // HR's teams that fill it; without those that HR lacks
	teamMissing bool                    // HR has no row for some rule's team (in its role)
	rejected    []*hrsource.RejectedRow // rejected rows that may be of one of its members
}

// mapRule is a rule of the role map or, with ROLE_MAP=names, a team that fills the group of the same name.
type mapRule struct {
	rule
	people *teamInRole
	used   bool // it names a group somewhere
}

// groupMap is the role map applied to the groups of all versions that were read.
type groupMap struct {
	byNames  bool // the role map is `names`
	rules    []*mapRule
	byGroup  map[string][]*mapRule // by folded name
	versions []*templateVersion    // by template, then version
	byID     map[versionOf]*templateVersion
}

type versionOf struct {
	template procore.TemplateID
	version  procore.VersionID
}

// readGroups applies the role map to the versions that were read, and gives its rules the roster's rows.
func readGroups(m *RoleMap, s *sync.Snapshot, r *roster) *groupMap {
	g := &groupMap{byNames: m.names, byGroup: map[string][]*mapRule{}, byID: map[versionOf]*templateVersion{}}
	for _, rule := range rulesOf(m, r) {
		applied := &mapRule{rule: rule, people: r.inRole(rule.team, rule.role, rule.anyRole)}
		g.rules = append(g.rules, applied)
		if rule.group != "" {
			g.byGroup[rule.group] = append(g.byGroup[rule.group], applied)
		}
	}
	r.fillRoles()
	for i := range s.Templates {
		t := &s.Templates[i]
		g.add(s, versionOf{t.ID, t.Published}, t.Name, r)
	}
	for _, p := range sortedPresets(s.Presets) {
		if v := g.add(s, versionOf{p.TemplateID, p.Preset.Template.Published}, p.TemplateName, r); v != nil {
			v.inUse = true
		}
	}
	slices.SortFunc(g.versions, func(a, b *templateVersion) int {
		return cmp.Or(procore.CompareIDs(a.template, b.template), procore.CompareIDs(a.id, b.id))
	})
	return g
}

// rulesOf returns the map's rules by position. With ROLE_MAP=names, every team is a rule for the group of the same
// name.
func rulesOf(m *RoleMap, r *roster) []rule {
	if m.names {
		rules := make([]rule, len(r.teams))
		for i, t := range r.teams {
			rules[i] = newRule(hrsource.RoleRow{
				Template: anything, Group: t.name, Team: t.name, Role: anything, At: hrsource.Position{Source: "names"},
			})
		}
		return rules
	}
	return slices.SortedStableFunc(slices.Values(m.rules), func(a, b rule) int {
		return cmp.Or(comparePositions(a.row.At, b.row.At), strings.Compare(a.subject(), b.subject()))
	})
}

// add returns a version, adding it first if it is new, or nil if the snapshot does not have it.
func (m *groupMap) add(s *sync.Snapshot, of versionOf, name string, r *roster) *templateVersion {
	if v, ok := m.byID[of]; ok {
		return v
	}
	read, ok := s.Versions[of.version]
	if !ok {
		return nil
	}
	v := &templateVersion{template: of.template, id: of.version, name: name, byUUID: map[procore.GroupUUID]*group{}}
	named := map[string]int{}
	for _, g := range read.Groups {
		named[sync.FoldName(g.Name)]++
	}
	for _, responsible := range read.Groups {
		if _, twice := v.byUUID[responsible.UUID]; twice || responsible.UUID == "" {
			v.twice = cmp.Or(responsible.UUID, "(none)")
		}
		g := m.group(v, responsible, named, r)
		v.byUUID[g.UUID] = g
		v.groups = append(v.groups, g)
		if g.managed {
			v.managed = append(v.managed, g)
		}
	}
	m.byID[of] = v
	m.versions = append(m.versions, v)
	return v
}

// versionOf returns the version that a preset uses, or nil if it was not read.
func (m *groupMap) versionOf(p *sync.PresetState) *templateVersion {
	return m.byID[versionOf{p.TemplateID, p.Preset.Template.Published}]
}

// group decides whether a group is managed, and by which rules. named counts the version's groups by folded name.
func (m *groupMap) group(v *templateVersion, read procore.ResponsibleGroup, named map[string]int, r *roster) *group {
	g := &group{ResponsibleGroup: read, names: sync.ManagedGroup{TemplateName: v.name, GroupName: read.Name}}
	folded, template := sync.FoldName(read.Name), sync.FoldName(v.name)
	for _, rule := range m.byGroup[folded] {
		if rule.matchesTemplate(string(v.template), template) {
			g.rules = append(g.rules, rule)
			rule.used = true
		}
	}
	switch {
	case !strings.EqualFold(strings.TrimSpace(read.Type), procore.TypeResponsibleRole):
		g.why = "Procore fills groups of type " + read.Type
	case folded != "" && named[folded] > 1:
		g.shared, g.why = true, "another group of this version has the same name"
	case len(g.rules) == 0 && m.byNames:
		g.why = "no team has its name"
	case len(g.rules) == 0:
		g.why = "no rule names it"
	case m.byNames && slices.ContainsFunc(g.rules, func(r *mapRule) bool { return r.people.team != nil && r.people.team.twoNames }):
		g.shared, g.why = true, "two teams of HR have its name"
	default:
		g.managed = true
		g.fill(r)
	}
	return g
}

// fill records who may fill a managed group.
func (g *group) fill(r *roster) {
	g.rejected = r.rejected[""]
	var teams []string
	for _, rule := range g.rules {
		if rule.team != "" && !slices.Contains(teams, rule.team) {
			teams = append(teams, rule.team)
			g.rejected = append(slices.Clip(g.rejected), r.rejected[rule.team]...)
		}
		in := rule.people
		in.fills = true
		g.teamMissing = g.teamMissing || !in.some
		if !slices.Contains(g.filledBy, in) {
			g.filledBy = append(g.filledBy, in)
		}
		if in.team != nil && !slices.Contains(g.teams, in.team) {
			g.teams = append(g.teams, in.team)
		}
	}
}

// managedGroups lists the managed groups of the versions in use, sorted.
func (m *groupMap) managedGroups() []sync.ManagedGroup {
	groups := []sync.ManagedGroup{}
	for _, v := range m.versions {
		if !v.inUse || v.twice != "" {
			continue
		}
		for _, g := range v.managed {
			groups = append(groups, g.names)
		}
	}
	slices.SortFunc(groups, compareManaged)
	return slices.Compact(groups)
}

func compareManaged(a, b sync.ManagedGroup) int {
	return cmp.Or(strings.Compare(a.TemplateName, b.TemplateName), strings.Compare(a.GroupName, b.GroupName))
}

// sortedPresets returns the presets sorted by project and id.
func sortedPresets(presets []sync.PresetState) []*sync.PresetState {
	out := make([]*sync.PresetState, len(presets))
	for i := range presets {
		out[i] = &presets[i]
	}
	slices.SortStableFunc(out, func(a, b *sync.PresetState) int { return sync.CompareRefs(a.Ref, b.Ref) })
	return out
}
