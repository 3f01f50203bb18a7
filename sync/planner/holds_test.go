package planner

import (
	"testing"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
)

func TestAGroupThatWouldBeEmptyIsHeldWhole(t *testing.T) {
	for _, c := range []struct {
		name  string
		group string
		hr    []string
		set   func(*sync.Policy)
		after string
		hold  sync.Kind
	}{
		{"nobody would be left", "g1: 2=bob", []string{"ann,Finance", "bob,Finance"}, nil, "2", sync.HeldEmptyGroup},
		{
			"only protected logins would be left", "g1: 2=bob 9=robot",
			[]string{"bob,Finance"},
			func(p *sync.Policy) { p.Protected = []string{"robot@*"} }, "2 9", sync.HeldEmptyGroup,
		},
		{"one who comes is left", "g1: 2=bob", []string{"ann,Legal", "bob,Finance"}, nil, "1", ""},
		{
			"one outside the managed domains is left", "g1: 2=bob 9=robot",
			[]string{"bob,Finance"},
			func(p *sync.Policy) { p.ManagedDomains = []string{"x.com"}; p.Protected = nil }, "2 9", sync.HeldEmptyGroup,
		},
		{"allowed", "g1: 2=bob", []string{"bob,Finance"}, func(p *sync.Policy) { p.AllowEmptyGroups = true }, "", ""},
		{"empty already", "g1:", []string{"bob,Finance"}, nil, "", ""},
		{"one who comes can't be assigned, so nobody would be left", "g1: 2=bob", []string{"cy,Legal", "bob,Finance"}, nil, "2", sync.HeldEmptyGroup},
	} {
		t.Run(c.name, func(t *testing.T) {
			company := newCompany(t).project("501", "1").users("1=ann", "2=bob", "3=cy", "9=robot").hr(c.hr...).hr("dan,Legal,,,terminated").
				preset("501", "7001", c.group).possible("501", "1=ann")
			if c.set != nil {
				company.policy(c.set)
			}
			p := company.plan()
			wantAfter(t, p, "7001", "g1", c.after)
			want(t, "hold", groupOf(t, p, "7001", "g1").Hold, c.hold)
		})
	}
}

func TestAGroupThatWouldLoseMoreThanItsShareIsHeldWhole(t *testing.T) {
	for _, c := range []struct {
		name    string
		group   string
		percent int
		after   string
		hold    sync.Kind
	}{
		{"half of four", "g1: 1=ann 2=bob 3=cy 4=dan", 50, "1 2 5", ""},
		{"more than half of five", "g1: 1=ann 2=bob 3=cy 4=dan 6=eve", 50, "1 2 3 4 6", sync.HeldGroupRemovals},
		{"any share of three", "g1: 1=ann 3=cy 4=dan", 0, "1 2 5", ""},
		{"none of four may leave", "g1: 1=ann 2=bob 3=cy 5=fay", 0, "1 2 3 5", sync.HeldGroupRemovals},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := newCompany(t).project("501", "1").users("1=ann", "2=bob", "3=cy", "4=dan", "5=fay", "6=eve").
				hr("ann,Legal", "bob,Legal", "fay,Legal", "cy,Legal,,,terminated").
				policy(func(p *sync.Policy) { p.MaxGroupRemovalPercent = c.percent }).preset("501", "7001", c.group).plan()
			wantAfter(t, p, "7001", "g1", c.after)
			want(t, "hold", groupOf(t, p, "7001", "g1").Hold, c.hold)
		})
	}
}

func TestHeldChangesAreListedAsHeldAndTheirRemovalsCount(t *testing.T) {
	p := newCompany(t).project("501", "24-001").users("1=ann", "2=bob", "3=cy", "4=dan", "5=eve").
		hr("ann,Legal", "bob,Legal,,,terminated").preset("501", "7001", "g1: 2=bob 3=cy 4=dan 5=eve").plan()
	wantChanges(t, p, "add ann held", "remove bob held", "remove cy held", "remove dan held", "remove eve held")
	want(t, "reason", p.Changes[1].Reason.String(), "held_group_removals: left: terminated")
	want(t, "counts", p.Counts, sync.PlanCounts{
		Projects: 1, Presets: 1, ManagedGroups: 1, Memberships: 4, HeldAdditions: 1, HeldRemovals: 4, WantedRemovals: 4,
	})
	wantExceptions(t, p, "held_group_removals preset 7001 of project 24-001 Project 501!")
	if p.Presets[0].Changed() {
		t.Error("a held group is sent")
	}
}

func TestAHoldInOneGroupLeavesTheOthersToBeSent(t *testing.T) {
	p := newCompany(t).rules("*,Legal,Legal,*", "*,Finance,Finance,*").project("501", "1").users("1=ann", "2=bob").
		hr("ann,Finance", "bob,Legal,,,terminated").preset("501", "7001", "g1: 2=bob", "g2: 2=bob").plan()
	wantChanges(t, p, "add ann planned", "remove bob planned", "remove bob held")
	wantAfter(t, p, "7001", "g1", "2")
	wantAfter(t, p, "7001", "g2", "1")
}

