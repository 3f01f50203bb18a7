package planner

import (
	"strings"
	"testing"

	"procore-assignee-sync/hrsource"
	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
)

// steady has nothing to do and nothing to tell.
func steady(t *testing.T) *company {
	return newCompany(t).project("501", "24-001").users("1=ann").hr("ann,Legal").preset("501", "7001", "g1: 1=ann", "g9:")
}

func TestWhatIsToldAndWhatMakesARunIncomplete(t *testing.T) {
	lost := []sync.ManagedGroup{{TemplateName: "Approval", GroupName: "Legal"}, {TemplateName: "Approval", GroupName: "Old group"}}
	for _, c := range []struct {
		name   string
		change func(*company)
		want   []string
	}{
		{"nothing", func(*company) {}, nil},
		{
			"a rule for a group that no version has", func(c *company) { c.rules("*,Legal,Legal,*", "Approval,Leagl,Legal,*") },
			[]string{"rule_unused Approval / Leagl / Legal / *!"},
		},
		{
			"a rule for a template that does not exist", func(c *company) { c.rules("*,Legal,Legal,*", "Aproval,Legal,Legal,*") },
			[]string{"rule_unused Aproval / Legal / Legal / *!"},
		},
		{"a rule for a template that is not synced", func(c *company) {
			c.rules("*,Legal,Legal,*", "Old,Legal,Legal,*")
			c.in.Snapshot.Skipped = []sync.SkippedTemplate{{ID: "12", Name: "Old", Why: "it is archived"}}
		}, []string{"rule_unused Old / Legal / Legal / *!", "template_skipped Old"}},
		{"a rule for a template of which no version was read", func(c *company) {
			c.rules("*,Legal,Legal,*", "Change,Legal,Legal,*").template("11", "Change", "110", legal)
			delete(c.in.Snapshot.Versions, "110")
		}, nil},
		{"a rule for a template without a preset", func(c *company) {
			c.rules("*,Legal,Legal,*", "Change,Finance,Legal,*").template("11", "Change", "110", finance)
		}, nil},
		{"a filtered run does not judge rules of templates outside the filter", func(c *company) {
			c.rules("*,Legal,Legal,*", "Change,Legal,Legal,*", "*,Elsewhere,Legal,*").in.Snapshot.Filtered = true
		}, nil},
		{"but rules of those inside", func(c *company) {
			c.rules("*,Legal,Legal,*", "Approval,Leagl,Legal,*").in.Snapshot.Filtered = true
		}, []string{"rule_unused Approval / Leagl / Legal / *!"}},
		{"a filter that matches nothing", func(c *company) {
			c.in.Snapshot.FilterUnused = []sync.UnusedFilter{{Setting: "SYNC_PROJECTS", Entry: "24-01", Near: []string{"24-001"}}}
		}, []string{"filter_unused 24-01!"}},
		{"a team that no rule uses", func(c *company) { c.hr("ann,Leagl") }, []string{"team_unused Leagl"}},
		{"a group lost with the same map", func(c *company) {
			c.last(&sync.PassedRun{RoleMap: sync.RoleMapFacts{Fingerprint: "m1"}, Managed: lost})
		}, []string{"group_lost Approval / Old group!"}},
		{"a group lost in a run that had no time to read all", func(c *company) {
			c.last(&sync.PassedRun{RoleMap: sync.RoleMapFacts{Fingerprint: "m1"}, Managed: lost})
			c.in.Snapshot.Unreached = []procore.PresetRef{{Project: "501", Preset: "7009"}}
		}, []string{"not_attempted reading presets!"}},
		{"the same group, written otherwise", func(c *company) {
			c.last(&sync.PassedRun{RoleMap: sync.RoleMapFacts{Fingerprint: "m1"}, Managed: []sync.ManagedGroup{{TemplateName: " APPROVAL", GroupName: "legal."}}})
		}, nil},
		{"a group lost with another map", func(c *company) {
			c.last(&sync.PassedRun{RoleMap: sync.RoleMapFacts{Fingerprint: "m0"}, Managed: lost})
		}, nil},
		{"a group lost in a filtered run", func(c *company) {
			c.last(&sync.PassedRun{RoleMap: sync.RoleMapFacts{Fingerprint: "m1"}, Managed: lost}).in.Snapshot.Filtered = true
		}, nil},
		{"invisible projects on a first run", func(c *company) { c.invisible(3) }, []string{"invisible_projects Approval"}},
		{"as many invisible projects as before", func(c *company) {
			c.invisible(3).last(&sync.PassedRun{Invisible: []sync.InvisibleProjects{{TemplateID: "10", TemplateName: "Approval", Assigned: 9, Found: 6}}})
		}, []string{"invisible_projects Approval"}},
		{"more invisible projects than before", func(c *company) {
			c.invisible(3).last(&sync.PassedRun{Invisible: []sync.InvisibleProjects{{TemplateID: "10", TemplateName: "Approval", Assigned: 9, Found: 7}}})
		}, []string{"invisible_projects Approval!"}},
		{"the first invisible projects", func(c *company) { c.invisible(1).last(&sync.PassedRun{}) }, []string{"invisible_projects Approval!"}},
		{
			"more of them in a filtered run", func(c *company) { c.invisible(3).last(&sync.PassedRun{}).in.Snapshot.Filtered = true },
			[]string{"invisible_projects Approval"},
		},
		{
			"an invalid preset", func(c *company) { c.in.Snapshot.Presets[0].Preset.Valid = false },
			[]string{"preset_invalid preset 7001 of project 24-001 Project 501"},
		},
		{"a tolerated row", func(c *company) { c.rejected(hrsource.RejectedRow{EmployeeID: "009", Team: "Legal"}) }, []string{"row_rejected 009!"}},
		{"two of one person", func(c *company) {
			c.rejected(hrsource.RejectedRow{EmployeeID: "009"}).rejected(hrsource.RejectedRow{EmployeeID: "009"})
		}, []string{"row_rejected 009!", "row_rejected 009!"}},
		{
			"a last line without a newline", func(c *company) { c.in.Roster.UnterminatedLastRow = &hrsource.Position{Source: "hr.csv", Line: 7} },
			[]string{"unterminated_last_row hr.csv:7"},
		},
		{"a project that could not be read", func(c *company) {
			c.in.Snapshot.Unreadable = []sync.Unreadable{{Subject: "project 502", Detail: "403", Project: "502"}}
		}, []string{"unreadable project 502!"}},
		{
			"one unknown project for two people", func(c *company) { c.hr("ann,Legal,,x", "bob,Legal,,x", "ann,Legal,,24-001") },
			[]string{"project_unknown x!"},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			company := steady(t)
			c.change(company)
			p := company.plan()
			want(t, "exceptions", join(exceptionsOf(p)), join(c.want))
			wantChanges(t, p)
			for _, e := range p.Exceptions {
				if e.Detail == "" {
					t.Errorf("%s says nothing", e.Kind)
				}
			}
		})
	}
}

