package sandbox

import (
	"strings"

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
	return &Company{
		ID: "42", Name: "Example Builders", InstancesPerPreset: 3,
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
				TemplateVersion: procore.TemplateVersion{ID: "21", Groups: groups}, Label: "2", Tool: subcontracts,
				Steps: []Step{{UUID: stepOne, Name: "Review", Groups: []procore.GroupUUID{groupPM}}},
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
}
