package sandbox

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"fmt"
	"strings"
)

// hrTable is a CSV file in the making.
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

// add writes one row of data.
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

// everyProject is what HR writes for a row that holds for every project.
const everyProject = ""

// The days that samples give. They lie in the past, so that a sample means the same on any day.
const (
	hiredOn = "2023-03-06"
	leftOn  = "2026-10-30"
)

// addRow writes one person's row: as active, or as terminated where they left.
func (b *builder) addRow(who person, p position, project string) {
	one := &b.people[who]
	status, end := cmp.Or(one.status, "active"), ""
	if one.left {
		status, end = "terminated", leftOn
	}
	b.hr.add(one.employee, one.email, one.procoreLogin, one.first+" "+one.last, p.team, p.hrRole(), project, status, hiredOn, end)
}

// writeHR writes HR's rows: everyone in a job, everyone who left one, and field crews until there are enough rows.
func (b *builder) writeHR(o SampleOptions, slots []slot) {
	for i := range slots {
		s := &slots[i]
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

// hrProject is how HR names a project: by its number, here and there by its id.
func (b *builder) hrProject(project int) string {
	if p := &b.company.Projects[project]; project%9 != 8 {
		return p.Number
	}
	return string(b.company.Projects[project].ID)
}

// addCrew writes the row of someone in the field. One in three has an account in Procore; the others have no work e-mail.
func (b *builder) addCrew(n, project int) {
	trade := crewTrades[n%len(crewTrades)]
	who := b.hire(trade)
	if n%3 != 0 {
		b.people[who].noAccount = true
		b.people[who].email = ""
	}
	b.addRow(who, position{team: "Field Crews", role: trade}, b.hrProject(project))
}

// hireOthers adds people who are in presets and not in HR's jobs: someone who left and whom Procore still takes for
// active, and outsiders for the groups that HR does not fill.
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
