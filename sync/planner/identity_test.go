package planner

import (
	"strings"
	"testing"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
)

func dropKinds(exceptions []string, kinds ...string) []string {
	var out []string
next:
	for _, e := range exceptions {
		for _, k := range kinds {
			if strings.HasPrefix(e, k) {
				continue next
			}
		}
		out = append(out, e)
	}
	return out
}

// In every case HR has one member of Legal: robert, employee id 007.
func TestAllIdentifiersMustLeadToOnePerson(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*company)
		added  string // id, empty: nobody
		kind   string
	}{
		{"by e-mail", func(c *company) { c.users("1=Robert@X.com") }, "1", ""},
		{"by employee id, where the e-mail differs", func(c *company) { c.users("1=bob#007") }, "1", ""},
		{"by employee id, with spaces around it in the directory", func(c *company) { c.users("1=bob# 007\t") }, "1", ""},
		{"leading zeros matter", func(c *company) { c.users("1=bob#7") }, "", "not_in_procore robert!"},
		{"both lead to one", func(c *company) { c.users("1=robert#007", "2=bob#008") }, "1", ""},
		{"they lead to two", func(c *company) { c.users("1=robert", "2=bob#007") }, "", "ambiguous robert!"},
		{"two with the same employee id", func(c *company) { c.users("1=bob#007", "2=rob#007") }, "", "ambiguous robert!"},
		{"an active record beats an inactive one", func(c *company) { c.users("1=robert").inactiveUsers("2=bob#007") }, "1", ""},
		{"the only one is inactive", func(c *company) { c.inactiveUsers("1=robert") }, "", "inactive robert!"},
		{"two inactive ones", func(c *company) { c.inactiveUsers("1=robert", "2=bob#007") }, "", "ambiguous robert!"},
		{"procore_login comes before e-mail", func(c *company) {
			c.users("1=robert", "2=bob")
			c.in.Roster.Members[0].ProcoreLogin = "BOB@x.com"
		}, "2", ""},
		{"a login that only a preset gives", func(c *company) { c.preset("501", "7002", "g9: 5=robert") }, "5", ""},
		{"a login that only a list of possible assignees gives", func(c *company) { c.possible("501", "6=robert") }, "6", ""},
		{"nobody", func(c *company) { c.users("1=bob") }, "", "not_in_procore robert!"},
		{"no login, and no such employee id", func(c *company) {
			c.users("1=bob")
			c.in.Roster.Members[0].Email = ""
		}, "", "not_in_procore 007!"},
		{"one record of Procore with two employee ids", func(c *company) { c.users("1=bob#006", "1=bob#007") }, "1", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			company := newCompany(t).project("501", "24-001").hr("robert,Legal,,,,007").preset("501", "7001", "g1:", "g9:")
			c.change(company)
			p := company.plan()
			wantAfter(t, p, "7001", "g1", c.added)
			if got := strings.Join(dropKinds(exceptionsOf(p), "team_unused"), ","); got != c.kind {
				t.Errorf("exceptions %q, want %q", got, c.kind)
			}
		})
	}
}

func TestWhoCannotBeAssignedIsNotAddedAndOneWhoIsThereStays(t *testing.T) {
	p := newCompany(t).project("501", "24-001").users("1=ann", "2=bob", "3=cy").hr("ann,Legal", "bob,Legal", "cy,Legal").
		preset("501", "7001", "g1: 2=bob").possible("501", "1=ann").plan()
	wantAfter(t, p, "7001", "g1", "2 1")
	wantExceptions(t, p, "not_assignable bob", "not_assignable cy!")
}

func TestAMemberWhoIsInactiveIsIncompleteOnlyWhereTheyAreMissing(t *testing.T) {
	there := newCompany(t).project("501", "1").inactiveUsers("1=ann").hr("ann,Legal").preset("501", "7001", "g1: 1=ann").plan()
	wantExceptions(t, there, "inactive ann")
	missing := newCompany(t).project("501", "1").project("502", "2").inactiveUsers("1=ann").hr("ann,Legal").
		preset("501", "7001", "g1: 1=ann").preset("502", "7002", "g1:").plan()
	wantExceptions(t, missing, "inactive ann!")
}

func TestAMemberOnEveryProjectIsToldOfOnceForEachGroup(t *testing.T) {
	p := newCompany(t).project("501", "1").project("502", "2").hr("ann,Legal", "bob,Legal,,2").
		preset("501", "7001", "g1:").preset("502", "7002", "g1:").plan()
	wantExceptions(t, p, "not_in_procore ann!", "not_in_procore bob!")
	want(t, "project of a row for every project", p.Exceptions[0].Project, "")
	want(t, "project of a row for one", p.Exceptions[1].Project, "502")
}

