package sandbox

import (
	"slices"
	"strings"
	"time"

	"procore-assignee-sync/procore"
)

// The small company of most tests.
const (
	company   = "/rest/v2.0/companies/42/workflows/"
	tower     = "/rest/v2.0/companies/42/projects/100/workflows/"
	towerAt   = tower + "presets/9007199254740993"
	groupMade = "11111111-1111-4111-8111-111111111111"
	groupPM   = "22222222-2222-4222-8222-222222222222"
	groupLaw  = "33333333-3333-4333-8333-333333333333"
	groupOld  = "44444444-4444-4444-8444-444444444444"
	groupNew  = "55555555-5555-4555-8555-555555555555"
	stepTwo   = "77777777-7777-4777-8777-777777777777"
	stepOne   = "66666666-6666-4666-8666-666666666666"
)

var (
	subcontracts = procore.ToolRef{Type: "work_order_contract"}
	letters      = procore.ToolRef{Type: "correspondence", Subtype: "-7"}
	vendors      = procore.ToolRef{Type: "prequalification"}
	towerRef     = procore.PresetRef{Project: "100", Preset: "9007199254740993"}
)

// smallCompany has one of everything.
func smallCompany() *Company {
	groups := []procore.ResponsibleGroup{
		{UUID: groupMade, Name: "Item Creator", Type: "ITEM_CREATOR"},
		{UUID: groupPM, Name: "Project Manager", Type: "responsible_role"},
		{UUID: groupLaw, Name: "Legal", Type: "responsible_role"},
		{UUID: groupNew, Name: "Finance", Type: "responsible_role"},
	}
	user := func(id procore.LoginID, name string, active bool) User {
		login := strings.ToLower(name) + "@example.com"
		return User{ID: id, Login: login, Email: login, EmployeeID: "0" + string(id), FirstName: name, LastName: "Doe", Active: active}
	}
	silent := user("5", "Silent", true)
	silent.Login = ""
	c := &Company{
		ID: "42", Me: "3", Name: "Example Builders",
		Users: []User{
			user("1", "Ann", true), user("9007199254740995", "Bob", true), user("3", "Cid", true), user("4", "Gone", false), silent,
			user("6", "Elsewhere", true), user("7", "Locked", true),
		},
		Projects: []Project{
			{ID: "100", Number: "24-017", Name: "Tower", People: []procore.LoginID{"1", "9007199254740995", "3", "4", "5", "7"}},
			{ID: "101", Name: "Bridge"},
			{ID: "102", Name: "Secret", Visibility: Hidden},
			{ID: "103", Name: "Closed", Visibility: Denied},
			{ID: "104", Name: "Lost", Visibility: Gone},
			{ID: "105", Name: "Finished", Inactive: true},
			{ID: "106", Name: "Show", Demo: true},
			{ID: "107", Name: "Pattern", Template: true},
		},
		Tools: []Tool{
			{procore.Tool{ToolRef: subcontracts, Provider: procore.ProviderProject}, "Subcontracts"},
			{procore.Tool{ToolRef: letters, Provider: procore.ProviderProject}, "Letters"},
			{procore.Tool{ToolRef: vendors, Provider: procore.ProviderCompany}, "Vendors"},
		},
		Templates: []Template{
			{ID: "10", Name: "Subcontract approval", Tool: subcontracts, Published: "21", Versions: []procore.VersionID{"20", "21"}},
			{ID: "11", Name: "Vendor approval", Tool: vendors, Published: "21", Versions: []procore.VersionID{"21"}},
			{ID: "12", Name: "Letter", Tool: letters, Published: "21"},
			{ID: "13", Name: "Draft", Tool: subcontracts},
			{ID: "14", Name: "Old", Tool: subcontracts, Published: "20", Archived: true},
		},
		Versions: []Version{
			{TemplateVersion: procore.TemplateVersion{ID: "20", Groups: []procore.ResponsibleGroup{{UUID: groupOld, Name: "Old", Type: "responsible_role"}}}, Label: "1"},
			{
				TemplateVersion: procore.TemplateVersion{ID: "21", Groups: groups, Steps: []procore.VersionStep{
					{UUID: stepOne, Name: "Review", Groups: []procore.StepGroup{{UUID: groupPM, ResponsesRequired: "one"}}},
					{UUID: stepTwo, Name: "Sign", Groups: []procore.StepGroup{{UUID: groupLaw, ResponsesRequired: "all"}}},
				}}, Label: "2", Tool: subcontracts,
			},
		},
		Presets: []Preset{
			{PresetRef: procore.PresetRef{Preset: "70"}, Template: "11", Memberships: []procore.GroupWrite{{UUID: groupLaw, LoginIDs: []procore.LoginID{"1"}}}},
			{
				PresetRef: towerRef, Template: "10", Default: true, Manager: "3",
				Memberships: []procore.GroupWrite{
					{UUID: groupMade},
					{UUID: groupPM, LoginIDs: []procore.LoginID{"1", "9007199254740995"}},
					{UUID: groupLaw, LoginIDs: []procore.LoginID{"4", "5"}},
					{UUID: groupOld, LoginIDs: []procore.LoginID{"99"}},
				},
				Individual: []procore.IndividualAssignees{{Step: stepOne, Logins: []procore.StepLogin{{ID: "3", Required: true, RoleType: "responder"}}}},
			},
			{PresetRef: procore.PresetRef{Project: "100", Preset: "71"}, Template: "10", Invalid: true},
			{PresetRef: procore.PresetRef{Project: "100", Preset: "72"}, Template: "12", Memberships: []procore.GroupWrite{{UUID: groupPM, LoginIDs: []procore.LoginID{"1"}}}},
			{PresetRef: procore.PresetRef{Project: "102", Preset: "73"}, Template: "10"},
			{PresetRef: procore.PresetRef{Project: "103", Preset: "74"}, Template: "10"},
			{PresetRef: procore.PresetRef{Project: "104", Preset: "75"}, Template: "10"},
		},
		Denied: []Denial{{Project: "100", Tool: subcontracts, Login: "7"}},
	}
	c.Instances = smallInstances(c)
	return c
}

var runRef = procore.InstanceRef{Project: "100", Instance: "9007199254741501"}

const (
	runAt   = tower + "instances/9007199254741501"
	itsItem = "9007199254740777"
)

// smallInstances are three in the tower, of which one has ended, one of a letter, and one of the company.
func smallInstances(c *Company) []Instance {
	began := time.Date(2024, time.March, 4, 8, 0, 0, 0, time.UTC)
	start := func(id procore.InstanceID, preset procore.PresetID, tool procore.ToolRef, day int) Instance {
		at := slices.IndexFunc(c.Presets, func(p Preset) bool { return p.PresetRef.Preset == preset })
		in := begin(&c.Versions[1], c.Presets[at], id, "1", began.AddDate(0, 0, day))
		in.Tool, in.Item = tool, procore.ItemID("90"+string(id[len(id)-3:]))
		return in
	}
	run := start(runRef.Instance, towerRef.Preset, subcontracts, 2)
	run.Item = itsItem
	signing := start("9007199254741503", towerRef.Preset, subcontracts, 1)
	signing.moveOn(&c.Versions[1], began.AddDate(0, 0, 3))
	ended := start("9007199254741502", towerRef.Preset, subcontracts, 0)
	ended.moveOn(&c.Versions[1], began.AddDate(0, 0, 1))
	ended.moveOn(&c.Versions[1], began.AddDate(0, 0, 2))
	return []Instance{
		run, signing, ended, start("9007199254741504", "72", letters, 4), start("9007199254741500", "70", vendors, 5),
	}
}