func TestWhatAnIncompleteReadingDidNotSeeIsCarriedOver(t *testing.T) {
	names := func(groups []sync.ManagedGroup) string {
		var list []string
		for _, g := range groups {
			list = append(list, g.TemplateName+"/"+g.GroupName)
		}
		return join(list)
	}
	last := func(fingerprint string) *sync.PassedRun {
		return &sync.PassedRun{
			RoleMap: sync.RoleMapFacts{Fingerprint: fingerprint},
			Managed: []sync.ManagedGroup{
				{TemplateName: "Approval", GroupName: "Legal"}, {TemplateName: "Change", GroupName: "Legal"}, {TemplateName: "Change", GroupName: "Other"},
			},
			Invisible: []sync.InvisibleProjects{
				{TemplateID: "10", TemplateName: "Approval", Assigned: 9, Found: 6}, {TemplateID: "11", TemplateName: "Change", Assigned: 5, Found: 3},
			},
		}
	}
	for _, c := range []struct {
		name               string
		fingerprint        string
		change             func(*company)
		managed, invisible string
	}{
		{"all was read", "m1", func(*company) {}, "Approval/Legal", ""},
		{"there was no time for all", "m1", func(c *company) {
			c.in.Snapshot.Unlisted = []procore.AssigneeScope{{Project: "502", Tool: commitments}}
		}, "Approval/Legal,Change/Legal,Change/Other", "10:3,11:2"},
		{"something could not be read", "m1", func(c *company) {
			c.invisible(4).in.Snapshot.Unreadable = []sync.Unreadable{{Subject: "x", Detail: "403", Project: "502"}}
		}, "Approval/Legal,Change/Legal,Change/Other", "10:4,11:2"},
		{"fewer of them may only be unread", "m1", func(c *company) {
			c.invisible(1).in.Snapshot.Unreadable = []sync.Unreadable{{Subject: "x", Detail: "403", Project: "502"}}
		}, "Approval/Legal,Change/Legal,Change/Other", "10:3,11:2"},
		{"only a list of possible assignees could not be read", "m1", func(c *company) {
			c.in.Snapshot.Unreadable = []sync.Unreadable{{Subject: "x", Detail: "403", Possible: &procore.AssigneeScope{Project: "502"}}}
		}, "Approval/Legal", ""},
		{"with another map, those that it names", "m0", func(c *company) {
			c.in.Snapshot.Unreadable = []sync.Unreadable{{Subject: "x", Detail: "403", Project: "502"}}
		}, "Approval/Legal,Change/Legal", "10:3,11:2"},
	} {
		t.Run(c.name, func(t *testing.T) {
			company := steady(t).last(last(c.fingerprint))
			c.change(company)
			p := company.plan()
			want(t, "managed", names(p.Managed), c.managed)
			var invisible []string
			for _, i := range p.Invisible {
				invisible = append(invisible, string(i.TemplateID)+":"+itoa(i.Count()))
			}
			want(t, "invisible", join(invisible), c.invisible)
		})
	}
}

