package sandbox

import (
	"strings"

	"procore-assignee-sync/procore"
)

func (d *demo) addProjects() {
	for _, p := range demoProjects {
		d.addProject(p[0], p[1])
	}
	// Ids grow with the numbers, so that the diff comes in their order; the last one is above 2^53.
	bridge, last := &d.company.Projects[3].ID, &d.company.Projects[5].ID
	*bridge, *last = procore.ProjectID(id(kindProject, 4)), *bridge
	d.company.Projects[4].ID = procore.ProjectID(id(kindProject, 5))
}

// hireAll adds everyone whom the stories name, the crew, and two people from outside.
func (d *demo) hireAll() {
	for _, job := range demoJobs {
		if _, ok := d.byName[job.name]; !ok {
			d.byName[job.name] = d.hireNamed(job.name, demoPositions[job.slot].title)
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

// slots gives the jobs with who has them.
func (d *demo) slots() []slot {
	if d.made != nil {
		return d.made
	}
	d.made = make([]slot, len(demoPositions))
	for i, p := range demoPositions {
		d.made[i].position = p
		if p.onProjects {
			d.made[i].onSite = make([]siteJobs, len(demoProjects))
		}
	}
	for _, job := range demoJobs {
		s := &d.made[job.slot]
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
	d.fillProjects(d.slots())
	for p := everywhere; p < len(demoProjects); p++ {
		for t := range d.templates {
			if d.templates[t].onSite == (p != everywhere) {
				d.addPreset(t, p, o, d.slots())
			}
		}
	}
}

// addOddities adds what shows that the job leaves alone what it does not manage: a group of an older version that a
// preset still carries, and someone who may not use a tool.
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
