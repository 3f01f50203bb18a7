package sandbox

import (
	"slices"
	"strings"
	"time"

	"procore-assignee-sync/procore"
)

// DemoSample returns a small company that a person can follow: six projects, four templates and some forty people. One
// has joined, some have left, one has moved, one is unknown to Procore, one lacks access to a tool, and one has left a
// group with nobody to follow. It is the same on any day.
func DemoSample() *Sample {
	b := newBuilder(1, "Harborline Builders")
	d := &demo{builder: b, byName: make(map[string]person)}
	d.addProjects()
	d.hireAll()
	for i := range demoTemplates {
		t := &demoTemplates[i]
		b.addTemplate(t.kind, t.provider, d.posts(), t.posts)
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
	made   []post
}

// demoProjects are numbers and names.
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

// Indexes in demoPositions.
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
	posts    []int
}{
	{templateKinds[0], procore.ProviderProject, []int{demoPM, demoLegal, demoFinance}},
	{templateKinds[1], procore.ProviderProject, []int{demoPM, demoSuper, demoExecutive}},
	{siteInstructions, procore.ProviderProject, []int{demoSuper, demoSafety}},
	{vendorOnboarding, procore.ProviderCompany, []int{demoLegal, demoFinance}},
}

// demoJob is one person's job: in HR now, in Procore's presets before, or both.
type demoJob struct {
	name     string
	post     int
	project  int // everywhere if not on a single project
	hr, seen bool
}

const everywhere = -1

// demoJobs tell the stories. Somebody with a job both now and before has had it all along.
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
	{"Sofia Lindgren", demoSuper, 3, true, false}, // new there, without access to one tool
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
	{"Pete Novak", demoSafety, 5, false, true}, // left, with nobody to follow
}

// demoCrew are people in the field, who approve nothing.
var demoCrew = []string{
	"Carlos Reyes", "Emeka Obi", "Ingrid Falk", "Luis Vega", "Maeve Boyle", "Noah Jansen", "Olga Kovacs", "Quinn Abbott",
	"Tariq Usman", "Wanda Zimmer", "Xavier Moreau", "Zoe Walsh",
}

// addInstances adds the running workflows: a subcontract is waiting for the approval of somebody who has left the
// company; on another workflow he has already responded; one involves nobody who has left; one has ended; and one is
// waiting for the integration.
func (d *demo) addInstances() {
	me := d.hireIntegration()
	const tower, bridge, dataCenter = 0, 3, 4
	day := func(month time.Month, day int) time.Time { return time.Date(2026, month, day, 9, 30, 0, 0, time.UTC) }

	waiting := d.instance(0, tower, "Isaac Farrell", day(time.October, 26), "Legal", day(time.October, 28))
	d.responded(&waiting, "Priya Raman", day(time.October, 29))
	d.responded(&waiting, "Dana Whitfield", day(time.October, 30))
	d.addInstance(waiting)

	d.addInstance(d.instance(3, everywhere, "Mei Tanaka", day(time.October, 19), "Finance Approver", day(time.November, 16)))
	d.addInstance(d.instance(1, bridge, "Mei Tanaka", day(time.November, 17), "Project Manager", day(time.November, 17)))

	ended := d.instance(0, tower, "Marco Diaz", day(time.September, 7), "Legal", day(time.September, 9))
	ended.Step, ended.EndedAt = nil, day(time.September, 15)
	d.addInstance(ended)

	checks := d.instance(0, dataCenter, "Lars Svensson", day(time.November, 18), "Finance Approver", day(time.November, 19))
	checks.Step.People = append(checks.Step.People, Place{
		Login: d.people[me].login, Required: true, RoleType: procore.RoleResponder, Invited: true,
	})
	d.addInstance(checks)
}

// instance returns a workflow of a template in a project, started by the given person, which has been on a step since a
// given time.
func (d *demo) instance(template, project int, by string, started time.Time, step string, since time.Time) Instance {
	projectID := procore.ProjectID("")
	if project != everywhere {
		projectID = d.company.Projects[project].ID
	}
	at := slices.IndexFunc(d.company.Presets, func(p Preset) bool {
		return p.Project == projectID && p.Template == d.company.Templates[template].ID
	})
	p := d.company.Presets[at]
	v := d.published(p.Template)
	in := begin(v, p, "", d.people[d.byName[by]].login, started)
	for in.Step != nil && in.Step.Name != step {
		in.moveOn(v, since)
	}
	return in
}