func TestWhatLooksLikeAMistakeOfTheMapOrOfHRTakesNobodyAway(t *testing.T) {
	for _, c := range []struct {
		name       string
		rules      []string
		hr         []string
		changes    []string
		exceptions []string
	}{
		{"the team has rows", []string{"*,Legal,Legal,*"}, []string{"ann,Legal", "bob,Finance"}, []string{"add ann planned", "remove bob planned"}, nil},
		{
			"the team has no row",
			[]string{"*,Legal,Leagl,*"},
			[]string{"ann,Legal", "bob,Finance"},
			[]string{"remove bob held"},
			[]string{"held_team_missing Leagl!"},
		},
		{
			"the team has rows of people who left only",
			[]string{"*,Legal,Legal,*"},
			[]string{"ann,Legal,,,terminated", "bob,Finance"},
			[]string{"remove bob held"},
			[]string{"held_empty_group preset 7001 of project 24-001 Project 501!"},
		},
		{
			"the team has no row in the rule's role",
			[]string{"*,Legal,Legal,Lead"},
			[]string{"ann,Legal,clerk", "bob,Finance"},
			[]string{"remove bob held"},
			[]string{"held_team_missing Legal / Lead!"},
		},
		{
			"one of two teams has no row: additions go on",
			[]string{"*,Legal,Legal,*", "*,Legal,Gone,*"},
			[]string{"ann,Legal", "bob,Finance"},
			[]string{"add ann planned", "remove bob held"},
			[]string{"held_team_missing Gone!"},
		},
		{
			"the team has rows for other projects only",
			[]string{"*,Legal,Legal,*"},
			[]string{"ann,Legal,,24-002", "bob,Finance"},
			[]string{"remove bob held"},
			[]string{"held_no_project_rows Legal"},
		},
		{
			"the team has rows for other projects and for every project",
			[]string{"*,Legal,Legal,*"},
			[]string{"ann,Legal,,24-002", "cy,Legal", "bob,Finance"},
			[]string{"add cy planned", "remove bob planned"},
			nil,
		},
		{
			"the team has rows for other projects, and had one for every project",
			[]string{"*,Legal,Legal,*", "*,Legal,Finance,*"},
			[]string{"ann,Legal,,24-002", "cy,Legal,,,terminated", "dan,Finance"},
			[]string{"add dan planned", "remove bob planned"},
			nil,
		},
		{
			"one of two teams has rows for other projects only: additions go on",
			[]string{"*,Legal,Legal,*", "*,Legal,Finance,*"},
			[]string{"ann,Legal,,24-002", "cy,Finance", "bob,Commercial"},
			[]string{"add cy planned", "remove bob held"},
			[]string{"held_no_project_rows Legal"},
		},
		{
			"the team had rows for this project",
			[]string{"*,Legal,Legal,*"},
			[]string{"ann,Legal", "cy,Legal,,24-002", "dan,Legal,,24-001,terminated", "bob,Finance"},
			[]string{"add ann planned", "remove bob planned"},
			nil,
		},
		{
			"the role has rows for other projects only",
			[]string{"*,Legal,Legal,lead"},
			[]string{"ann,Legal,Lead,24-002", "cy,Legal,clerk,24-001", "bob,Finance"},
			[]string{"remove bob held"},
			[]string{"held_no_project_rows Legal / lead"},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := newCompany(t).rules(c.rules...).project("501", "24-001").project("502", "24-002").users("1=ann", "2=bob", "3=cy", "4=dan").
				hr(c.hr...).preset("501", "7001", "g1: 2=bob").plan()
			wantChanges(t, p, c.changes...)
			want(t, "exceptions", join(dropKinds(exceptionsOf(p), "team_unused")), join(c.exceptions))
			want(t, "wanted removals", p.Counts.WantedRemovals > 0, c.changes[len(c.changes)-1] == "remove bob planned" || join(c.exceptions) == "held_empty_group preset 7001 of project 24-001 Project 501!")
		})
	}
}

func TestAMissingTeamIsToldOfOnceForEachGroupAndMissingProjectRowsOnceForEachProject(t *testing.T) {
	p := newCompany(t).rules("*,Legal,Gone,*", "*,Finance,Finance,*").project("501", "1").project("502", "2").project("503", "3").
		template("11", "Change", "110", legal, finance).users("1=ann", "2=bob").hr("ann,Finance,,503").
		preset("501", "7001", "g1: 2=bob", "g2: 2=bob").preset("502", "7002", "g1: 2=bob", "g2: 2=bob").
		presetOf("11", "Change", "110", "501", "7003", "g1:", "g2: 2=bob").plan()
	wantExceptions(t, p, "held_no_project_rows Finance", "held_no_project_rows Finance", "held_team_missing Gone!", "held_team_missing Gone!")
	want(t, "source", p.Exceptions[2].Source.String(), "map.csv:2")
	want(t, "template", p.Exceptions[2].TemplateName, "Approval")
	want(t, "template", p.Exceptions[3].TemplateName, "Change")
}