func TestARemovalByAnEditOfTheRoleMapIsNotCalledAMove(t *testing.T) {
	for _, c := range []struct {
		name, fingerprint string
		rules             []string
		hr                []string
		reason            string
	}{
		{"the map is the same", "m1", []string{"*,Legal,Legal,*"}, []string{"bob,Finance"}, `moved: now on team "Finance"`},
		{"the map changed", "m0", []string{"*,Legal,Legal,*"}, []string{"bob,Finance"}, `no rule puts team "Finance" there any more, and the role map changed since run R`},
		{"its role changed", "m0", []string{"*,Legal,Legal,lead"}, []string{"ann,Legal,lead", "bob,Legal,clerk"}, `no rule puts team "Legal" as "clerk" there any more, and the role map changed since run R`},
		{"HR moved them to another project", "m0", []string{"*,Legal,Legal,*"}, []string{"bob,Legal,,502"}, `moved: now on team "Legal" in project 502`},
		{"HR ended them", "m0", []string{"*,Legal,Legal,*"}, []string{"bob,Legal,,,terminated"}, "left: terminated"},
		{"HR does not know them", "m0", []string{"*,Legal,Legal,*"}, nil, "not in HR data"},
	} {
		t.Run(c.name, func(t *testing.T) {
			last := &sync.PassedRun{RoleMap: sync.RoleMapFacts{Fingerprint: c.fingerprint}}
			last.ID = "R"
			p := newCompany(t).rules(c.rules...).project("501", "1").project("502", "2").users("1=ann", "2=bob").hr("ann,Legal,,501").hr(c.hr...).
				preset("501", "7001", "g1: 1=ann 2=bob").last(last).plan()
			for _, change := range p.Changes {
				if change.LoginID == "2" {
					want(t, "reason", change.Reason.String(), c.reason)
					return
				}
			}
			t.Errorf("bob is not removed: %q", changesOf(p))
		})
	}
}

