package sandbox

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"

	"procore-assignee-sync/procore"
)

// Ids start here. Some are above 2^53, where a float would round them.
const (
	firstSmallID = 8_140_000
	firstLargeID = 1<<53 + 1
)

// builder makes up a company and its HR data, step by step.
type builder struct {
	seed      int64
	random    *rand.Rand
	company   *Company
	people    []personData
	templates []templateData
	denied    []denial
	hr        hrTable
	roleMap   hrTable

	projectAt       map[procore.ProjectID]int
	formerEstimator person   // has left, according to HR; still active in Procore
	outsiders       []person // owners' people and consultants, whom HR does not know
}

// personData is a person as both sides know them.
type personData struct {
	login       procore.LoginID
	first, last string
	email       string
	title       string
	employee    string
	status      string // in HR, if neither active nor terminated

	procoreLogin string // in Procore, if different from the e-mail
	left         bool   // according to HR
	deactivated  bool   // in Procore
	noAccount    bool   // not in Procore
}

// denial says that somebody lacks access to a tool of a project.
type denial struct {
	project int
	tool    procore.ToolRef
	who     person
}

// templateData is a template and the jobs that fill its groups.
type templateData struct {
	at      int // index in the company's templates
	posts   []int
	groups  []procore.GroupUUID // as the version lists them
	old     procore.GroupUUID   // a group of the previous version
	onSite  bool                // by project
	stepOne string
}

func newBuilder(seed int64, name string) *builder {
	return &builder{
		seed:      seed,
		random:    rand.New(rand.NewPCG(uint64(seed), 0x5a4d91e)),
		company:   &Company{ID: "8812", Name: name},
		projectAt: make(map[procore.ProjectID]int),
		hr:        newTable("employee_id", "email", "procore_login", "name", "team", "role", "project", "status", "start_date", "end_date"),
		roleMap:   newTable("template", "group", "team", "role"),
	}
}

// id returns the n-th id of a kind. Every seventh is a large one, and so is every preset's and instance's, which keeps
// them in the order in which they were made. The kinds are thousands of millions apart.
func id(kind, n int) string {
	if n%7 == 3 || kind == kindPreset || kind == kindInstance {
		return strconv.FormatInt(firstLargeID+int64(kind)*1_000_000_000+int64(n), 10)
	}
	return strconv.FormatInt(firstSmallID+int64(kind)*1_000_000_000+int64(n), 10)
}

// The kinds of id.
const (
	kindTemplate = iota
	kindVersion
	kindProject
	kindUser
	kindPreset
	kindInstance
	kindItem
)