func TestTheCompanysOwnPresetsTakeRowsForEveryProjectOnly(t *testing.T) {
	for _, c := range []struct {
		name       string
		hr         []string
		changes    []string
		exceptions string
	}{
		{"rows for every project", []string{"ann,Legal"}, []string{"add ann planned", "remove bob planned"}, ""},
		{"rows for both", []string{"ann,Legal", "cy,Legal,,24-001"}, []string{"add ann planned", "remove bob planned"}, ""},
		{"rows for single projects only", []string{"cy,Legal,,24-001"}, []string{"remove bob held"}, "held_no_project_rows Legal"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := newCompany(t).project("501", "24-001").users("1=ann", "2=bob", "3=cy").hr(c.hr...).preset("", "7001", "g1: 2=bob").plan()
			wantChanges(t, p, c.changes...)
			want(t, "exceptions", join(exceptionsOf(p)), c.exceptions)
		})
	}
}

func TestAProjectIsFoundByIdAndByNumberAndMustBeOne(t *testing.T) {
	for _, c := range []struct {
		text string
		to   procore.PresetID // empty: to none
	}{
		{"501", "7001"},
		{"a-1", "7001"},
		{"A-1 ", "7001"},
		{"A1", ""},
		{"24 7", ""},
		{"502", ""},
		{"Project 501", ""},
		{"id:501", "7001"},
		{"ID: 501", "7001"},
		{"number:a-1", "7001"},
		{"Number:A-1", "7001"},
		{"id:a-1", ""},
		{"number:501", ""},
		{"id:502", "7002"},
		{"number:502", "7003"},
		{"id:", ""},
		{"number:", ""},
	} {
		t.Run(c.text, func(t *testing.T) {
			company := newCompany(t).project("501", "A-1").project("502", "x").project("503", "502").users("1=ann").hr("ann,Legal").
				preset("501", "7001", "g1:").preset("502", "7002", "g1:").preset("503", "7003", "g1:")
			company.in.Roster.Members[0].Project = c.text
			p := company.plan()
			if c.to == "" {
				wantChanges(t, p)
				want(t, "exceptions", join(exceptionsOf(p)), "project_unknown "+c.text+"!")
				return
			}
			wantChanges(t, p, "add ann planned")
			want(t, "preset", p.Changes[0].Preset, c.to)
			wantExceptions(t, p)
		})
	}
}

func TestATeamWithoutRowsForAProjectKeepsNobodyWhoseOwnRowOfItSaysThatTheyLeft(t *testing.T) {
	for _, c := range []struct {
		name    string
		hr      []string
		changes []string
		told    string
	}{
		{"terminated", []string{"dan,Legal,,24-002,terminated"}, []string{"remove bob held", "remove dan planned"}, "held_no_project_rows Legal"},
		{"ended", []string{"dan,Legal,,24-002,,,,2026-10-31"}, []string{"remove bob held", "remove dan planned"}, "held_no_project_rows Legal"},
		{"on another project still", []string{"dan,Legal,,24-002"}, []string{"remove bob held", "remove dan held"}, "held_no_project_rows Legal"},
		{"left one project, and is on another still", []string{"dan,Legal,,24-003,terminated", "dan,Legal,,24-002"}, []string{"remove bob held", "remove dan held"}, "held_no_project_rows Legal"},
		{"left, and begins again", []string{"dan,Legal,,24-002,terminated", "dan,Legal,,24-002,prehire,,2026-12-01"}, []string{"remove bob held", "remove dan held"}, "held_no_project_rows Legal"},
		{"left another team", []string{"dan,Finance,,,terminated"}, []string{"remove bob held", "remove dan held"}, "held_no_project_rows Legal"},
		{"all left, so that nobody is kept for it", []string{"dan,Legal,,24-002,terminated", "bob,Legal,,24-002,terminated"}, []string{"remove bob planned", "remove dan planned"}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := newCompany(t).project("501", "24-001").project("502", "24-002").project("503", "24-003").users("1=ann", "2=bob", "4=dan", "9=robot").
				policy(func(p *sync.Policy) { p.ManagedDomains = []string{"x.com"} }).hr("ann,Legal,,24-002").hr(c.hr...).
				preset("501", "7001", "g1: 2=bob 4=dan 9=robot@y.com").plan()
			wantChanges(t, p, c.changes...)
			want(t, "exceptions", join(dropKinds(exceptionsOf(p), "team_unused", "unmanaged_domain")), c.told)
		})
	}
}

func TestWhoIsKeptForAMistakeOfHRCountsAsLeftInTheGroup(t *testing.T) {
	p := newCompany(t).project("501", "24-001").project("502", "24-002").users("1=ann", "2=bob", "4=dan").
		hr("ann,Legal,,24-002", "dan,Legal,,24-002,terminated").preset("501", "7001", "g1: 2=bob 4=dan").plan()
	wantChanges(t, p, "remove bob held", "remove dan planned")
	want(t, "hold", groupOf(t, p, "7001", "g1").Hold, sync.Kind(""))
}