func TestListsAreNeededOnlyWhereSomebodyComes(t *testing.T) {
	scope := func(project procore.ProjectID) procore.AssigneeScope {
		return procore.AssigneeScope{Project: project, Tool: commitments}
	}
	for _, c := range []struct {
		name   string
		change func(*company)
		want   []procore.AssigneeScope
	}{
		{"nobody comes", func(c *company) { c.hr("ann,Legal") }, nil},
		{"somebody leaves", func(c *company) { c.hr("ann,Finance") }, nil},
		{"somebody comes in one project", func(c *company) { c.hr("ann,Legal", "bob,Legal,,502") }, []procore.AssigneeScope{scope("502")}},
		{"the list was read already", func(c *company) { c.hr("ann,Legal", "bob,Legal").possible("501") }, []procore.AssigneeScope{scope("502")}},
		{"the list can't be read", func(c *company) {
			at := scope("501")
			c.hr("ann,Legal", "bob,Legal").in.Snapshot.Unreadable = []sync.Unreadable{{Subject: "list", Possible: &at}}
		}, []procore.AssigneeScope{scope("502")}},
		{"somebody comes to a group that is held anyway", func(c *company) {
			c.hr("bob,Legal,,501", "ann,Legal,,502")
			c.in.Snapshot.Presets[0].Preset.Memberships[0].Assignees = []procore.Login{
				{ID: "11", Login: "a@x.com"},
				{ID: "12", Login: "b@x.com"},
				{ID: "13", Login: "c@x.com"},
				{ID: "14", Login: "d@x.com"},
			}
		}, nil},
		{"a member in no list so far, in the first preset only", func(c *company) { c.hr("ann,Legal", "who,Legal") }, []procore.AssigneeScope{scope("501")}},
		{"not again once it was read", func(c *company) { c.hr("ann,Legal", "who,Legal").possible("501") }, nil},
		{"a member without a login can be in no list", func(c *company) {
			c.hr("ann,Legal", "who,Legal,,,,009")
			c.in.Roster.Members[1].Email = ""
		}, nil},
		{"a member who is ambiguous", func(c *company) { c.users("8=amy#008").hr("ann,Legal", "bob,Legal,,,,008") }, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			company := newCompany(t).project("501", "1").project("502", "2").users("1=ann", "2=bob").
				preset("502", "7002", "g1: 1=ann").preset("501", "7001", "g1: 1=ann")
			// By project and preset id, whatever the order they came in.
			company.in.Snapshot.Presets[0], company.in.Snapshot.Presets[1] = company.in.Snapshot.Presets[1], company.in.Snapshot.Presets[0]
			c.change(company)
			got := NeededAssignees(company.in)
			if len(got) != len(c.want) {
				t.Fatalf("needs %v, want %v", got, c.want)
			}
			for i := range got {
				want(t, "list", got[i], c.want[i])
			}
		})
	}
}

func TestALoginThatOnlyAListKnowsIsFoundAndAddedEverywhere(t *testing.T) {
	c := newCompany(t).project("501", "1").project("502", "2").hr("zoe,Legal").preset("501", "7001", "g1:").preset("502", "7002", "g1:")
	lists := 0
	for needed := NeededAssignees(c.in); len(needed) > 0; needed = NeededAssignees(c.in) {
		for _, scope := range needed {
			lists++
			c.in.Snapshot.Possible[scope] = []procore.Login{{ID: "26", Login: "Zoe@x.com"}}
		}
	}
	want(t, "lists read", lists, 2)
	p := c.plan()
	wantAfter(t, p, "7001", "g1", "26")
	wantAfter(t, p, "7002", "g1", "26")
}

func TestAPresetWhoseListCannotBeReadIsLeftOutWholly(t *testing.T) {
	at := procore.AssigneeScope{Project: "501", Tool: commitments}
	c := newCompany(t).rules("*,Legal,Legal,*", "*,Finance,Finance,*").project("501", "1").users("1=ann", "2=bob", "3=cy").
		hr("ann,Legal", "cy,Finance").preset("501", "7001", "g1:", "g2: 2=bob 3=cy")
	c.in.Snapshot.Unreadable = []sync.Unreadable{{Subject: "the list", Detail: "500", Project: "501", Possible: &at}}
	p := c.plan()
	wantChanges(t, p)
	wantExceptions(t, p, "unreadable the list!")
	want(t, "presets", len(p.Presets), 0)

	c.hr("ann,Finance,,,terminated")
	c.in.Roster.Members = c.in.Roster.Members[1:]
	wantChanges(t, c.plan(), "remove bob planned") // nobody comes, so that the list is not needed
}
