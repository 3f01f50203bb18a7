package planner

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
)

// apart sets SYNC_SEPARATION: template,group,other each.
func (c *company) apart(lines ...string) *company {
	c.t.Helper()
	s, err := ReadSeparation("apart.csv", strings.NewReader("template,group,other\n"+strings.Join(lines, "\n")+"\n"))
	if err != nil {
		c.t.Fatalf("separation: %v", err)
	}
	c.in.Separation = s
	return c
}

// HR puts ann and bob into Legal, and cy into Finance.
func TestNobodyComesToAGroupWhoSitsInOneThatIsKeptApart(t *testing.T) {
	for _, c := range []struct {
		name, rule string
		groups     []string
		change     func(*company)
		changes    []string
		exceptions []string
	}{
		{
			"who sits in the other group", "*,Legal,Finance",
			[]string{"g1: 1=ann", "g2: 2=bob 3=cy"},
			func(c *company) { c.hr("bob,Finance") },
			[]string{"add bob held"},
			[]string{"held_separation bob!"},
		},
		{
			"in either order, by template id, and however the names are written", "10,FINANCE,legal.",
			[]string{"g1: 1=ann", "g2: 2=bob 3=cy"},
			func(c *company) { c.hr("bob,Finance") },
			[]string{"add bob held"},
			[]string{"held_separation bob!"},
		},
		{
			"not by another template's rule", "Change,Legal,Finance",
			[]string{"g1: 1=ann", "g2: 2=bob 3=cy"},
			func(c *company) { c.hr("bob,Finance") },
			[]string{"add bob planned"},
			[]string{"rule_unused Change / Legal / Finance!"},
		},
		{
			"who leaves the other group in the same write", "*,Legal,Finance",
			[]string{"g1: 1=ann", "g2: 2=bob 3=cy"},
			nil,
			[]string{"remove bob planned", "add bob planned"},
			nil,
		},
		{
			"not who is held in the other group", "*,Legal,Finance",
			[]string{"g1: 1=ann", "g2: 2=bob"},
			func(c *company) { c.in.Roster.Members[2].Status = "terminated" },
			[]string{"remove bob held", "add bob held"},
			[]string{"held_empty_group preset 7001 of project 24-001 Project 501!", "held_separation bob!"},
		},
		{
			"who sits in a group that Procore fills", "*,Legal,Creator",
			[]string{"g1: 1=ann", "g2: 3=cy", "g9: 2=bob"},
			nil,
			[]string{"add bob held"},
			[]string{"held_separation bob!"},
		},
		{
			"who would come to both comes to neither", "*,Legal,Finance",
			[]string{"g1: 1=ann", "g2: 3=cy"},
			func(c *company) { c.hr("bob,Finance") },
			[]string{"add bob held", "add bob held"},
			[]string{"held_separation bob!", "held_separation bob!"},
		},
		{
			"a group that loses all but whom it may not get is held", "*,Legal,Finance",
			[]string{"g1: 8=old", "g2: 1=ann 2=bob 3=cy"},
			func(c *company) { c.users("8=old").hr("ann,Finance", "bob,Finance") },
			[]string{"add ann held", "add bob held", "remove old held"},
			[]string{"held_empty_group preset 7001 of project 24-001 Project 501!", "held_separation ann!", "held_separation bob!"},
		},
		{
			"who sits in both already stays, and is told every night", "*,Legal,Finance",
			[]string{"g1: 1=ann 2=bob", "g2: 2=bob 3=cy"},
			func(c *company) { c.hr("bob,Finance") },
			nil,
			[]string{"separation bob"},
		},
		{
			"who sits in both and leaves one is not told", "*,Legal,Finance",
			[]string{"g1: 1=ann 2=bob", "g2: 2=bob 3=cy"},
			nil,
			[]string{"remove bob planned"},
			nil,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			company := newCompany(t).rules("*,Legal,Legal,*", "*,Finance,Finance,*").project("501", "24-001").users("1=ann", "2=bob", "3=cy").
				hr("ann,Legal", "bob,Legal", "cy,Finance").preset("501", "7001", c.groups...).apart(c.rule)
			if c.change != nil {
				c.change(company)
			}
			p := company.plan()
			want(t, "changes", join(changesOf(p)), join(c.changes))
			want(t, "exceptions", join(exceptionsOf(p)), join(c.exceptions))
		})
	}
}

func TestASeparationIsToldOnceForAllPresets(t *testing.T) {
	c := newCompany(t).rules("*,Legal,Legal,*", "*,Finance,Finance,*").users("1=ann", "2=bob", "3=cy").hr("ann,Legal", "bob,Legal", "bob,Finance", "cy,Finance").apart("*,Legal,Finance")
	for i, project := range []procore.ProjectID{"501", "502", "503"} {
		c.project(project, string(project)).preset(project, presetID(i), "g1: 1=ann", "g2: 2=bob 3=cy")
	}
	p := c.plan()
	wantExceptions(t, p, "held_separation bob!")
	mentions(t, p.Exceptions[0].Detail, `"Finance"`, "in 3 presets")
	mentions(t, p.Changes[0].Reason.String(), "held_separation: member of team", `apart from "Finance"`)
	want(t, "held", p.Counts.HeldAdditions, 3)
}

