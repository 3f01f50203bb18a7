package sandbox

import (
	"fmt"

	"procore-assignee-sync/procore"
)

// position is a job in HR's words and the group that it fills in Procore.
type position struct {
	group      string
	team, role string // role "*": whoever is on the team
	title      string
	onProjects bool // HR has it by project; otherwise for all projects
}

// positions are the jobs that approve things in a construction company.
var positions = []position{
	{"Project Manager", "Project Management", "Project Manager", "Project Manager", true},
	{"Legal", "Legal", "*", "Counsel", false},
	{"Finance Approver", "Finance", "Controller", "Controller", false},
	{"Superintendent", "Site Supervision", "Superintendent", "Superintendent", true},
	{"Project Executive", "Project Management", "Project Executive", "Project Executive", true},
	{"Commercial Review", "Commercial", "*", "Commercial Manager", false},
	{"Project Accountant", "Accounting", "Project Accountant", "Project Accountant", true},
	{"Safety Review", "Health and Safety", "*", "Safety Manager", false},
	{"Procurement", "Procurement", "Buyer", "Buyer", false},
	{"Cost Engineer", "Cost Control", "Cost Engineer", "Cost Engineer", true},
	{"Risk and Insurance", "Risk and Insurance", "*", "Risk Manager", false},
	{"Document Control", "Document Control", "*", "Document Controller", true},
}

// nth gives a position like this one in the n-th copy of its team.
func (p position) nth(n int) position {
	if n > 0 {
		p.group = fmt.Sprintf("%s %d", p.group, n+1)
		p.team = fmt.Sprintf("%s %d", p.team, n+1)
	}
	return p
}

// hrRole is the role that HR writes in a row for the position.
func (p position) hrRole() string {
	if p.role == "*" {
		return p.title
	}
	return p.role
}

// templateKind is a sort of workflow and its tool.
type templateKind struct {
	name, toolName string
	tool           procore.ToolRef
}

var templateKinds = []templateKind{
	{"Subcontract approval", "Commitments: Subcontracts", procore.ToolRef{Type: "work_order_contract"}},
	{"Change order approval", "Change Orders", procore.ToolRef{Type: "change_order_package"}},
	{"Invoice approval", "Subcontractor Invoices", procore.ToolRef{Type: "payment_application"}},
	{"Purchase order approval", "Commitments: Purchase Orders", procore.ToolRef{Type: "purchase_order_contract"}},
	{"Prime contract approval", "Prime Contracts", procore.ToolRef{Type: "prime_contract"}},
}

// The two kinds that are special: one with a subtype, one for the whole company.
var (
	siteInstructions = templateKind{
		"Site instruction sign-off", "Correspondence: Site Instructions",
		procore.ToolRef{Type: toolCorrespondence, Subtype: "-12"},
	}
	vendorOnboarding = templateKind{"Vendor onboarding", "Prequalification", procore.ToolRef{Type: "prequalification"}}
)

// templateNamed gives the i-th kind of template, told from others on the same tool.
func templateNamed(i int) templateKind {
	kind := templateKinds[i%len(templateKinds)]
	if n := i / len(templateKinds); n > 0 {
		kind.name = fmt.Sprintf("%s, level %d", kind.name, n+1)
	}
	return kind
}

// projectName gives the i-th project a name.
func projectName(i int) string {
	name := places[i%len(places)] + " " + buildings[i/len(places)%len(buildings)]
	if n := i / (len(places) * len(buildings)); n > 0 {
		name = fmt.Sprintf("%s, phase %d", name, n+1)
	}
	return name
}

// projectNumber gives the i-th project a number such as 24-017.
func projectNumber(i int) string {
	return fmt.Sprintf("%d-%03d", 21+i/997%79, 3+i%997)
}

var places = []string{
	"Alder Creek", "Bayview", "Cedar Street", "Dunmore", "Elm Grove", "Foundry Lane", "Granite Hill", "Harbor Point",
	"Ironbridge", "Juniper Park", "Kingsway", "Lakeside", "Mill Road", "Northgate", "Orchard Row", "Pier Nine",
	"Quarry Road", "Riverside", "Stonefield", "Tidewater", "Union Yard", "Valley Cross", "Westbrook", "Yarrow Meadow",
}

var buildings = []string{
	"Medical Center", "Parking Structure", "Middle School", "Bridge", "Data Center", "Station", "Apartments", "Library",
	"Water Works", "Courthouse", "Laboratory", "Logistics Hub",
}

var firstNames = []string{
	"Aaron", "Adaeze", "Alice", "Amir", "Ana", "Andre", "Anja", "Beatriz", "Ben", "Brigid", "Carla", "Chidi", "Clara",
	"Daniel", "Deepa", "Diego", "Elena", "Emeka", "Erik", "Esther", "Fatima", "Felix", "Grace", "Hana", "Hugo", "Imani",
	"Ingrid", "Isaac", "Jae", "Jonas", "Julia", "Kavita", "Keiko", "Lars", "Leila", "Luis", "Maeve", "Marco", "Mei",
	"Nadia", "Noah", "Olga", "Omar", "Paul", "Petra", "Quinn", "Rafael", "Rosa", "Samir", "Sofia", "Tariq", "Tessa",
	"Ulrich", "Vera", "Victor", "Wanda", "Xavier", "Yusuf", "Zoe",
}

var lastNames = []string{
	"Abbott", "Acheson", "Adeyemi", "Bauer", "Becker", "Bianchi", "Boyle", "Castillo", "Chen", "Costa", "Dalton", "Diaz",
	"Dubois", "Eze", "Falk", "Farrell", "Fischer", "Garcia", "Gupta", "Haddad", "Hansen", "Hayes", "Ibarra", "Iwata",
	"Jansen", "Kaur", "Kelly", "Khan", "Kim", "Kovacs", "Larsen", "Lopez", "Marsh", "Mehta", "Moreau", "Nakamura",
	"Novak", "Obi", "Okafor", "Olsen", "Park", "Patel", "Quist", "Ramos", "Reyes", "Rossi", "Sato", "Schmidt", "Silva",
	"Svensson", "Tanaka", "Thomsen", "Usman", "Varga", "Vega", "Walsh", "Weber", "Wolfe", "Yilmaz", "Zhang", "Zimmer",
}

// crewTrades are what people in the field do; no group asks for them.
var crewTrades = []string{"Carpenter", "Electrician", "Foreman", "Ironworker", "Laborer", "Operator", "Pipefitter"}