func (c *company) invisible(n int) *company {
	c.in.Snapshot.Invisible = []sync.InvisibleProjects{{TemplateID: "10", TemplateName: "Approval", Assigned: n + 1, Found: 1}}
	return c
}

func TestNearNamesAreOffered(t *testing.T) {
	c := steady(t).rules("*,Legal,Legal,*", "Aproval,Legal,Legal,*", "Approval,Leagl,Legal,*", "*,Finance,Legla,*").hr("ann,Finanec", "ann,Legal,,24-01")
	c.in.Snapshot.Presets[0].Preset.Memberships = append(c.in.Snapshot.Presets[0].Preset.Memberships, procore.Membership{Group: "g2"})
	details := map[sync.Kind]string{}
	for _, e := range c.plan().Exceptions {
		details[e.Kind] += e.Detail + "\n"
	}
	mentions(t, details[sync.RuleUnused], `did you mean "Approval"?`, `did you mean "Legal"?`)
	mentions(t, details[sync.HeldTeamMissing], `did you mean "Legal"?`)
	mentions(t, details[sync.ProjectUnknown], `did you mean "24-001"?`)
	mentions(t, details[sync.TeamUnused], "no rule of the role map uses this team")
}

func TestATeamWhoseRowsWereRejectedIsNotCalledMissing(t *testing.T) {
	for _, c := range []struct {
		rule, says string
		hr         []string
	}{
		{"*,Legal,Legal,*", `every HR row of team "Legal" was rejected: the group loses nobody (2 rows, first hr.csv:3)`, []string{"ann,Finance"}},
		{"*,Legal,Legal,lead", `no HR row has team "Legal" in role "lead", but rows of the team were rejected: the group loses nobody (2 rows, first hr.csv:3)`, []string{"ann,Legal,clerk"}},
	} {
		company := newCompany(t).project("501", "24-001").users("1=ann").rules(c.rule).hr(c.hr...).preset("501", "7001", "g1: 1=ann").
			rejected(hrsource.RejectedRow{EmployeeID: "7", Team: "legal"}).rejected(hrsource.RejectedRow{EmployeeID: "8", Team: "Legal"})
		details := map[sync.Kind]string{}
		for _, e := range company.plan().Exceptions {
			details[e.Kind] = e.Detail
		}
		want(t, "detail", details[sync.HeldTeamMissing], c.says)
	}
}

func TestAProjectsNameIsSaidNotToBeLookedUp(t *testing.T) {
	for _, c := range []struct{ text, says string }{
		{"project 501", "projects are not looked up by name: write 24-001;"},
		{"Project 502", "projects are not looked up by name: write 502;"},
		{"Twin", "projects are not looked up by name, and several have this one: write the project's number or id;"},
		{"502", "it is one active project's id and another's number: write id:502 or number:502;"},
		{"24-01", `no active project has this id or number; did you mean "24-001"?;`},
	} {
		company := newCompany(t).project("501", "24-001").project("502", "").project("503", "24-003").project("504", "24-004").users("1=ann").
			hr("ann,Legal,,"+c.text).preset("501", "7001", "g1: 1=ann")
		company.project("505", "502")
		company.in.Snapshot.Projects[2].Name, company.in.Snapshot.Projects[3].Name = "Twin", "twin"
		e := company.plan().Exceptions[0]
		want(t, "kind", e.Kind, sync.ProjectUnknown)
		mentions(t, e.Detail, c.says)
	}
}