func (d *demo) responded(in *Instance, name string, at time.Time) {
	login := d.people[d.byName[name]].login
	p := &in.Step.People[slices.IndexFunc(in.Step.People, func(p Place) bool { return p.Login == login })]
	p.SubmittedAt, p.Option = at, in.Step.Options[0].ID
}

func (d *demo) addProjects() {
	for _, p := range demoProjects {
		d.addProject(p[0], p[1])
	}
	// Ids grow with the numbers, so that the diff is in the same order; the last one is above 2^53.
	bridge, last := &d.company.Projects[3].ID, &d.company.Projects[5].ID
	*bridge, *last = procore.ProjectID(id(kindProject, 4)), *bridge
	d.company.Projects[4].ID = procore.ProjectID(id(kindProject, 5))
}

// hireAll adds everyone whom the stories name, the crew, and two people from outside.
func (d *demo) hireAll() {
	for _, job := range demoJobs {
		if _, ok := d.byName[job.name]; !ok {
			d.byName[job.name] = d.hireNamed(job.name, demoPositions[job.post].title)
		}
	}
	for _, name := range []string{"Tom Becker", "Pete Novak"} {
		who := d.byName[name]
		d.people[who].left, d.people[who].deactivated = true, true
	}
	d.people[d.byName["Ravi Menon"]].noAccount = true
	d.people[d.byName["Hannah Cole"]].procoreLogin = "hannah.brooks@harborline.example"
	d.people[d.byName["Helen Marsh"]].status = "leave"
	for i, name := range demoCrew {
		d.byName[name] = d.hireNamed(name, crewTrades[i%len(crewTrades)])
	}
	for _, name := range []string{"Gloria Bauer", "Kenji Sato"} {
		who := d.hireNamed(name, "Owner's Representative")
		d.people[who].email = strings.ToLower(strings.Replace(name, " ", ".", 1)) + "@owners.example"
		d.people[who].employee = ""
		d.outsiders = append(d.outsiders, who)
	}
}

func (d *demo) hireNamed(name, title string) person {
	first, last, _ := strings.Cut(name, " ")
	return d.hireAs(first, last, strings.ToLower(first+"."+last)+"@harborline.example", title)
}

// posts returns the jobs and who has them.
func (d *demo) posts() []post {
	if d.made != nil {
		return d.made
	}
	d.made = make([]post, len(demoPositions))
	for i, p := range demoPositions {
		d.made[i].position = p
		if p.onProjects {
			d.made[i].onSite = make([]siteJobs, len(demoProjects))
		}
	}
	for _, job := range demoJobs {
		s := &d.made[job.post]
		now, before := &s.now, &s.before
		if job.project != everywhere {
			now, before = &s.onSite[job.project].now, &s.onSite[job.project].before
		}
		if job.hr {
			*now = append(*now, d.byName[job.name])
		}
		if job.seen {
			*before = append(*before, d.byName[job.name])
		}
	}
	return d.made
}

// addPresets adds a preset of each template wherever it belongs, and who may be assigned there.
func (d *demo) addPresets() {
	o := SampleOptions{Plain: true}
	d.formerEstimator = d.outsiders[0]
	d.fillProjects(d.posts())
	for p := everywhere; p < len(demoProjects); p++ {
		for t := range d.templates {
			if d.templates[t].onSite == (p != everywhere) {
				d.addPreset(t, p, o, d.posts())
			}
		}
	}
}

// addOddities adds things that show that the job leaves alone what it does not manage: a group of an older version that
// a preset still has, and somebody who has no access to a tool.
func (d *demo) addOddities() {
	const school, bridge = 2, 3
	for i := range d.company.Presets {
		p := &d.company.Presets[i]
		if p.Project == d.company.Projects[school].ID && p.Template == d.company.Templates[0].ID {
			p.Memberships = append(p.Memberships, procore.GroupWrite{
				UUID: d.templates[0].old, LoginIDs: []procore.LoginID{d.people[d.outsiders[1]].login},
			})
		}
	}
	d.denied = append(d.denied, denial{bridge, demoTemplates[1].kind.tool, d.byName["Sofia Lindgren"]})
}

func (d *demo) writeHR() {
	for i := range d.made {
		s := &d.made[i]
		d.addJob(s.position, s.now, s.before, everyProject)
		for p := range s.onSite {
			d.addJob(s.position, s.onSite[p].now, s.onSite[p].before, d.hrProject(p))
		}
	}
	for i, name := range demoCrew {
		who := d.byName[name]
		d.addRow(who, position{team: "Field Crews", role: d.people[who].title}, d.hrProject(i%len(demoProjects)))
	}
}
