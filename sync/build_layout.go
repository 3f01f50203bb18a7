package sync

import (
	"cmp"
	"slices"
	"strings"

	"procore-assignee-sync/hrsource"
	"procore-assignee-sync/procore"
)

// layout is one version of one template with what the role map makes of its groups. All presets of that version share
// it.
type layout struct {
	key     layoutKey
	name    string // the template's
	slots   []slot // every group, in the version's order
	managed []int32
	byUUID  map[procore.GroupUUID]int32
	twice   procore.GroupUUID // a uuid that the version has twice: its presets can't be planned
	inUse   bool              // a preset in scope is of it
}

type layoutKey struct {
	template procore.TemplateID
	version  procore.VersionID
}

// slot is one group of a layout.
type slot struct {
	procore.ResponsibleGroup
	rules     []int32 // those that name it
	managed   bool
	draft     int32  // its place among the managed groups
	why       string // why it is not managed
	shared    bool   // its name is shared within the version, or by two teams
	selectors []int32
	teams     []int32 // of HR; without those that HR lacks
	name      int32   // number of the template's and group's names together

	toldEvery     bool // the unresolved members for every project have been told of
	toldInactive  map[int32]bool
	rejectedRows  bool // a rejected row may be a member of it
	teamIsMissing bool // a rule's team (in its role) has no row
}

// layouts knows all versions that were read, as the role map sees them.
type layouts struct {
	byNames   bool // the role map is `names`: the rules are HR's teams
	rules     []rule
	selectors []int32 // by rule
	byGroup   map[string][]int32
	used      []bool // by rule: it names a group somewhere
	all       []*layout
	byKey     map[layoutKey]*layout
	names     []ManagedGroup // by slot.name
	nameOf    map[ManagedGroup]int32
}

// compileRules turns the role map into selectors over the roster, and sorts the roster's rows by them. With the map
// `names`, every team is a rule for the group of its name.
func compileRules(m *RoleMap, r *roster) *layouts {
	l := &layouts{
		byNames: m.names, rules: m.rules, byGroup: map[string][]int32{},
		byKey: map[layoutKey]*layout{}, nameOf: map[ManagedGroup]int32{},
	}
	if m.names {
		l.rules = rulesOfTeams(r)
	} else {
		l.rules = slices.Clone(l.rules)
		slices.SortStableFunc(l.rules, func(a, b rule) int {
			return cmp.Or(comparePositions(a.row.At, b.row.At), strings.Compare(a.subject(), b.subject()))
		})
	}
	l.used = make([]bool, len(l.rules))
	for i, rule := range l.rules {
		l.selectors = append(l.selectors, r.selectorOf(rule.team, rule.role, rule.anyRole))
		if rule.group != "" {
			l.byGroup[rule.group] = append(l.byGroup[rule.group], int32(i))
		}
	}
	r.sortRows()
	return l
}

func rulesOfTeams(r *roster) []rule {
	var rules []rule
	for i := range r.teams {
		t := &r.teams[i]
		row := hrsource.RoleRow{
			Template: anything, Group: t.name, Team: t.name, Role: anything, At: hrsource.Position{Source: "names"},
		}
		rules = append(rules, newRule(row))
	}
	return rules
}

// addLayouts makes the layouts of all versions that were read and belong to a template in scope.
func (l *layouts) addLayouts(s *Snapshot, presets []*PresetState, r *roster) {
	for i := range s.Templates {
		t := &s.Templates[i]
		l.add(s, layoutKey{t.ID, t.Published}, t.Name, r)
	}
	for _, p := range presets {
		key := layoutKey{p.TemplateID, p.Preset.Template.Published}
		if at := l.add(s, key, p.TemplateName, r); at != nil {
			at.inUse = true
		}
	}
	slices.SortFunc(l.all, func(a, b *layout) int {
		return cmp.Or(procore.CompareIDs(a.key.template, b.key.template), procore.CompareIDs(a.key.version, b.key.version))
	})
}

