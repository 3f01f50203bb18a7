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
)

// print writes the report for a person: what is wrong first, then what was found.
func (r *checkReport) print(w io.Writer) error {
	b := bufio.NewWriter(w)
	p := checkPrinter{b}
	p.problems(r.Problems)
	if r.HR != nil {
		p.hr(r.HR)
	}
	if r.RoleMap != nil {
		p.heading("Role map")
		fmt.Fprintf(p, "  %s: %s\n", r.RoleMap.Source, count(r.RoleMap.Rules, "rule"))
	}
	if r.Procore != nil {
		p.procore(r.Procore)
	}
	p.groups(r.Groups)
	p.notices(r.Notices)
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

func (p checkPrinter) problems(problems []checkProblem) {
	if len(problems) == 0 {
		fmt.Fprintln(p, "No problem was found.")
		return
	}
	fmt.Fprintf(p, "%s to mend:\n", count(len(problems), "problem"))
	for _, problem := range problems {
		fmt.Fprintf(p, "  %s: %s\n", problem.Area, strings.ReplaceAll(problem.What, "\n", "\n    "))
	}
}

func (p checkPrinter) hr(f *hrFacts) {
	p.heading("HR data")
	p.hrFacts(f)
}

func (p checkPrinter) hrFacts(f *hrFacts) {
	fmt.Fprintf(p, "  %s: %s, %d accepted, %d rejected, %s\n",
		f.Source, count(f.Rows, "row"), f.Accepted, f.Rejected, count(f.Duplicates, "duplicate"))
	fmt.Fprintf(p, "  %s, %d of them members of a team today; %s for every project, the others for %s\n",
		people(f.People), f.Members, count(f.EveryRow, "row"), count(f.Projects, "project"))
	fmt.Fprintf(p, "  statuses: %s\n", counts(f.Statuses))
	fmt.Fprintf(p, "  teams, by people: %s\n", counts(f.Teams))
	for _, row := range f.Rejects {
		fmt.Fprintf(p, "  rejected %s: %s\n", row.At, row.Reason)
	}
}

func people(n int) string {
	if n == 1 {
		return "1 person"
	}
	return strconv.Itoa(n) + " people"
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
		f.Company, f.Host, count(f.Projects, "project"), people(f.People))
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

func (p checkPrinter) groups(groups []sync.GroupCoverage) {
	if len(groups) == 0 {
		return
	}
	p.heading("Groups, and who fills them")
	rows := [][]string{{"TEMPLATE", "GROUP", "TYPE", "PEOPLE", "FILLED BY"}}
	for _, g := range groups {
		by, n := cmp.Or(g.Why, "nobody: unmanaged"), "-"
		if g.Managed {
			by, n = strings.Join(g.Rules, ", "), strconv.Itoa(g.People)
		}
		rows = append(rows, []string{g.TemplateName, g.GroupName, g.Type, n, by})
	}
	p.table(rows...)
}

func (p checkPrinter) notices(notices []checkNotice) {
	if len(notices) == 0 {
		return
	}
	sorted := slices.SortedStableFunc(slices.Values(notices), func(a, b checkNotice) int { return cmp.Compare(a.Kind, b.Kind) })
	p.heading("What a run would report (! leaves it incomplete)")
	for _, n := range sorted {
		mark := " "
		if n.Undone {
			mark = "!"
		}
		fmt.Fprintf(p, "%s %s: %s: %s", mark, n.Kind, n.Subject, n.Detail)
		for _, more := range []string{n.Where, n.Source} {
			if more != "" {
				fmt.Fprintf(p, " (%s)", more)
			}
		}
		fmt.Fprintln(p)
	}
}
