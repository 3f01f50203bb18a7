package planner

import (
	"testing"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
)

func TestAnEmptyRoleMapIsRefusedAndNeverAFallback(t *testing.T) {
	c := newCompany(t).project("501", "1").users("1=ann").hr("ann,Legal").preset("501", "7001", "g1:")
	c.in.RoleMap = NewRoleMap(nil, "map.csv", "m1")
	if p := c.plan(); len(p.Gates) == 0 || p.Gates[0].Gate != sync.GateNoManaged {
		t.Errorf("gates %v, want %s", p.Gates, sync.GateNoManaged)
	}
}

func TestWhichRulesFillWhichGroup(t *testing.T) {
	for _, c := range []struct {
		name  string
		rules []string
		hr    []string
		want  string // who is in Legal afterwards
	}{
		{"by template's name, however it is written", []string{"APPROVAL!,legal,LEGAL,*"}, []string{"ann,Legal"}, "1"},
		{"by template's id", []string{"10,Legal,Legal,*"}, []string{"ann,Legal"}, "1"},
		{"not by another template", []string{"*,Finance,Gone,*", "Change,Legal,Legal,*"}, []string{"ann,Legal"}, "unmanaged"},
		{"by role", []string{"*,Legal,Legal,lead"}, []string{"ann,Legal,Lead", "bob,Legal,clerk", "cy,Legal"}, "1"},
		{"a role of nothing but punctuation matches nobody", []string{"*,Legal,Legal,-"}, []string{"ann,Legal,-", "bob,Legal"}, ""},
		{"several rules add up", []string{"*,Legal,Legal,lead", "Approval,Legal,Finance,*"}, []string{"ann,Legal,Lead", "bob,Finance", "cy,Legal,clerk"}, "1 2"},
		{"one person by two rules comes once", []string{"*,Legal,Legal,*", "*,Legal,Finance,*"}, []string{"ann,Legal", "ann,Finance"}, "1"},
		{"a rule that names no team, or any, matches nobody", []string{"*,Legal,,*", "*,Legal,*,*"}, []string{"ann,Legal", "bob,*"}, ""},
		{"a rule that names no group, or any, fills none", []string{"*,,Legal,*", "*,*,Legal,*", "*,Legal,Finance,*"}, []string{"ann,Legal", "bob,Finance"}, "2"},
		{"a rule that names no template fills none", []string{",Legal,Legal,*", "*,Legal,Finance,*"}, []string{"ann,Legal", "bob,Finance"}, "2"},
		{"a team of nothing but punctuation matches nobody", []string{"*,Legal,--,*"}, []string{"ann,--"}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := newCompany(t).rules(c.rules...).project("501", "1").users("1=ann", "2=bob", "3=cy").hr(c.hr...).preset("501", "7001", "g1:", "g2:").plan()
			if c.want == "unmanaged" {
				for _, m := range p.Managed {
					want(t, "managed group", m.GroupName, "Finance")
				}
				return
			}
			wantAfter(t, p, "7001", "g1", c.want)
		})
	}
}

func TestANameMeansEveryTemplateSoNamed(t *testing.T) {
	p := newCompany(t).rules("approval,Legal,Legal,*").template("11", "Approval.", "110", legal).template("12", "Other", "120", legal).
		project("501", "1").users("1=ann").hr("ann,Legal").preset("501", "7001", "g1:").
		presetOf("11", "Approval.", "110", "501", "7002", "g1:").presetOf("12", "Other", "120", "501", "7003", "g1:").plan()
	want(t, "presets", len(p.Presets), 2)
	wantAfter(t, p, "7002", "g1", "1")
}

func TestWithNamesAGroupIsFilledByTheTeamOfItsName(t *testing.T) {
	c := newCompany(t).project("501", "1").users("1=ann", "2=bob", "3=cy").hr("ann, legal ", "bob,Creator", "cy,Finanzen").
		preset("501", "7001", "g1:", "g2: 1=ann", "g9: 3=cy")
	c.in.RoleMap = NamesRoleMap()
	p := c.plan()
	wantChanges(t, p, "add ann planned")
	want(t, "reason", p.Changes[0].Reason.String(), `member of team "legal" (rule names)`)
	wantExceptions(t, p, "team_unused Finanzen")
	want(t, "managed", len(p.Managed), 1)
}

func TestWithNamesAGroupThatTwoTeamsMatchIsNotManaged(t *testing.T) {
	for _, c := range []struct{ first, second, want string }{
		{"Legal", "LEGAL  ", ""},
		{"Legal", "Legal!", "duplicate_group_name Legal"},
	} {
		company := newCompany(t).project("501", "1").users("1=ann", "2=bob", "3=cy").hr("ann,x,,", "bob,x,,", "cy,Finance").
			preset("501", "7001", "g1:", "g2: 3=cy")
		company.in.Roster.Members[0].Team, company.in.Roster.Members[1].Team = c.first, c.second
		company.in.RoleMap = NamesRoleMap()
		p := company.plan()
		want(t, "exceptions", join(exceptionsOf(p)), c.want)
		want(t, "changes", len(p.Changes) == 0, c.want != "")
	}
}

func TestGroupsThatShareANameWithinOneVersionAreNotManaged(t *testing.T) {
	for _, second := range []procore.ResponsibleGroup{
		{UUID: "g3", Name: "LEGAL", Type: "responsible_role"},
		{UUID: "g3", Name: "legal.", Type: "ITEM_CREATOR"},
	} {
		c := newCompany(t).rules("*,Legal,Legal,*", "*,Finance,Finance,*").project("501", "1").users("1=ann").hr("ann,Legal", "ann,Finance").
			preset("501", "7001", "g1:", "g2: 1=ann")
		c.in.Snapshot.Versions["100"] = procore.TemplateVersion{ID: "100", Groups: []procore.ResponsibleGroup{legal, second, finance}}
		p := c.plan()
		wantChanges(t, p)
		for _, e := range p.Exceptions {
			want(t, "kind", e.Kind, sync.DuplicateGroupName)
			want(t, "incomplete", e.Incomplete, false)
		}
		want(t, "managed", len(p.Managed), 1)
	}
}

func TestARuleForAGroupThatProcoreFillsCountsAsUsed(t *testing.T) {
	p := newCompany(t).rules("*,Legal,Legal,*", "*,Creator,Legal,*").project("501", "1").hr("ann,Legal").users("1=ann").
		preset("501", "7001", "g9: 5=eve", "g1: 1=ann").plan()
	wantExceptions(t, p)
	wantChanges(t, p)
}

func TestOfAGroupOnlyTheTypeSaysWhetherPeopleFillIt(t *testing.T) {
	c := newCompany(t).project("501", "1").users("1=ann").hr("ann,Legal").preset("501", "7001", "g1:")
	for typ, managed := range map[string]bool{"responsible_role": true, "RESPONSIBLE_ROLE": true, " Responsible_Role ": true, "project_role": false, "": false, "new type": false} {
		c.in.Snapshot.Versions["100"] = procore.TemplateVersion{ID: "100", Groups: []procore.ResponsibleGroup{{UUID: "g1", Name: "Legal", Type: typ}}}
		want(t, "managed as "+typ, len(c.plan().Managed) == 1, managed)
	}
}