func TestWhereHRHasTheTeamARuleIsOfferedARoleOfIt(t *testing.T) {
	for _, c := range []struct {
		rule, says string
		hr         []string
	}{
		{"*,Legal,Legal,Counsle", `the group loses nobody; did you mean "Counsel"?`, []string{"ann,Legal,Counsel"}},
		{
			"*,Legal,Legal,Manager", `the group loses nobody; HR has the team in role "Clerk" or "Counsel"`,
			[]string{"ann,Legal,Counsel", "bob,Legal,Counsel", "cid,Legal,Clerk", "dan,Finance,Manager"},
		},
		{"*,Legal,Legal,Counsel", "the group loses nobody", []string{"ann,Legal"}},
		{"*,Legal,Leagl,Counsel", `the group loses nobody; did you mean "Legal"?`, []string{"ann,Legal,Counsel"}},
	} {
		t.Run(c.rule, func(t *testing.T) {
			p := newCompany(t).project("501", "24-001").users("1=ann").rules(c.rule).hr(c.hr...).preset("501", "7001", "g1: 1=ann").plan()
			for _, e := range p.Exceptions {
				if e.Kind == sync.HeldTeamMissing && strings.HasSuffix(e.Detail, c.says) {
					return
				}
			}
			t.Errorf("none ends with %q: %+v", c.says, p.Exceptions)
		})
	}
}

func TestATeamThatNoGroupIsNamedAfterIsToldAsThat(t *testing.T) {
	c := steady(t).hr("ann,Leagl")
	c.in.RoleMap = NamesRoleMap()
	for _, e := range c.plan().Exceptions {
		if e.Kind == sync.TeamUnused {
			want(t, "detail", e.Detail, `no group has this team's name; did you mean "Legal"?`)
			return
		}
	}
	t.Error("it is not told")
}

func TestAPresetThatIsNotWhatItShouldBeIsLeftAsItIs(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*sync.Snapshot)
		says   string
	}{
		{"a group twice", func(s *sync.Snapshot) {
			s.Presets[0].Preset.Memberships = append(s.Presets[0].Preset.Memberships, procore.Membership{Group: "g9"})
		}, `group "g9" twice`},
		{"a group without a uuid", func(s *sync.Snapshot) { s.Presets[0].Preset.Memberships[0].Group = "" }, "without a uuid"},
		{"somebody without an id", func(s *sync.Snapshot) {
			s.Presets[0].Preset.Memberships[1].Assignees = []procore.Login{{Login: "x@x.com"}}
		}, "no id"},
		{"its version was not read", func(s *sync.Snapshot) { s.Presets[0].Preset.Template.Published = "999" }, "version 999"},
		{"its version has a group twice", func(s *sync.Snapshot) {
			s.Versions["100"] = procore.TemplateVersion{ID: "100", Groups: []procore.ResponsibleGroup{legal, legal}}
		}, "version 100 of its template has group g1 twice"},
		{"it was read twice", func(s *sync.Snapshot) { s.Presets = append(s.Presets, s.Presets[0]) }, "read twice"},
	} {
		t.Run(c.name, func(t *testing.T) {
			company := steady(t).hr("bob,Legal").users("2=bob").project("502", "2").preset("502", "7002", "g1: 1=ann")
			c.change(company.in.Snapshot)
			p := company.plan()
			found := false
			for _, e := range p.Exceptions {
				if e.Kind == sync.UnreadableKind && e.Incomplete {
					mentions(t, e.Detail, c.says)
					found = true
				}
			}
			if !found {
				t.Errorf("nothing is told: %q", exceptionsOf(p))
			}
			for _, change := range p.Changes {
				want(t, "preset that changes", change.Preset, "7002")
			}
		})
	}
}