// add gives the layout of a version, or nil where the version was not read.
func (l *layouts) add(s *Snapshot, key layoutKey, name string, r *roster) *layout {
	if at, ok := l.byKey[key]; ok {
		return at
	}
	version, ok := s.Versions[key.version]
	if !ok {
		return nil
	}
	at := &layout{key: key, name: name, byUUID: make(map[procore.GroupUUID]int32, len(version.Groups))}
	named := map[string]int{}
	for _, g := range version.Groups {
		named[FoldName(g.Name)]++
	}
	for i, g := range version.Groups {
		if _, ok := at.byUUID[g.UUID]; ok || g.UUID == "" {
			at.twice = cmp.Or(g.UUID, "(none)")
		}
		at.byUUID[g.UUID] = int32(i)
		at.slots = append(at.slots, l.slot(at, g, named, r))
		if at.slots[i].managed {
			at.slots[i].draft = int32(len(at.managed))
			at.managed = append(at.managed, int32(i))
		}
	}
	l.byKey[key] = at
	l.all = append(l.all, at)
	return at
}

// slot decides whether a group is managed, and by which rules.
func (l *layouts) slot(at *layout, g procore.ResponsibleGroup, named map[string]int, r *roster) slot {
	s := slot{ResponsibleGroup: g, name: l.intern(at.name, g.Name)}
	folded, template := FoldName(g.Name), FoldName(at.name)
	for _, i := range l.byGroup[folded] {
		if l.rules[i].matchesTemplate(string(at.key.template), template) {
			s.rules = append(s.rules, i)
			l.used[i] = true
		}
	}
	ours := strings.EqualFold(strings.TrimSpace(g.Type), procore.TypeResponsibleRole)
	switch {
	case !ours:
		s.why = "Procore fills groups of type " + g.Type
	case folded != "" && named[folded] > 1:
		s.shared, s.why = true, "another group of this version has the same name"
	case len(s.rules) == 0 && l.byNames:
		s.why = "no team has its name"
	case len(s.rules) == 0:
		s.why = "no rule names it"
	case l.twoTeams(s, r):
		s.shared, s.why = true, "two teams of HR have its name"
	default:
		s.managed = true
		l.fill(&s, r)
	}
	return s
}

// twoTeams says whether teams that HR tells apart fold to the group's name. It matters where names alone decide.
func (l *layouts) twoTeams(s slot, r *roster) bool {
	return l.byNames && slices.ContainsFunc(s.rules, func(i int32) bool {
		t := r.selectors[l.selectors[i]].team
		return t >= 0 && r.teams[t].twoNames
	})
}

func (l *layouts) fill(s *slot, r *roster) {
	s.rejectedRows = r.rejectedAnywhere
	for _, i := range s.rules {
		s.rejectedRows = s.rejectedRows || r.rejected[l.rules[i].team]
		n := l.selectors[i]
		if slices.Contains(s.selectors, n) {
			continue
		}
		s.selectors = append(s.selectors, n)
		sel := &r.selectors[n]
		s.teamIsMissing = s.teamIsMissing || !sel.some
		if sel.team >= 0 && !slices.Contains(s.teams, sel.team) {
			s.teams = append(s.teams, sel.team)
		}
	}
}

func (l *layouts) intern(template, group string) int32 {
	key := ManagedGroup{template, group}
	n, ok := l.nameOf[key]
	if !ok {
		n = int32(len(l.names))
		l.names = append(l.names, key)
		l.nameOf[key] = n
	}
	return n
}

// managedGroups lists the managed groups of the versions in use, sorted.
func (l *layouts) managedGroups() []ManagedGroup {
	seen := map[ManagedGroup]bool{}
	out := []ManagedGroup{}
	for _, at := range l.all {
		if !at.inUse || at.twice != "" {
			continue
		}
		for _, i := range at.managed {
			if g := l.names[at.slots[i].name]; !seen[g] {
				seen[g] = true
				out = append(out, g)
			}
		}
	}
	slices.SortFunc(out, compareManaged)
	return out
}

func compareManaged(a, b ManagedGroup) int {
	return cmp.Or(strings.Compare(a.TemplateName, b.TemplateName), strings.Compare(a.GroupName, b.GroupName))
}
