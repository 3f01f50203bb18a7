package planner

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"procore-assignee-sync/hrsource/csvtable"
	"procore-assignee-sync/sync"
)

// Separation holds the rules of SYNC_SEPARATION: pairs of groups such that nobody may be in both within one preset,
// whoever fills them.
type Separation struct{ rules []separationRule }

// separationRule is one row of the file.
type separationRule struct {
	template string // as written: a name, an id, or * for any
	names    [2]string
	folded   [2]string // the names
	at       string
}

func (r separationRule) matchesTemplate(v *templateVersion) bool {
	return r.template == anything || r.template == string(v.template) || sync.FoldName(r.template) == sync.FoldName(v.name)
}

// subject names the rule in exceptions.
func (r separationRule) subject() string { return r.template + " / " + r.names[0] + " / " + r.names[1] }

// separationRow is one row as bound.
type separationRow struct {
	Template string `csv:"template"`
	Group    string `csv:"group"`
	Other    string `csv:"other"`
}

// ReadSeparation reads the CSV columns template, group and other. name is the file's name in messages. It reports all
// wrong rows at once, each with its line; an error is a *sync.ConfigError.
func ReadSeparation(name string, r io.Reader) (*Separation, error) {
	table, err := csvtable.Read(name, r, csvtable.Options{
		Columns:  []string{"template", "group", "other"},
		Required: [][]string{{"template"}, {"group"}, {"other"}},
	})
	if err != nil {
		return nil, &sync.ConfigError{What: "separation: " + err.Error()}
	}
	s := &Separation{}
	var wrong []string
	for row, err := range csvtable.Rows[separationRow](table) {
		if err != nil {
			wrong = append(wrong, err.Error())
			break
		}
		at := fmt.Sprintf("%s:%d", name, row.Line)
		rule, err := newSeparationRule(row.Value, at)
		if err != nil {
			wrong = append(wrong, at+": "+err.Error())
			continue
		}
		s.rules = append(s.rules, rule)
	}
	if len(wrong) > 0 {
		return nil, &sync.ConfigError{What: "separation: " + strings.Join(wrong, "\n")}
	}
	return s, nil
}

func newSeparationRule(row separationRow, at string) (separationRule, error) {
	r := separationRule{
		template: strings.TrimSpace(row.Template), names: [2]string{row.Group, row.Other},
		folded: [2]string{sync.FoldName(row.Group), sync.FoldName(row.Other)}, at: at,
	}
	switch {
	case r.template == "":
		return r, errors.New("template is empty: name one, or write * for any")
	case r.folded[0] == "":
		return r, fmt.Errorf("group is %q: name one", row.Group)
	case r.folded[1] == "":
		return r, fmt.Errorf("other is %q: name one", row.Other)
	case r.folded[0] == r.folded[1]:
		return r, errors.New("group and other are the same: name two groups")
	}
	return r, nil
}

// pair is two groups of one version that a rule keeps apart.
type pair [2]*group

// pairsOf returns the pairs of groups of a version that are kept apart.
func (s *Separation) pairsOf(v *templateVersion) []pair {
	if s == nil {
		return nil
	}
	var pairs []pair
	for _, r := range s.rules {
		pairs = append(pairs, r.pairsOf(v)...)
	}
	return pairs
}

func (r separationRule) pairsOf(v *templateVersion) (pairs []pair) {
	if !r.matchesTemplate(v) {
		return nil
	}
	for _, g := range v.groups {
		for _, other := range v.groups {
			if sync.FoldName(g.Name) == r.folded[0] && sync.FoldName(other.Name) == r.folded[1] {
				pairs = append(pairs, pair{g, other})
			}
		}
	}
	return pairs
}

// apart returns the pairs of a version as the plan holds them, or nil if there are none.
func (v *templateVersion) apart() []sync.GroupPair {
	var pairs []sync.GroupPair
	for _, p := range v.pairs {
		pairs = append(pairs, sync.GroupPair{p[0].UUID, p[1].UUID})
	}
	return pairs
}

// separate leaves out each addition that would put somebody into both groups of a pair. Leaving someone out can cause a
// group to be held, and someone who is held in one group can rule out another addition, so it repeats until nothing
// changes.
func (d *presetDecision) separate(policy sync.Policy, people *people) {
	for changed := len(d.version.pairs) > 0; changed; {
		changed = false
		sits := d.whoSits(policy, people)
		for _, p := range d.version.pairs {
			for i, g := range p {
				changed = d.leaveOut(g, p[1-i], sits) || changed
			}
		}
	}
}

// leaveOut leaves out the additions to g of people who would be in other as well.
func (d *presetDecision) leaveOut(g, other *group, sits map[*group]map[*person]bool) bool {
	left := false
	for _, group := range d.groups {
		if group.group != g {
			continue
		}
		for i := range group.people {
			at := &group.people[i]
			if at.is == DecidedAdded && sits[g][at.who] && sits[other][at.who] {
				at.is, at.apartFrom, left = DecidedHeldAdd, other, true
			}
		}
	}
	return left
}

// whoSits returns who would be in each group of the preset under the decisions so far.
func (d *presetDecision) whoSits(policy sync.Policy, people *people) map[*group]map[*person]bool {
	sits := d.whoSat(people)
	for _, group := range d.groups {
		held := group.holds(policy) != ""
		now := make(map[*person]bool, len(group.people))
		for _, at := range group.people {
			switch at.is {
			case DecidedAdded:
				now[at.who] = !held
			case DecidedRemoved:
				now[at.who] = held
			case DecidedHeldAdd, DecidedNotAssignable:
			default:
				now[at.who] = true
			}
		}
		sits[group.group] = now
	}
	return sits
}

// whoSat returns who is in each group of the preset as read.
func (d *presetDecision) whoSat(people *people) map[*group]map[*person]bool {
	sat := map[*group]map[*person]bool{}
	for i := range d.preset.Preset.Memberships {
		m := &d.preset.Preset.Memberships[i]
		g, ok := d.version.byUUID[m.Group]
		if !ok {
			continue
		}
		sat[g] = make(map[*person]bool, len(m.Assignees))
		for j := range m.Assignees {
			sat[g][people.byID[m.Assignees[j].ID]] = true
		}
	}
	return sat
}

// inBoth is a person who is in two groups that are kept apart.
type inBoth struct {
	who  *person
	pair pair
}

// sitInBoth returns who is in both groups of a pair, both as read and as decided. It must be called after everything is
// settled.
func (d *presetDecision) sitInBoth(people *people) []inBoth {
	if len(d.version.pairs) == 0 {
		return nil
	}
	sat := d.whoSat(people)
	for _, group := range d.groups {
		for _, at := range group.people {
			if at.is == DecidedRemoved {
				delete(sat[group.group], at.who)
			}
		}
	}
	var both []inBoth
	for _, p := range d.version.pairs {
		var who []*person
		for person := range sat[p[0]] {
			if sat[p[1]][person] {
				who = append(who, person)
			}
		}
		sortByLogin(who)
		for _, person := range who {
			both = append(both, inBoth{person, p})
		}
	}
	return slices.Compact(both)
}
