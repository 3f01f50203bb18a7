package sandbox

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"fmt"
	"strings"
)

// hrTable is a CSV file being written.
type hrTable struct {
	text   *bytes.Buffer
	writer *csv.Writer
	rows   int
}

func newTable(header ...string) hrTable {
	text := new(bytes.Buffer)
	t := hrTable{text: text, writer: csv.NewWriter(text)}
	t.write(header)
	return t
}

// add writes one row.
func (t *hrTable) add(cells ...string) {
	t.rows++
	t.write(cells)
}

func (t *hrTable) write(cells []string) {
	if err := t.writer.Write(cells); err != nil {
		panic("sandbox: a sample's row cannot be written: " + err.Error())
	}
}

func (t *hrTable) bytes() []byte {
	t.writer.Flush()
	return t.text.Bytes()
}

// everyProject is what HR writes for a row that applies to every project.
const everyProject = ""

// The dates in samples. They lie in the past, so that a sample means the same on any day.
const (
	hiredOn = "2023-03-06"
	leftOn  = "2026-10-30"
)

// addRow writes one person's row, as terminated if they have left and as active otherwise.
func (b *builder) addRow(who person, p position, project string) {
	one := &b.people[who]
	status, end := cmp.Or(one.status, "active"), ""
	if one.left {
		status, end = "terminated", leftOn
	}
	b.hr.add(one.employee, one.email, one.procoreLogin, one.first+" "+one.last, p.team, p.hrRole(), project, status, hiredOn, end)
}

// writeHR writes HR's rows: everyone in a job, everyone who has left one, and field crews until there are enough rows.
func (b *builder) writeHR(o SampleOptions, posts []post) {
	for i := range posts {
		s := &posts[i]
		b.addJob(s.position, s.now, s.before, everyProject)
		for p := range s.onSite {
			if b.company.Projects[p].Visibility == Hidden {
				continue // HR would name a project that nobody can look up
			}
			b.addJob(s.position, s.onSite[p].now, s.onSite[p].before, b.hrProject(p))
		}
	}
	b.addRow(b.formerEstimator, position{team: "Estimating", role: "Estimator"}, everyProject)
	for n := 0; b.hr.rows < o.Rows; n++ {
		b.addCrew(n, n%o.Projects)
	}
}

// addJob writes the rows of one job in one place.
func (b *builder) addJob(p position, now, before []person, project string) {
	for _, who := range now {
		b.addRow(who, p, project)
	}
	for _, who := range before {
		if b.people[who].left {
			b.addRow(who, p, project)
		}
	}
}

// hrProject returns how HR writes a project: by its number, or sometimes by its id.
func (b *builder) hrProject(project int) string {
	if p := &b.company.Projects[project]; project%9 != 8 {
		return p.Number
	}
	return string(b.company.Projects[project].ID)
}

// addCrew writes the row of somebody in the field. One in three has an account in Procore; the others have no work
// e-mail.
func (b *builder) addCrew(n, project int) {
	trade := crewTrades[n%len(crewTrades)]
	who := b.hire(trade)
	if n%3 != 0 {
		b.people[who].noAccount = true
		b.people[who].email = ""
	}
	b.addRow(who, position{team: "Field Crews", role: trade}, b.hrProject(project))
}

// hireOthers adds people who are in presets but have no job in HR: somebody who has left and is still active in
// Procore, and outsiders for the groups that HR does not fill.
func (b *builder) hireOthers(o SampleOptions) {
	b.formerEstimator = b.hire("Estimator")
	b.people[b.formerEstimator].left = true
	for i := range min(2+o.Projects/5, 12) {
		who := b.hire("Owner's Representative")
		one := &b.people[who]
		one.employee = ""
		one.email = fmt.Sprintf("%s.%s%d@owners.example", strings.ToLower(one.first), strings.ToLower(one.last), i+1)
		b.outsiders = append(b.outsiders, who)
	}
}

// SampleOptions say what company to make up. The same options give the same bytes.
type SampleOptions struct {
	Seed      int64
	Projects  int // default 6
	Templates int // project-level templates, default 3; each has a preset in every project
	Groups    int // groups that the role map fills in each template, default 4
	Rows      int // least number of HR rows; field crews, who fill no group, make up the number

	// Hidden projects are invisible to the service account; they come on top of Projects and have presets too.
	Hidden int

	// Plain leaves out the company-level template, the correspondence template and everything unusual: leftover and
	// missing groups, people who are unknown to Procore or lack access, projects that must not be read.
	Plain bool

	// InSync makes HR equal to the presets, except for Drift, the share of presets (0 to 1) that each differ by one
	// person.
	InSync bool
	Drift  float64
}

// Sample is a company in the simulated Procore and its HR data.
type Sample struct {
	Company    *Company
	HRCSV      []byte // canonical columns
	RoleMapCSV []byte // template,group,team,role
}

// NewSample makes up a construction company and its HR data. Unless InSync is set they differ as in real life: people
// have joined, left and moved. Unless Plain is set, one of them is unknown to Procore, one lacks access to a tool, and
// one was the last in a group. Removals stay well below the default limits.
func NewSample(o SampleOptions) *Sample {
	o = o.withDefaults()
	b := newBuilder(o.Seed, "Harborline Builders")
	posts := makePosts(o)
	b.addTemplates(o, posts)
	b.addProjects(o)
	b.staff(posts)
	if !o.InSync {
		b.happen(o, posts)
	}
	b.hireOthers(o)
	b.writeHR(o, posts)
	b.fillProjects(posts)
	b.addPresets(o, posts)
	if o.InSync {
		b.drift(o.Drift)
	}
	b.addInstances()
	return b.sample()
}

func (o SampleOptions) withDefaults() SampleOptions {
	for _, d := range []struct {
		value     *int
		otherwise int
	}{{&o.Projects, 6}, {&o.Templates, 3}, {&o.Groups, 4}} {
		if *d.value <= 0 {
			*d.value = d.otherwise
		}
	}
	return o
}
