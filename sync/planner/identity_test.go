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
		{"by employee id, where Procore does not know the e-mail", func(c *company) { c.users("1=bob#007") }, "1", "matched_by_number robert"},
		{"by employee id, where HR has no e-mail", func(c *company) {
			c.users("1=bob#007")
			c.in.Roster.Members[0].Email = ""
		}, "1", ""},
		{"by employee id, where a stale login stands beside the e-mail that Procore knows", func(c *company) {
			c.users("1=robert#007")
			c.in.Roster.Members[0].ProcoreLogin = "rob.old@x.com"
		}, "1", ""},
		{"a filler in the directory is no employee id", func(c *company) {
			c.users("1=bob#N/A")
			c.in.Roster.Members[0].EmployeeID = "N/A"
		}, "", "not_in_procore robert!"},
		{"by employee id, with spaces around it in the directory", func(c *company) { c.users("1=bob# 007\t") }, "1", "matched_by_number robert"},
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
		{"one record of Procore with two employee ids", func(c *company) { c.users("1=bob#006", "1=bob#007") }, "1", "matched_by_number robert"},
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
			got := Needed(company.in).Lists
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
	for needed := Needed(c.in).Lists; len(needed) > 0; needed = Needed(c.in).Lists {
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

// One comparison for all: HR's address, Procore's, SYNC_PROTECTED_LOGINS and SYNC_MANAGED_DOMAINS.
func TestAddressesAreOneOnlyWhereTheirLettersDifferInCase(t *testing.T) {
	for _, c := range []struct {
		hr, procore string
		one         bool
	}{
		{"Ann@X.com", "ann@x.COM", true},
		{"stra\u00dfe@x.com", "strasse@x.com", false},
		{"\u017fam@x.com", "sam@x.com", false},
		{"\u212aim@x.com", "kim@x.com", false},
		{"\ufb01nn@x.com", "finn@x.com", false},
		{"nikos\u03c2@x.com", "nikos\u03c3@x.com", false},
		{"\u0130rem@x.com", "irem@x.com", false},
		{"\u0130rem@x.com", "\u0130rem@x.com", true},
		{"jose\u0301@x.com", "jos\u00e9@x.com", true},
		{"JOS\u00c9@x.com", "jose\u0301@x.com", true},
		{"kim@\u212aim.com", "kim@kim.com", false},
	} {
		t.Run(c.hr, func(t *testing.T) {
			wanted := newCompany(t).project("501", "1").users("1="+c.procore).hr(c.hr+",Legal").preset("501", "7001", "g1:").plan()
			want(t, "found", len(wanted.Changes) == 1, c.one)
			protected := newCompany(t).project("501", "1").users("1="+c.procore, "2=bob").hr("bob,Legal").
				policy(func(p *sync.Policy) { p.Protected = []string{c.hr} }).preset("501", "7001", "g1: 1="+c.procore+" 2=bob").plan()
			want(t, "protected", len(protected.Changes) == 0, c.one)
			_, domain, _ := strings.Cut(c.hr, "@")
			outside := newCompany(t).project("501", "1").users("1="+c.procore, "2=bob").hr("bob,Legal").
				policy(func(p *sync.Policy) { p.ManagedDomains = []string{domain} }).preset("501", "7001", "g1: 1="+c.procore+" 2=bob").plan()
			_, theirs, _ := strings.Cut(strings.ToLower(c.procore), "@")
			want(t, "managed", len(outside.Changes) == 1, strings.ToLower(domain) == theirs && domain != "\u212aim.com")
		})
	}
}

func TestWhoeverIsFoundByNumberAloneIsToldWithBothNamesAndAddresses(t *testing.T) {
	c := newCompany(t).project("501", "1").users("1=paul.kim#00540", "2=ann").hr("nina.newly,Legal,,,,00540", "ann,Finance").
		rules("*,Legal,Legal,*", "*,Finance,Finance,*").preset("501", "7001", "g1:", "g2: 2=ann")
	c.in.Roster.Members[0].Name, c.in.Snapshot.Users[0].Name = "Nina Newly", "Paul Kim"
	p := c.plan()
	wantExceptions(t, p, "matched_by_number nina.newly")
	want(t, "detail", p.Exceptions[0].Detail, "HR's Nina Newly <nina.newly@x.com> is taken for Procore's Paul Kim <paul.kim@x.com> by employee id "+
		"00540 alone, since Procore does not know the address")
	want(t, "name", p.Changes[0].PersonName, "Paul Kim")
	want(t, "reason", p.Changes[0].Reason.String(), `member of team "Legal" (rule map.csv:2); HR calls them "Nina Newly"`)

	c.in.Roster.Members[0].Name = "Kim, Paul" // the same words
	p = c.plan()
	want(t, "reason", p.Changes[0].Reason.String(), `member of team "Legal" (rule map.csv:2)`)
}

func TestWhoIsRemovedByANumberAloneIsToldToo(t *testing.T) {
	c := newCompany(t).project("501", "1").users("1=paul#00540", "2=ann").hr("nina,Other,,,terminated,00540", "ann,Legal").
		preset("501", "7001", "g1: 1=paul 2=ann")
	p := c.plan()
	wantChanges(t, p, "remove paul planned")
	want(t, "reason", p.Changes[0].Reason.String(), `left: terminated; HR calls them "nina"`)
	wantExceptions(t, p, "matched_by_number nina", "team_unused Other")
}

func TestCandidatesOfAnAmbiguousMatchCanBeToldApart(t *testing.T) {
	c := newCompany(t).project("501", "1").users("1=robert", "2=robert").hr("robert,Legal").preset("501", "7001", "g1:")
	mentions(t, c.plan().Exceptions[0].Detail, "ROBERT <robert@x.com> (login 1), ROBERT <robert@x.com> (login 2)")
}