func TestASlipInTheSeparationIsToldWithTheNameThatItMayMean(t *testing.T) {
	p := newCompany(t).rules("*,Legal,Legal,*", "*,Finance,Finance,*").users("1=ann").hr("ann,Legal").apart("*,Legl,Finance", "*,Finance,Legal").
		project("501", "501").preset("501", "7", "g1: 1=ann", "g2:").plan()
	for _, e := range p.Exceptions {
		if e.Kind == sync.RuleUnused && e.Source.String() == "apart.csv:2" {
			mentions(t, e.Detail, `keeps apart; did you mean "Legal"?`)
			return
		}
	}
	t.Errorf("the slip is not told: %v", p.Exceptions)
}

func TestAMistakeOfTheSeparationIsAWrongSetting(t *testing.T) {
	for rows, says := range map[string]string{
		"":                              "no data",
		",Legal,Finance\n":              "apart.csv:2",
		"*,,Finance\n":                  "apart.csv:2: group is",
		"*,Legal,Legal.\n":              "apart.csv:2: group and other are the same",
		"*,Legal,Finance\n*,Legal,--\n": "apart.csv:3: other is",
	} {
		_, err := ReadSeparation("apart.csv", strings.NewReader("template,group,other\n"+rows))
		var wrong *sync.ConfigError
		if !errors.As(err, &wrong) {
			t.Errorf("%q gives %v, want a *ConfigError", rows, err)
			continue
		}
		if says != "no data" {
			mentions(t, err.Error(), says)
		}
	}
}

func (w *world) drawSeparation(t *rapid.T) {
	s := &Separation{}
	for range between(t, 1, 2, "pairs") {
		group, other := pick(t, someGroups[:4], "group"), pick(t, append(slices.Clone(someGroups[:4]), "Extra"), "other")
		rule, err := newSeparationRule(separationRow{pick(t, []string{"*", "10", "Approval"}, "template"), group, other}, "apart.csv:2")
		if err == nil {
			s.rules = append(s.rules, rule)
		}
	}
	w.in.Separation = s
}

func TestNoPlannedWriteMakesAPairThatIsKeptApart(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := drawWorld(t, false)
		w.drawSeparation(t)
		for _, p := range w.plan(t).Presets {
			state := stateOf(w, p.Ref)
			version := w.in.Snapshot.Versions[p.VersionID]
			sits := func(list func(procore.GroupUUID) []procore.LoginID, name string) map[procore.LoginID]bool {
				all := map[procore.LoginID]bool{}
				for _, g := range version.Groups {
					if sync.FoldName(g.Name) == sync.FoldName(name) {
						for _, id := range list(g.UUID) {
							all[id] = true
						}
					}
				}
				return all
			}
			before := func(uuid procore.GroupUUID) (ids []procore.LoginID) {
				for _, m := range state.Preset.Memberships {
					if m.Group == uuid {
						ids = append(ids, idsOf(m)...)
					}
				}
				return ids
			}
			after := func(uuid procore.GroupUUID) (ids []procore.LoginID) {
				for _, g := range p.Write {
					if g.UUID == uuid {
						ids = append(ids, g.LoginIDs...)
					}
				}
				return ids
			}
			for _, rule := range w.in.Separation.rules {
				named := rule.template == "*" || rule.template == string(state.TemplateID) || sync.FoldName(rule.template) == sync.FoldName(state.TemplateName)
				for id := range sits(after, rule.names[0]) {
					both := sits(after, rule.names[1])[id]
					if named && both && !(sits(before, rule.names[0])[id] && sits(before, rule.names[1])[id]) {
						t.Fatalf("preset %s: %s comes to sit in both %s and %s", p.Ref.Preset, id, rule.names[0], rule.names[1])
					}
				}
			}
		}
	})
}

func TestASeparationNeverRemovesAnyoneAndAddsNobody(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := drawWorld(t, false)
		w.in.Separation = nil
		without := w.plan(t)
		w.drawSeparation(t)
		with := w.plan(t)
		changes := func(p *sync.Plan) map[sync.Action]map[leaving]bool {
			made := map[sync.Action]map[leaving]bool{sync.Add: {}, sync.Remove: {}}
			for _, c := range p.Changes {
				if c.Status == sync.Planned {
					made[c.Action][leaving{c.Ref(), c.GroupUUID, c.LoginID}] = true
				}
			}
			return made
		}
		before := changes(without)
		for action, made := range changes(with) {
			for l := range made {
				if !before[action][l] {
					t.Fatalf("%s of %v is made by the separation", action, l)
				}
			}
		}
	})
}

func TestItIsCountedByRuleHowManySitInBothGroupsToday(t *testing.T) {
	c := newCompany(t).rules("*,Legal,Legal,*", "*,Finance,Finance,*").users("1=ann", "2=bob", "3=cy").hr("ann,Legal", "bob,Legal", "cy,Finance").
		apart("*,Legal,Finance", "*,Legal,Creator", "*,Legal,Nobody")
	for i, project := range []procore.ProjectID{"501", "502", "503"} {
		c.project(project, string(project)).preset(project, presetID(i), "g1: 1=ann 2=bob", "g2: 2=bob 3=cy", "g9: 1=ann 2=bob 3=cy")
	}
	want(t, "standing", Coverage(c.in).Apart, []Standing{
		{Rule: "apart.csv:2", Of: "* / Legal / Finance", Presets: 3, Pairs: 3, People: 1},
		{Rule: "apart.csv:3", Of: "* / Legal / Creator", Presets: 3, Pairs: 6, People: 2},
		{Rule: "apart.csv:4", Of: "* / Legal / Nobody"},
	})
}
