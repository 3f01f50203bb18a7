package report

import (
	"cmp"
	"strconv"
	"strings"

	"procore-assignee-sync/sync"
	"procore-assignee-sync/sync/report/guide"
)

// sheets returns the sheets of the workbook, in the order of the other reports.
func sheets(r *reading) []sheet {
	return []sheet{
		{"Summary", []sheetColumn{{"What", 26}, {"", 110}}, r.summaryRows},
		{"People", []sheetColumn{
			{"Person", 28},
			{"Login", 36},
			{"Login id", 18},
			{"Employee id", 14},
			{"Group", 26},
			{"Action", 10},
			{"Status", 14},
			{"Held by", 20},
			{"Presets", 9},
			{"Projects", 9},
			{"Company", 9},
			{"Reason", 60},
			{"HR rows", 24},
		}, r.peopleRows},
		{"To do", []sheetColumn{
			{"Weight", 16},
			{"Kind", 22},
			{"What it means", 44},
			{"What to do", 44},
			{"Who or what", 36},
			{"Detail", 60},
			{"Template", 24},
			{"Group", 24},
			{"Project id", 18},
			{"Source", 24},
			{"Accepted until", 14},
			{"Accepted why", 30},
		}, r.todoRows},
		{"Changes", headings(changeColumns, map[string]float64{
			"run_id": 26, "time": 21, "project_name": 30, "template_name": 24, "group_name": 24, "login": 30, "person_name": 30, "reason": 60,
			"source": 24, "request_id": 38, "error": 50,
		}), rowsOf(changeColumns, r.rec.Run, r.rec.Changes)},
		{"Sources", headings(sourceColumns, map[string]float64{
			"source": 24, "email": 36, "procore_login": 36, "name": 28, "team": 24, "role": 24,
		}), rowsOf(sourceColumns, r.rec.Run, sourcesOf(r.rec))},
	}
}

func (r *reading) summaryRows(yield func([]string) bool) {
	rows := [][]string{{"Report", title(r.rec)}, {"Outcome", r.state.word}, {"In short", r.inShort}}
	if msg := r.rec.Summary.Message; msg != "" {
		rows = append(rows, []string{"Final line", msg})
	}
	if r.gates != nil {
		rows = append(rows, []string{"Limits", r.gates.inShort()})
		if r.gates.approve != "" {
			rows = append(rows, []string{toApprove, r.gates.approve})
		}
	}
	if len(r.people) > 0 {
		rows = append(rows, []string{"People", r.howMany()})
	}
	for _, f := range append(r.facts, costs(r.rec)...) {
		rows = append(rows, []string{f.Label, f.Text})
	}
	rows = append(rows, []string{"Exit code", strconv.Itoa(r.rec.Summary.ExitCode)})
	for _, row := range rows {
		if !yield(row) {
			return
		}
	}
}

func (r *reading) peopleRows(yield func([]string) bool) {
	for _, e := range r.people {
		for _, g := range e.groups {
			row := []string{
				e.name, e.login, string(e.id), e.employee, g.group, string(g.action), string(g.status), string(g.hold),
				strconv.Itoa(g.presets), strconv.Itoa(g.projects), either(g.company, "yes", ""), e.why, strings.Join(e.sources, "; "),
			}
			if !yield(row) {
				return
			}
		}
	}
}

func (r *reading) todoRows(yield func([]string) bool) {
	if r.gates != nil {
		for _, g := range r.gates.gates {
			weight := either(r.asPlan, "refused", "approved")
			if !yield([]string{weight, g.name, guide.ToGate(sync.GateName(g.name)).Means, either(r.asPlan, g.todo, ""), "the plan as a whole", g.figure}) {
				return
			}
		}
	}
	weights := []struct {
		name  string
		kinds []exceptionKind
	}{{"left undone", r.todo}, {"worth knowing", r.told}, {"accepted", r.accepted}}
	for _, w := range weights {
		for _, k := range w.kinds {
			for _, e := range k.list {
				row := []string{
					w.name, string(k.kind), k.guide.Means, cmp.Or(k.guide.Todo, "nothing"), e.Subject, e.Detail, e.TemplateName, e.GroupName,
					string(e.Project), e.Source.String(), e.AcceptedUntil, e.AcceptedWhy,
				}
				if !yield(row) {
					return
				}
			}
		}
	}
}

// headings returns the columns of a CSV file as columns of a sheet. Columns are narrow unless a width is given.
func headings[T any](columns []column[T], widths map[string]float64) []sheetColumn {
	const narrow = 16
	list := make([]sheetColumn, len(columns))
	for i, c := range columns {
		list[i] = sheetColumn{c.name, cmp.Or(widths[c.name], narrow)}
	}
	return list
}

// rowsOf returns the rows of a CSV file as rows of a sheet.
func rowsOf[T any](columns []column[T], run sync.Run, list []T) func(func([]string) bool) {
	return func(yield func([]string) bool) {
		for _, item := range list {
			row := make([]string, len(columns))
			for i, c := range columns {
				row[i] = c.cell(run, item)
			}
			if !yield(row) {
				return
			}
		}
	}
}

func sourcesOf(rec sync.Record) []sync.SourceRow {
	if rec.Plan == nil {
		return nil
	}
	return rec.Plan.Sources
}
