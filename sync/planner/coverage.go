package planner

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"procore-assignee-sync/procore"
)

// CoverageReport says for each group who fills it.
type CoverageReport struct {
	Groups []GroupCoverage `json:"groups"`     // by template and version, then in the version's order
	Apart  []Standing      `json:"separation"` // for each rule of SYNC_SEPARATION, in the file's order
}

// Standing says how many people are in both groups of a separation rule at the moment, as read from Procore.
type Standing struct {
	Rule    string `json:"rule"`    // its position: separation.csv:3
	Of      string `json:"of"`      // template, group and other, as written in the file
	Presets int    `json:"presets"` // presets that have both groups
	Pairs   int    `json:"pairs"`   // people in both, counted once for each preset
	People  int    `json:"people"`  // distinct people in both
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
	Rules        []string           `json:"rules"`         // positions of the rules that name it: role-map.csv:3
	Presets      int                `json:"presets"`       // presets in scope that use this version
	People       int                `json:"people"`        // distinct people whom the rules put into it, on any project
	Unresolved   int                `json:"unresolved"`    // HR rows of its members that lead to nobody active in Procore
}

// Coverage returns, for each group, the rules that manage it and how many people they put into it.
func Coverage(in Inputs) *CoverageReport {
	p := newPlanner(in)
	presets := map[*templateVersion]int{}
	for _, preset := range p.presets {
		presets[p.groups.versionOf(preset)]++
	}
	report := &CoverageReport{Groups: []GroupCoverage{}, Apart: p.standing()}
	for _, v := range p.groups.versions {
		for _, g := range v.groups {
			c := GroupCoverage{
				TemplateID: v.template, TemplateName: v.name, VersionID: v.id, GroupUUID: g.UUID, GroupName: g.Name,
				Type: g.Type, Managed: g.managed, Why: g.why, Rules: []string{}, Presets: presets[v],
			}
			for _, r := range g.rules {
				c.Rules = append(c.Rules, r.at())
			}
			c.People, c.Unresolved = g.everybody()
			report.Groups = append(report.Groups, c)
		}
	}
	slices.SortStableFunc(report.Groups, func(a, b GroupCoverage) int {
		return cmp.Or(
			strings.Compare(a.TemplateName, b.TemplateName), procore.CompareIDs(a.TemplateID, b.TemplateID),
			procore.CompareIDs(a.VersionID, b.VersionID),
		)
	})
	return report
}

// standing counts, for each rule of SYNC_SEPARATION, the people who are in both of its groups.
func (p *planner) standing() []Standing {
	list := []Standing{}
	if p.in.Separation == nil {
		return list
	}
	for _, r := range p.in.Separation.rules {
		s, people := Standing{Rule: r.at, Of: r.subject()}, map[*person]bool{}
		for _, preset := range p.presets {
			d := &presetDecision{preset: preset, version: p.groups.versionOf(preset)}
			if d.version == nil {
				continue
			}
			pairs := r.pairsOf(d.version)
			if len(pairs) == 0 {
				continue
			}
			s.Presets++
			here := whoSitsInBoth(d.whoSat(p.people), pairs)
			s.Pairs += len(here)
			maps.Copy(people, here)
		}
		s.People = len(people)
		list = append(list, s)
	}
	return list
}

func whoSitsInBoth(sat map[*group]map[*person]bool, pairs []pair) map[*person]bool {
	both := map[*person]bool{}
	for _, pair := range pairs {
		for who := range sat[pair[0]] {
			if sat[pair[1]][who] {
				both[who] = true
			}
		}
	}
	return both
}

// everybody counts the people whom a managed group's rules put into it, on any project, and the rows that lead to
// nobody.
func (g *group) everybody() (people, unresolved int) {
	found, lost := map[*person]bool{}, map[*row]bool{}
	for _, in := range g.filledBy {
		for _, rows := range append(slices.Collect(maps.Values(in.single)), in.everywhere) {
			for _, r := range rows {
				if r.match == matched {
					found[r.who] = true
				} else {
					lost[r] = true
				}
			}
		}
	}
	return len(found), len(lost)
}
