package sync

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"procore-assignee-sync/procore"
)

// CoverageReport says group by group who fills it.
type CoverageReport struct {
	Groups []GroupCoverage  `json:"groups"`      // by template, version, then the version's order
	Types  []GroupTypeCount `json:"group_types"` // those seen in the versions, with counts; sorted
}

// GroupCoverage is one group of one version of a template.
type GroupCoverage struct {
	TemplateID   procore.TemplateID `json:"template_id"`
	TemplateName string             `json:"template_name"`
	VersionID    procore.VersionID  `json:"version_id"`
	GroupUUID    procore.GroupUUID  `json:"group_uuid"`
	GroupName    string             `json:"group_name"`
	Type         string             `json:"type"`
	Managed      bool               `json:"managed"`
	Why          string             `json:"why,omitempty"` // why it is not managed
	Rules        []string           `json:"rules"`         // where those that name it stand: role-map.csv:3
	Presets      int                `json:"presets"`       // in scope, of this version
	People       int                `json:"people"`        // distinct people whom the rules give it, on whatever project
	Unresolved   int                `json:"unresolved"`    // HR rows of members of it who lead to nobody active in Procore
}

// Coverage says group by group which rule manages it and how many people that gives.
func Coverage(in Inputs) *CoverageReport {
	b := newBuilder(in)
	presets := map[layoutKey]int{}
	for _, state := range b.presets {
		presets[layoutKey{state.TemplateID, state.Preset.Template.Published}]++
	}
	report := &CoverageReport{Groups: []GroupCoverage{}, Types: []GroupTypeCount{}}
	types := map[string]int{}
	for _, at := range b.layouts.all {
		for i := range at.slots {
			s := &at.slots[i]
			types[s.Type]++
			g := GroupCoverage{
				TemplateID: at.key.template, TemplateName: at.name, VersionID: at.key.version, GroupUUID: s.UUID, GroupName: s.Name,
				Type: s.Type, Managed: s.managed, Why: s.why, Rules: []string{}, Presets: presets[at.key],
			}
			for _, r := range s.rules {
				g.Rules = append(g.Rules, b.layouts.rules[r].at())
			}
			g.People, g.Unresolved = b.peopleOf(s)
			report.Groups = append(report.Groups, g)
		}
	}
	for _, t := range slices.Sorted(maps.Keys(types)) {
		report.Types = append(report.Types, GroupTypeCount{t, types[t]})
	}
	slices.SortStableFunc(report.Groups, func(a, b GroupCoverage) int {
		return cmp.Or(
			strings.Compare(a.TemplateName, b.TemplateName), procore.CompareIDs(a.TemplateID, b.TemplateID),
			procore.CompareIDs(a.VersionID, b.VersionID),
		)
	})
	return report
}

// peopleOf counts the distinct people whom a managed group's rules give it, and the rows that lead to nobody.
func (b *builder) peopleOf(s *slot) (people, unresolved int) {
	b.marks.now++
	seen := map[int32]bool{}
	for _, n := range s.selectors {
		for _, i := range slices.Concat(b.selectors[n].every, b.selectors[n].single) {
			row := &b.rows[i]
			switch {
			case row.result == matched && b.marks.wanted[row.who] != b.marks.now:
				b.marks.wanted[row.who] = b.marks.now
				people++
			case row.result != matched && !seen[i]:
				seen[i] = true
				unresolved++
			}
		}
	}
	return people, unresolved
}