func TestWhatTheSnapshotNamesAsUnreadableIsLeftOut(t *testing.T) {
	for _, c := range []struct {
		name string
		u    sync.Unreadable
		left string // presets that are planned
	}{
		{"one preset", sync.Unreadable{Project: "501", Preset: "7001"}, "7002,7003,7004"},
		{"a project", sync.Unreadable{Project: "501"}, "7003,7004"},
		{"a template", sync.Unreadable{TemplateID: "10"}, "7002,7004"},
		{"a template in a project", sync.Unreadable{TemplateID: "10", Project: "501"}, "7002,7003,7004"},
		{"something of the company", sync.Unreadable{}, "7001,7002,7003,7004"},
	} {
		t.Run(c.name, func(t *testing.T) {
			company := newCompany(t).template("11", "Change", "110", legal).project("501", "1").project("502", "2").users("1=ann").hr("ann,Legal").
				preset("501", "7001", "g1:").presetOf("11", "Change", "110", "501", "7002", "g1:").
				preset("502", "7003", "g1:").presetOf("11", "Change", "110", "502", "7004", "g1:")
			c.u.Subject, c.u.Detail = "x", "403"
			company.in.Snapshot.Unreadable = []sync.Unreadable{c.u}
			var left []string
			for _, p := range company.plan().Presets {
				left = append(left, string(p.Ref.Preset))
			}
			want(t, "planned", join(left), c.left)
		})
	}
}

func TestAGroupThatThePresetLacksComesWhenItGetsSomebody(t *testing.T) {
	c := newCompany(t).rules("*,Legal,Legal,*", "*,Finance,Finance,*").project("501", "1").users("1=ann").hr("ann,Legal", "bob,Finance,,,terminated").
		preset("501", "7001", "g9: 1=ann")
	p := c.plan()
	want(t, "groups sent", len(p.Presets[0].Write), 2)
	want(t, "the last", p.Presets[0].Write[1].UUID, "g1")
	want(t, "absent", groupOf(t, p, "7001", "g1").Absent, true)
}

func TestMembersAreCountedAsDistinctPeople(t *testing.T) {
	c := newCompany(t).hr("ann,Legal,,,,001", "ann,Finance", ",Legal,,501,,001", "bob,Legal,,,terminated", "cy,Legal,,,prehire", "dan,Legal", "eve,Legal")
	c.in.Roster.Members[6].ProcoreLogin = "dan@x.com"
	c.project("501", "1").preset("501", "7001", "g1:")
	want(t, "members", c.plan().Roster.Members, 2)
	want(t, "people", CountPeople(c.in.Roster.Members, today), Headcount{
		People: 4, Today: 2, Teams: map[string]int{"Legal": 4, "Finance": 1},
	})
}

func TestRowsThatShareAnIdentifierAreOnePerson(t *testing.T) {
	for _, rows := range [][]string{
		{"zz.one,Legal,,,,7001", "zz.one,Site Team"},
		{"zz.one,Site Team", "zz.one,Legal,,,,7001"},
		{"zz.one,Legal", ",Legal,,,,7001", "zz.one,Legal,,,,7001"},
	} {
		c := newCompany(t).hr(rows...).project("501", "1").preset("501", "7001", "g1:")
		want(t, "members today", c.plan().Roster.Members, 1)
		want(t, "people", CountPeople(c.in.Roster.Members, today).People, 1)
	}
}

func TestAcceptedExceptionsStayListedUntilTheirDay(t *testing.T) {
	for until, isAccepted := range map[string]bool{"2026-11-24": true, "2026-11-23": false, "2027-01-01": true} {
		c := steady(t).hr("who,Legal")
		accepted, err := sync.ReadAcceptances("accepted.csv", strings.NewReader("kind,subject,until,why\nnot_in_procore,WHO@x.com,"+until+",a contractor\n"))
		if err != nil {
			t.Fatal(err)
		}
		c.in.Accepted = accepted
		p := c.plan()
		wantExceptions(t, p, "not_in_procore who!")
		want(t, "accepted until "+until, p.Exceptions[0].Accepted, isAccepted)
	}
}
