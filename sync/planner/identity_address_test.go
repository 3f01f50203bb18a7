package planner

import (
	"testing"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
)

// A person's workflow login and the directory's address can differ.
func TestAProtectedAddressProtectsThePersonUnderEachOfTheirs(t *testing.T) {
	for _, glob := range []string{"robot@*", "contact@*"} {
		c := newCompany(t).project("501", "1").users("1=ann", "2=contact").hr("ann,Legal").
			policy(func(p *sync.Policy) { p.Protected = []string{glob} }).preset("501", "7001", "g1: 1=ann 2=robot")
		p := c.plan()
		wantChanges(t, p)
		wantExceptions(t, p, "protected robot")
	}
}

func TestTheWorkflowsLoginStandsForAPersonWhicheverPresetIsReadFirst(t *testing.T) {
	for _, logins := range [][2]string{{"b@x.com", "a@x.com"}, {"a@x.com", "b@x.com"}, {"", "a@x.com"}} {
		c := newCompany(t).project("501", "1").project("502", "2").users("1=ann", "2=c@x.com").hr("ann,Legal").
			preset("501", "7001", "g1: 1=ann 2").preset("502", "7002", "g1: 1=ann 2")
		for i, login := range logins {
			c.in.Snapshot.Presets[i].Preset.Memberships[0].Assignees[1].Login = login
		}
		for _, change := range c.plan().Changes {
			want(t, "login", change.Login, "a@x.com")
		}
	}
}

func TestTheSourceOfAnAdditionIsTheRowsThatJustifyIt(t *testing.T) {
	p := newCompany(t).rules("*,Legal,Legal,*", "Approval,Legal,Legal,lead").project("501", "1").project("502", "2").users("1=ann").
		hr("ann,Legal,,,terminated", "ann,Legal,lead", "ann,Finance", "ann,Legal,,502", "ann,Legal,,501").preset("501", "7001", "g1:").plan()
	want(t, "source", p.Changes[0].Source.String(), "hr.csv:3;hr.csv:6")
	want(t, "reason", p.Changes[0].Reason.String(),
		`member of team "Legal" as "lead" (rule map.csv:2); member of team "Legal" as "lead" (rule map.csv:3); member of team "Legal" (rule map.csv:2)`)
}

func TestTheSourceOfARemovalIsAllRowsOfThePerson(t *testing.T) {
	for _, c := range []struct {
		rows           []string
		reason, source string
	}{
		{nil, "not in HR data", ""},
		{[]string{"bob,Finance", "bob,Legal,,,terminated"}, `moved: now on team "Finance"`, "hr.csv:3;hr.csv:4"},
		{[]string{"bob,Legal,,502"}, `moved: now on team "Legal" in project 502`, "hr.csv:3"},
		{
			[]string{"bob,Legal,,502", "bob,Legal,,id:502", "bob,Legal,lead,502", "bob,Finance,,502", "bob,Finance,,501"},
			`moved: now on team "Legal" in projects 502 and id:502 and on team "Legal" as "lead" in project 502 and on team "Finance"`, "hr.csv:3;hr.csv:4;hr.csv:5;hr.csv:6;hr.csv:7",
		},
		{
			[]string{"bob,Legal,,502", "bob,Legal,,id:502", "bob,Legal,,2", "bob,Legal,,number:2"},
			`moved: now on team "Legal" in projects 502, id:502, 2 and 1 more`, "hr.csv:3;hr.csv:4;hr.csv:5;hr.csv:6",
		},
		{[]string{"bob,Legal,,,,,2020-01-01,2026-10-31"}, "ended 2026-10-31", "hr.csv:3"},
		{[]string{"bob,Legal,,,,,2020-01-01,2025-10-31", "bob,Legal,,,,,2026-01-01,2026-10-31"}, "ended 2026-10-31", "hr.csv:3;hr.csv:4"},
		{[]string{"bob,Legal,,,,,2026-12-01"}, "not started: begins 2026-12-01", "hr.csv:3"},
		{[]string{"bob,Legal,,,prehire"}, "not started: prehire without a start date", "hr.csv:3"},
		{[]string{"bob,Finance,,,terminated", "bob,Legal,,,,,,2026-10-31"}, "ended 2026-10-31", "hr.csv:3;hr.csv:4"},
	} {
		p := newCompany(t).project("501", "1").project("502", "2").users("1=ann#001", "2=bob#002").hr("ann,Legal,,501").hr(c.rows...).
			preset("501", "7001", "g1: 1=ann 2=bob").plan()
		want(t, "reason", p.Changes[0].Reason.String(), c.reason)
		want(t, "source", p.Changes[0].Source.String(), c.source)
		want(t, "name", p.Changes[0].PersonName, "BOB")
		want(t, "employee id", p.Changes[0].EmployeeID, "002")
	}
}

func TestAnInactivePersonWhoIsUnknownIsSaidToBeBoth(t *testing.T) {
	p := newCompany(t).project("501", "1").users("1=ann").inactiveUsers("2=bob").hr("ann,Legal").preset("501", "7001", "g1: 1=ann 2=bob").plan()
	want(t, "reason", p.Changes[0].Reason.String(), "not in HR data, and inactive in Procore's directory")
}

func TestPeopleTwiceInAGroupCountOnceAndAreNoDifference(t *testing.T) {
	c := newCompany(t).project("501", "1").users("1=ann", "2=bob").hr("ann,Legal").preset("501", "7001", "g1: 1=ann 1=ann")
	p := c.plan()
	wantChanges(t, p)
	want(t, "memberships", p.Counts.Memberships, 1)
	want(t, "before", groupOf(t, p, "7001", "g1").Before, []procore.LoginID{"1", "1"})
	c.hr("bob,Legal")
	wantAfter(t, c.plan(), "7001", "g1", "1 2")
}
