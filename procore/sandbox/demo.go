package sandbox

import "procore-assignee-sync/procore"

// DemoSample is a small company of people with a story each, to be read by a person: six projects, four templates and
// some forty people, of whom one joined, some left, one moved, one is unknown to Procore, one lacks access to a tool, and
// one left a group in which nobody follows. It is the same on any day.
func DemoSample() *Sample {
	b := newBuilder(1, "Harborline Builders")
	d := &demo{builder: b, byName: make(map[string]person)}
	d.addProjects()
	d.hireAll()
	for i := range demoTemplates {
		t := &demoTemplates[i]
		b.addTemplate(t.kind, t.provider, d.slots(), t.slots)
	}
	d.addPresets()
	d.addOddities()
	d.writeHR()
	d.addInstances()
	return b.sample()
}

// demo builds the company of DemoSample.
type demo struct {
	*builder
	byName map[string]person
	made   []slot
}

// demoProjects are number and name.
var demoProjects = [][2]string{
	{"24-017", "Harborline Medical Tower"},
	{"24-021", "Elm Street Parking Structure"},
	{"24-033", "Riverside Middle School"},
	{"25-002", "Quarry Road Bridge"},
	{"25-008", "Northgate Data Center"},
	{"25-014", "Union Station Renovation"},
}

// demoPositions are the jobs of the demo, in the order of their groups.
var demoPositions = []position{
	{"Project Manager", "Project Management", "Project Manager", "Project Manager", true},
	{"Legal", "Legal", "*", "Counsel", false},
	{"Finance Approver", "Finance", "Controller", "Controller", false},
	{"Superintendent", "Site Supervision", "Superintendent", "Superintendent", true},
	{"Project Executive", "Project Management", "Project Executive", "Project Executive", true},
	{"Safety Manager", "Health and Safety", "Safety Manager", "Safety Manager", true},
}

// The places of demoPositions.
const (
	demoPM = iota
	demoLegal
	demoFinance
	demoSuper
	demoExecutive
	demoSafety
)

var demoTemplates = []struct {
	kind     templateKind
	provider string
	slots    []int
}{
	{templateKinds[0], procore.ProviderProject, []int{demoPM, demoLegal, demoFinance}},
	{templateKinds[1], procore.ProviderProject, []int{demoPM, demoSuper, demoExecutive}},
	{siteInstructions, procore.ProviderProject, []int{demoSuper, demoSafety}},
	{vendorOnboarding, procore.ProviderCompany, []int{demoLegal, demoFinance}},
}

// demoJob is one person's job: in HR now, in Procore's presets before, or both.
type demoJob struct {
	name     string
	slot     int
	project  int // everywhere: in no single project
	hr, seen bool
}

const everywhere = -1

// demoJobs tell the stories. Who has a job in both has had it all along.
var demoJobs = []demoJob{
	{"Priya Raman", demoLegal, everywhere, true, true},
	{"Dana Whitfield", demoLegal, everywhere, true, true},
	{"Tom Becker", demoLegal, everywhere, false, true},   // left the company
	{"Alice Okafor", demoLegal, everywhere, true, false}, // joined
	{"Helen Marsh", demoFinance, everywhere, true, true}, // on leave, which changes nothing
	{"Victor Castillo", demoFinance, everywhere, true, true},
	{"Ravi Menon", demoFinance, everywhere, true, false}, // joined, and has no Procore account yet

	{"Marco Diaz", demoPM, 0, false, true}, // moved to another project
	{"Jenna Park", demoPM, 0, true, false}, // follows him
	{"Marco Diaz", demoPM, 4, true, false},
	{"Beatriz Costa", demoPM, 1, true, true},
	{"Isaac Farrell", demoPM, 2, true, true},
	{"Mei Tanaka", demoPM, 3, true, true},
	{"Lars Svensson", demoPM, 4, true, true},
	{"Hannah Cole", demoPM, 5, true, true}, // her Procore login still has her earlier name

	{"Omar Haddad", demoSuper, 0, true, true},
	{"Omar Haddad", demoSuper, 1, true, true},
	{"Rosa Ibarra", demoSuper, 2, true, true},
	{"Frank Dalton", demoSuper, 3, true, true},
	{"Sofia Lindgren", demoSuper, 3, true, false}, // new there, and without access to one tool
	{"Yusuf Khan", demoSuper, 4, true, true},
	{"Yusuf Khan", demoSuper, 5, true, true},

	{"Grace Hayes", demoExecutive, 0, true, true},
	{"Grace Hayes", demoExecutive, 1, true, true},
	{"Grace Hayes", demoExecutive, 2, true, true},
	{"Andre Dubois", demoExecutive, 3, true, true},
	{"Andre Dubois", demoExecutive, 4, true, true},
	{"Andre Dubois", demoExecutive, 5, true, true},

	{"Nadia Varga", demoSafety, 0, true, true},
	{"Nadia Varga", demoSafety, 1, true, true},
	{"Samir Patel", demoSafety, 2, true, true},
	{"Samir Patel", demoSafety, 3, true, true},
	{"Nadia Varga", demoSafety, 4, true, true},
	{"Pete Novak", demoSafety, 5, false, true}, // left, and nobody follows
}

// demoCrew are people in the field, who approve nothing.
var demoCrew = []string{
	"Carlos Reyes", "Emeka Obi", "Ingrid Falk", "Luis Vega", "Maeve Boyle", "Noah Jansen", "Olga Kovacs", "Quinn Abbott",
	"Tariq Usman", "Wanda Zimmer", "Xavier Moreau", "Zoe Walsh",
}