// uuid returns a random-looking UUID (RFC 9562, version 4) for an object; the same seed gives the same one.
func (b *builder) uuid(kind string, n ...int) string {
	text := fmt.Appendf(nil, "%d %s %v", b.seed, kind, n)
	sum := sha256.Sum256(text)
	sum[6] = sum[6]&0x0f | 0x40
	sum[8] = sum[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", sum[:4], sum[4:6], sum[6:8], sum[8:10], sum[10:16])
}

// hire adds a person with an account in Procore.
func (b *builder) hire(title string) person {
	n := len(b.people)
	// Two counters without a common factor give every pair of names before any comes again.
	mixed := uint64(n)*2654435761 + uint64(b.seed)
	first := firstNames[mixed%uint64(len(firstNames))]
	last := lastNames[(uint64(n)+mixed/uint64(len(firstNames)))%uint64(len(lastNames))]
	address := strings.ToLower(first + "." + last)
	if n >= len(firstNames) {
		address += strconv.Itoa(n)
	}
	return b.hireAs(first, last, address+"@harborline.example", title)
}

func (b *builder) hireAs(first, last, email, title string) person {
	n := len(b.people)
	b.people = append(b.people, personData{
		login: procore.LoginID(id(kindUser, n)), first: first, last: last, email: email, title: title,
		employee: fmt.Sprintf("%05d", 417+n*3),
	})
	return person(n)
}

// leave ends somebody's employment. Procore learns of it for every other person.
func (b *builder) leave(who person) {
	b.people[who].left = true
	b.people[who].deactivated = who%2 == 0
}

// addTemplate adds a template with an older version and a published one, and a rule for each group that HR fills.
func (b *builder) addTemplate(kind templateKind, provider string, posts []post, of []int) {
	at := len(b.company.Templates)
	t := templateData{at: at, posts: of, onSite: provider == procore.ProviderProject, stepOne: b.uuid("step", at, 0)}
	old := b.addVersion(kind, at, 1, []procore.ResponsibleGroup{
		{UUID: procore.GroupUUID(b.uuid("group", at, 1, 0)), Name: "Original Reviewer", Type: procore.TypeResponsibleRole},
	})
	t.old = b.company.Versions[len(b.company.Versions)-1].Groups[0].UUID
	groups := []procore.ResponsibleGroup{{Name: "Item Creator", Type: "ITEM_CREATOR"}}
	for _, s := range use(posts, of) {
		p := posts[s].position
		groups = append(groups, procore.ResponsibleGroup{Name: p.group, Type: procore.TypeResponsibleRole})
		b.roleMap.add(kind.name, p.group, p.team, p.role)
	}
	groups = append(groups,
		procore.ResponsibleGroup{Name: "Owner's Representative", Type: "project_role"},
		procore.ResponsibleGroup{Name: "External Reviewer", Type: procore.TypeResponsibleRole})
	for i := range groups {
		groups[i].UUID = procore.GroupUUID(b.uuid("group", at, 2, i))
		t.groups = append(t.groups, groups[i].UUID)
	}
	published := b.addVersion(kind, at, 2, groups)
	b.company.Templates = append(b.company.Templates, Template{
		ID: procore.TemplateID(id(kindTemplate, at)), Name: kind.name, Tool: kind.tool, Published: published,
		Versions: []procore.VersionID{old, published}, UpdatedAt: longAgo,
	})
	b.templates = append(b.templates, t)
	b.addTool(kind, provider)
}

// addVersion adds a version with one step for each group.
func (b *builder) addVersion(kind templateKind, template, label int, groups []procore.ResponsibleGroup) procore.VersionID {
	v := Version{Tool: kind.tool, Label: strconv.Itoa(label)}
	v.ID = procore.VersionID(id(kindVersion, len(b.company.Versions)))
	v.Groups = groups
	for i, g := range groups {
		v.Steps = append(v.Steps, procore.VersionStep{
			UUID: b.uuid("step", template, i), Name: g.Name,
			Groups: []procore.StepGroup{{UUID: g.UUID, ResponsesRequired: []string{responsesOne, responsesOne, responsesAll}[i%3]}},
		})
	}
	b.company.Versions = append(b.company.Versions, v)
	return v.ID
}

func (b *builder) addTool(kind templateKind, provider string) {
	for _, t := range b.company.Tools {
		if t.ToolRef == kind.tool {
			return
		}
	}
	b.company.Tools = append(b.company.Tools, Tool{
		Name: kind.toolName, Tool: procore.Tool{ToolRef: kind.tool, Provider: provider},
	})
}

// addUsers fills the directory with everybody who has an account.
func (b *builder) addUsers() {
	for i := range b.people {
		p := &b.people[i]
		if p.noAccount {
			continue
		}
		login := cmp.Or(p.procoreLogin, p.email)
		b.company.Users = append(b.company.Users, User{
			ID: p.login, Login: login, Email: login, EmployeeID: p.employee, FirstName: p.first, LastName: p.last,
			JobTitle: p.title, Active: !p.deactivated,
		})
	}
	for _, d := range b.denied {
		b.company.Denied = append(b.company.Denied, Denial{b.company.Projects[d.project].ID, d.tool, b.people[d.who].login})
	}
}

// hireIntegration adds the person to whom the credentials belong, who is not in HR.
func (b *builder) hireIntegration() person {
	me := b.hireAs("Workflow", "Integration", "workflow.integration@harborline.example", "Integration")
	b.people[me].employee = ""
	b.company.Me = b.people[me].login
	return me
}

// sample returns what was built.
func (b *builder) sample() *Sample {
	b.addUsers()
	return &Sample{Company: b.company, HRCSV: b.hr.bytes(), RoleMapCSV: b.roleMap.bytes()}
}

// firstBits returns a random-looking number for an object, without a generator's state.
func firstBits(n ...int) uint64 {
	sum := sha256.Sum256(fmt.Append(nil, n))
	return binary.LittleEndian.Uint64(sum[:8])
}

// position is a job in HR's words, and the group that it fills in Procore.
type position struct {
	group      string
	team, role string // role "*": whoever is on the team
	title      string
	onProjects bool // HR has it for single projects; otherwise for all of them
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

// nth returns the same position in the n-th copy of its team.
func (p position) nth(n int) position {
	if n > 0 {
		p.group = fmt.Sprintf("%s %d", p.group, n+1)
		p.team = fmt.Sprintf("%s %d", p.team, n+1)
	}
	return p
}

// hrRole returns the role that HR writes for the position.
func (p position) hrRole() string {
	if p.role == "*" {
		return p.title
	}
	return p.role
}

// templateKind is a kind of workflow and its tool.
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

// Two special kinds: one with a subtype, and one for the whole company.
var (
	siteInstructions = templateKind{
		"Site instruction sign-off", "Correspondence: Site Instructions",
		procore.ToolRef{Type: toolCorrespondence, Subtype: "-12"},
	}
	vendorOnboarding = templateKind{"Vendor onboarding", "Prequalification", procore.ToolRef{Type: "prequalification"}}
)

// templateNamed returns the i-th kind of template, with a name that differs from others on the same tool.
func templateNamed(i int) templateKind {
	kind := templateKinds[i%len(templateKinds)]
	if n := i / len(templateKinds); n > 0 {
		kind.name = fmt.Sprintf("%s, level %d", kind.name, n+1)
	}
	return kind
}

// projectName returns a name for the i-th project.
func projectName(i int) string {
	name := places[i%len(places)] + " " + buildings[i/len(places)%len(buildings)]
	if n := i / (len(places) * len(buildings)); n > 0 {
		name = fmt.Sprintf("%s, phase %d", name, n+1)
	}
	return name
}

// projectNumber returns a number for the i-th project, such as 24-017.
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

// crewTrades are jobs in the field, which no group needs.
var crewTrades = []string{"Carpenter", "Electrician", "Foreman", "Ironworker", "Laborer", "Operator", "Pipefitter"}
