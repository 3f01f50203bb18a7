package main

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"

	"procore-assignee-sync/sync"
	"procore-assignee-sync/sync/planner"
	"procore-assignee-sync/sync/report"
)

// print writes the report for a person: what is wrong first, then what was found.
func (r *checkReport) print(w io.Writer) error {
	b := bufio.NewWriter(w)
	p := checkPrinter{b}
	p.problems(r)
	if r.HR != nil {
		p.hr(r.HR)
	}
	if r.RoleMap != nil {
		p.heading("Role map")
		fmt.Fprintf(p, "  %s: %s\n", r.RoleMap.Source, sync.Several(r.RoleMap.Rules, "rule"))
	}
	if r.Procore != nil {
		p.procore(r.Procore)
	}
	p.groups(r.Groups)
	if err := p.notices(r); err != nil {
		return err
	}
	return b.Flush()
}

type checkPrinter struct{ io.Writer }

func (p checkPrinter) heading(text string) { fmt.Fprintf(p, "\n%s\n", text) }

// table writes rows of cells below each other.
func (p checkPrinter) table(rows ...[]string) {
	t := tabwriter.NewWriter(p, 0, 0, 2, ' ', 0)
	for _, row := range rows {
		fmt.Fprintf(t, "  %s\n", strings.Join(row, "\t"))
	}
	_ = t.Flush()
}

func (p checkPrinter) problems(r *checkReport) {
	undone := r.undone()
	switch {
	case len(r.Problems) > 0:
		fmt.Fprintf(p, "%s to mend:\n", sync.Several(len(r.Problems), "problem"))
	case len(r.gates) > 0:
		fmt.Fprintln(p, "No problem was found, but a run would be refused as it is, told at the end.")
	case undone > 0:
		fmt.Fprintf(p, "No problem was found. A run would leave %s undone, told at the end.\n", sync.Several(undone, "thing"))
	default:
		fmt.Fprintln(p, "No problem was found.")
	}
	for _, problem := range r.Problems {
		fmt.Fprintf(p, "  %s: %s\n", problem.Area, strings.ReplaceAll(problem.What, "\n", "\n    "))
	}
}

func (p checkPrinter) hr(f *hrFacts) {
	p.heading("HR data")
	p.hrFacts(f)
}

func (p checkPrinter) hrFacts(f *hrFacts) {
	fmt.Fprintf(p, "  %s: %s, %d accepted, %d rejected, %s\n",
		f.Source, sync.Several(f.Rows, "row"), f.Accepted, f.Rejected, sync.Several(f.Duplicates, "duplicate"))
	fmt.Fprintf(p, "  %s, %d of them members of a team today; %s for every project, the others for %s\n",
		sync.Several(f.People, "person"), f.Members, sync.Several(f.EveryRow, "row"), sync.Several(f.Projects, "project"))
	fmt.Fprintf(p, "  statuses: %s\n", counts(f.Statuses))
	fmt.Fprintf(p, "  teams, by people: %s\n", counts(f.Teams))
	fmt.Fprintf(p, "  columns: %s\n", report.Clean(f.Columns.String()))
	for _, cause := range f.Causes {
		fmt.Fprintf(p, "  rejected: %s\n", report.Clean(cause.String()))
	}
	for _, null := range f.NullDates {
		fmt.Fprintf(p, "  end date %s means none, and counts as empty: %s\n", report.Clean(null.Text), null.Where())
	}
	if f.NoNewline != "" {
		fmt.Fprintf(p, "  no newline follows the last row, %s: the export may have been cut there\n", f.NoNewline)
	}
}

func counts(list []namedCount) string {
	parts := make([]string, len(list))
	for i, c := range list {
		parts[i] = fmt.Sprintf("%s %d", c.Name, c.Count)
	}
	return cmp.Or(strings.Join(parts, ", "), "none")
}

func (p checkPrinter) procore(f *procoreFacts) {
	p.heading("Procore")
	fmt.Fprintf(p, "  company %s on %s: the credentials are accepted; %s and %s visible\n",
		f.Company, f.Host, sync.Several(f.Projects, "project"), sync.Several(f.People, "person"))
	rows := [][]string{{"TOOL", "LEVEL", "TEMPLATES", "PRESETS", "NOT READABLE"}}
	for _, t := range f.Tools {
		rows = append(rows, []string{t.Tool, t.Level, strconv.Itoa(t.Templates), strconv.Itoa(t.Presets), strconv.Itoa(t.Unreadable)})
	}
	p.table(rows...)
	fmt.Fprintln(p, "  (whether presets may be written too shows only when one is)")
	rows = [][]string{{"TEMPLATE", "ID", "TOOL", "VERSION", "PRESETS"}}
	for _, t := range f.Templates {
		rows = append(rows, []string{t.Name, string(t.ID), t.Tool, string(t.Version), strconv.Itoa(t.Presets)})
	}
	p.table(rows...)
	for _, s := range f.Skipped {
		fmt.Fprintf(p, "  skipped %s (%s): %s\n", s.Name, s.ID, s.Why)
	}
	types := make([]namedCount, len(f.Types))
	for i, t := range f.Types {
		types[i] = namedCount{t.Type, t.Count}
	}
	fmt.Fprintf(p, "  types of groups: %s\n", counts(types))
}

func (p checkPrinter) groups(groups []planner.GroupCoverage) {
	if len(groups) == 0 {
		return
	}
	p.heading("Groups, and who fills them")
	rows := [][]string{{"TEMPLATE", "GROUP", "TYPE", "PEOPLE", "NOT FOUND", "FILLED BY"}}
	for _, g := range groups {
		rules := strings.Join(g.Rules, ", ")
		row := []string{g.TemplateName, g.GroupName, g.Type, "-", "-", g.Why}
		switch {
		case g.Managed:
			row = append(row[:3], strconv.Itoa(g.People), strconv.Itoa(g.Unresolved), rules)
		case rules != "":
			row[5] += "; to no effect named by " + rules
		}
		rows = append(rows, row)
	}
	p.table(rows...)
}

// notices tells what a run would report. Rejected rows stand with the HR data.
func (p checkPrinter) notices(r *checkReport) error {
	exceptions := slices.DeleteFunc(slices.Clone(r.exceptions), func(e sync.Exception) bool {
		return e.Kind == sync.RowRejected || e.Kind == sync.UnterminatedLastRow
	})
	for _, gate := range r.gates {
		fmt.Fprintf(p, "\n%s\n", gate)
	}
	if len(exceptions) == 0 {
		return nil
	}
	var told strings.Builder
	if err := report.Exceptions(&told, exceptions, report.TextOptions{Detail: report.DetailAll}); err != nil {
		return err
	}
	_, err := fmt.Fprintf(p, "\n%s\n", strings.TrimSpace(told.String()))
	return err
}
