package planner

import (
	"testing"

	"procore-assignee-sync/hrsource"
	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
)

// In every case Legal of preset 7001 (project 501) holds 1=ann, who is its member, and 2=bob, who is the question.
func TestWhoIsRemovedAndWhoIsKept(t *testing.T) {
	base := func(t *testing.T) *company {
		return newCompany(t).project("501", "24-001").users("1=ann#001").hr("ann,Legal,,,,001").
			preset("501", "7001", "g1: 1=ann 2=bob")
	}
	for _, c := range []struct {
		name       string
		change     func(*company)
		leaves     bool
		exceptions []string
	}{
		{"whoever the roster does not put there is removed", func(c *company) { c.users("2=bob") }, true, nil},
		{"terminated", func(c *company) { c.users("2=bob").hr("bob,Legal,,,terminated") }, true, nil},
		{"ended", func(c *company) { c.users("2=bob").hr("bob,Legal,,,,,,2026-11-23") }, true, nil},
		{"ends today: a member still", func(c *company) { c.users("2=bob").hr("bob,Legal,,,,,,2026-11-24") }, false, nil},
		{"on leave: a member still", func(c *company) { c.users("2=bob").hr("bob,Legal,,,leave") }, false, nil},
		{"prehire before the start", func(c *company) { c.users("2=bob").hr("bob,Legal,,,prehire,,2026-11-25") }, true, nil},
		{"prehire from the start", func(c *company) { c.users("2=bob").hr("bob,Legal,,,prehire,,2026-11-24") }, false, nil},
		{"prehire without a start", func(c *company) { c.users("2=bob").hr("bob,Legal,,,prehire") }, true, nil},
		{"a protected login, by glob and in any case", func(c *company) {
			c.users("2=bob").policy(func(p *sync.Policy) { p.Protected = []string{"BO?@*"} })
		}, false, []string{"protected bob"}},
		{"a protected login with a slash in it, which a glob takes for any other character", func(c *company) {
			c.users("2=site/bob").policy(func(p *sync.Policy) { p.Protected = []string{"*bob@x.com"} })
			c.in.Snapshot.Presets[0].Preset.Memberships[0].Assignees[1].Login = "site/bob@x.com"
		}, false, []string{"protected site/bob"}},
		{"a glob with a slash in it", func(c *company) {
			c.users("2=site/bob").policy(func(p *sync.Policy) { p.Protected = []string{"site/*"} })
			c.in.Snapshot.Presets[0].Preset.Memberships[0].Assignees[1].Login = "site/bob@x.com"
		}, false, []string{"protected site/bob"}},
		{"a login outside the managed domains", func(c *company) {
			c.users("2=bob@sub.x.com").policy(func(p *sync.Policy) { p.ManagedDomains = []string{"X.com"} })
			c.in.Snapshot.Presets[0].Preset.Memberships[0].Assignees[1].Login = "bob@sub.x.com"
		}, false, []string{"unmanaged_domain bob@sub.x.com"}},
		{"a login inside the managed domains", func(c *company) {
			c.users("2=bob").policy(func(p *sync.Policy) { p.ManagedDomains = []string{"X.com", "y.com"} })
		}, true, nil},
		{"anybody in additive mode", func(c *company) { c.users("2=bob").policy(func(p *sync.Policy) { p.Mode = sync.Additive }) }, false, nil},
		{"a member who is inactive", func(c *company) { c.inactiveUsers("2=bob").hr("bob,Legal") }, false, []string{"inactive bob"}},
		{"an inactive person who is no member", func(c *company) { c.inactiveUsers("2=bob") }, true, nil},
		{"whoever a rejected row identifies by e-mail", func(c *company) {
			c.users("2=bob").rejected(hrsource.RejectedRow{Email: "bob@x.com", Team: "Finance", Reason: "bad date"})
		}, false, []string{"row_rejected bob!"}},
		{"whoever a rejected row identifies by employee id", func(c *company) {
			c.users("2=bob#002").rejected(hrsource.RejectedRow{EmployeeID: "002", Team: "Finance", Reason: "bad date"})
		}, false, []string{"row_rejected 002!"}},
		{"every candidate of an ambiguous match, in whatever team", func(c *company) {
			c.users("2=bob", "3=cy#003").hr("bob,Finance,,,,003").rules("*,Legal,Legal,*", "*,Finance,Finance,*")
		}, false, []string{"ambiguous bob!"}},
		{"whoever's login Procore did not give", func(c *company) {
			c.in.Snapshot.Presets[0].Preset.Memberships[0].Assignees[1].Login = ""
		}, false, []string{"held_unresolved login 2"}},
		{
			"somebody unknown, while a member is not in Procore", func(c *company) { c.users("2=bob").hr("robert,Legal") }, false,
			[]string{"held_unresolved bob", "not_in_procore robert!"},
		},
		{"somebody unknown, while a member is ambiguous", func(c *company) {
			c.users("2=bob", "4=dora", "5=eve#005").hr("dora,Legal,,,,005")
		}, false, []string{"ambiguous dora!", "held_unresolved bob"}},
		{"somebody unknown, while a row of the team was rejected", func(c *company) {
			c.users("2=bob#002").rejected(hrsource.RejectedRow{EmployeeID: "777", Team: "legal", Reason: "bad date"})
		}, false, []string{"held_unresolved bob", "row_rejected 777!"}},
		{"somebody unknown, while a row without a team was rejected", func(c *company) {
			c.users("2=bob").rejected(hrsource.RejectedRow{Reason: "no team"})
		}, false, []string{"held_unresolved bob", "row_rejected hr.csv:3!"}},
		{"not while a row of another team was rejected", func(c *company) {
			c.users("2=bob").rejected(hrsource.RejectedRow{EmployeeID: "777", Team: "Safety", Reason: "bad date"})
		}, true, []string{"row_rejected 777!"}},
		{
			"not whom the directory has inactive", func(c *company) { c.inactiveUsers("2=bob").hr("robert,Legal") }, true,
			[]string{"not_in_procore robert!"},
		},
		{"not whose employee id differs from every such member's", func(c *company) {
			c.users("2=bob#002").hr("robert,Legal,,,,008", "rita,Legal,,,,009")
		}, true, []string{"not_in_procore rita!", "not_in_procore robert!"}},
		{"but where the directory has two employee ids for them: neither tells them apart", func(c *company) {
			c.users("2=bob#002", "2=bob#003").hr("robert,Legal,,,,008")
		}, false, []string{"held_unresolved bob", "not_in_procore robert!"}},
		{"but where one such member has no employee id", func(c *company) {
			c.users("2=bob#002").hr("robert,Legal,,,,008", "rita,Legal")
		}, false, []string{"held_unresolved bob", "not_in_procore rita!", "not_in_procore robert!"}},
		{"not while a member of another group is not in Procore", func(c *company) {
			c.users("2=bob").hr("robert,Finance").rules("*,Legal,Legal,*", "*,Finance,Finance,*")
		}, true, []string{"not_in_procore robert!"}},
		{"not while a member on another project is not in Procore", func(c *company) {
			c.project("502", "24-002").users("2=bob").hr("robert,Legal,,24-002", "ann,Legal,,24-001")
		}, true, nil},
		{"not who is known to have left, whoever else is missing", func(c *company) {
			c.users("2=bob").hr("robert,Legal", "bob,Legal,,,terminated")
		}, true, []string{"not_in_procore robert!"}},
		{"not who is known to be on another team", func(c *company) { c.users("2=bob").hr("robert,Legal", "bob,Finance") }, true, []string{"not_in_procore robert!"}},
		{
			"a member on a project that is unknown", func(c *company) { c.users("2=bob").hr("bob,Legal,,24-999", "ann,Legal,,24-001") }, false,
			[]string{"project_unknown 24-999!"},
		},
		{"a former member on a project that is unknown", func(c *company) {
			c.users("2=bob").hr("bob,Legal,,24-999,terminated", "ann,Legal,,24-001")
		}, true, nil},
		{"somebody unknown, while a member on an unknown project is not in Procore", func(c *company) {
			c.users("2=bob").hr("robert,Legal,,24-999", "ann,Legal,,24-001")
		}, false, []string{"held_unresolved bob", "project_unknown 24-999!"}},
		{"an employee id found where the e-mail differs makes one person", func(c *company) {
			c.users("2=bob#002").hr("robert,Legal,,,,002")
		}, false, []string{"matched_by_number robert"}},

		{"whoever bears the e-mail of a member whose login is stale", func(c *company) {
			c.users("2=bob").hr("bob,Legal")
			c.in.Roster.Members[1].ProcoreLogin = "bob.old@x.com"
		}, false, []string{"not_in_procore bob.old!"}},
		{"whoever bears the stale login of a member whose e-mail is another's", func(c *company) {
			c.users("2=bob", "3=rob#003").hr("rob,Legal,,,,003")
			c.in.Roster.Members[1].ProcoreLogin = "BOB@x.com"
		}, false, []string{"ambiguous BOB!"}},
		{"whoever bears the e-mail of a row of another team that leads to nobody", func(c *company) {
			c.users("2=bob").hr("bob,Safety")
			c.in.Roster.Members[1].ProcoreLogin = "bob.old@x.com"
		}, false, []string{"held_unresolved bob"}},
		{"whoever bears the e-mail of a leaver's row that leads to nobody", func(c *company) {
			c.users("2=bob").hr("bob,Legal,,,terminated")
			c.in.Roster.Members[1].ProcoreLogin = "bob.old@x.com"
		}, false, []string{"held_unresolved bob"}},
		{"whoever bears the e-mail of a member whose login is somebody inactive's", func(c *company) {
			c.users("2=bob").inactiveUsers("5=bob.old").hr("bob,Legal")
			c.in.Roster.Members[1].ProcoreLogin = "bob.old@x.com"
		}, false, []string{"inactive bob.old!"}},
		{"but not where the login leads to somebody", func(c *company) {
			c.users("2=bob", "3=rob").hr("bob,Legal").preset("501", "7009", "g1: 3=rob")
			c.in.Roster.Members[1].ProcoreLogin = "rob@x.com"
			c.in.Snapshot.Presets[0].Preset.Memberships[0].Assignees = append(c.in.Snapshot.Presets[0].Preset.Memberships[0].Assignees, procore.Login{ID: "3", Login: "rob@x.com"})
			c.in.Snapshot.Presets[1].Preset.Memberships[0].Assignees = append(c.in.Snapshot.Presets[1].Preset.Memberships[0].Assignees, procore.Login{ID: "1", Login: "ann@x.com"})
		}, true, nil},

		{"not whose employee id differs from that of every rejected row, where the id is not what is wrong", func(c *company) {
			c.users("2=bob#002").rejected(hrsource.RejectedRow{EmployeeID: "777", Column: "start_date", Team: "Legal"})
		}, true, []string{"row_rejected 777!"}},
		{"but where the id is what is wrong", func(c *company) {
			c.users("2=bob#002").rejected(hrsource.RejectedRow{EmployeeID: "7.77E+02", Column: "employee_id", Team: "Legal"})
		}, false, []string{"held_unresolved bob", "row_rejected 7.77E+02!"}},
		{"but where the rejected row's id is a filler", func(c *company) {
			c.users("2=bob#002").rejected(hrsource.RejectedRow{EmployeeID: "N/A", Column: "start_date", Team: "Legal"})
		}, false, []string{"held_unresolved bob", "row_rejected N/A!"}},
		{"but where the rejected row's id differs by zeros only", func(c *company) {
			c.users("2=bob#002").rejected(hrsource.RejectedRow{EmployeeID: "2", Column: "start_date", Team: "Legal"})
		}, false, []string{"held_unresolved bob", "row_rejected 2!"}},
		{"but where the directory's id differs by case, zeros and punctuation only", func(c *company) {
			c.users("2=bob#E-0438").hr("robert,Legal,,,,e438")
		}, false, []string{"held_unresolved bob", "not_in_procore robert!"}},
		{"but where the directory's id is a filler", func(c *company) {
			c.users("2=bob#TBD").hr("robert,Legal,,,,008")
		}, false, []string{"held_unresolved bob", "not_in_procore robert!"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			company := base(t)
			c.change(company)
			p := company.plan()
			leaves := len(p.Changes) == 1 && p.Changes[0].Action == sync.Remove && p.Changes[0].LoginID == "2" && p.Changes[0].Status == sync.Planned
			if leaves != c.leaves || len(p.Changes) > 1 || !leaves && len(p.Changes) > 0 {
				t.Errorf("changes %q, want bob removed: %v", changesOf(p), c.leaves)
			}
			got := dropKinds(exceptionsOf(p), "team_unused")
			if len(got) != len(c.exceptions) {
				t.Fatalf("exceptions %q, want %q", got, c.exceptions)
			}
			for i := range got {
				if got[i] != c.exceptions[i] {
					t.Errorf("exceptions %q, want %q", got, c.exceptions)
				}
			}
		})
	}
}
