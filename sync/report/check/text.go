package check

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"procore-assignee-sync/sync"
	"procore-assignee-sync/sync/planner"
	"procore-assignee-sync/sync/report"
)

// Text writes the result for people: what is wrong first, then what was found. Everything that comes from HR and
// Procore is cleaned.
func (c *Report) Text(w io.Writer) error {
	b := bufio.NewWriter(w)
	p := printer{b}
	p.problems(c)
	if c.HR != nil {
		p.heading("HR data")
		p.hr(c.HR)
	}
	if c.RoleMap != nil {
		p.heading("Role map")
		p.line("  %s: %s", c.RoleMap.Source, sync.Several(c.RoleMap.Rules, "rule"))
	}
	if c.Procore != nil {
		p.procore(c.Procore)
	}
	p.groups(c.Groups)
	p.apart(c.Apart)
	if err := p.notices(c); err != nil {
		return err
	}
	return b.Flush()
}

// HRText writes what there is to say about the HR data alone.
func (c *Report) HRText(w io.Writer) error {
	b := bufio.NewWriter(w)
	printer{b}.hr(c.HR)
	return b.Flush()
}

// printer writes the result of a check. Write errors stay in its writer until that is flushed.
type printer struct{ *bufio.Writer }

// line writes one line, whatever is in it.
func (p printer) line(format string, args ...any) {
	fmt.Fprintln(p, report.Clean(fmt.Sprintf(format, args...)))
}

func (p printer) table(rows ...[]string) { _ = report.Table(p, rows...) }

func (p printer) heading(text string) {
	p.line("")
	p.line("%s", text)
}

func (p printer) problems(c *Report) {
	undone := c.Undone()
	switch {
	case len(c.Problems) > 0:
		p.line("%s to correct:", sync.Several(len(c.Problems), "problem"))
	case len(c.gates) > 0:
		p.line("No problem was found, but a run would be refused as it is: see the end.")
	case undone > 0:
		p.line("No problem was found. A run would leave %s undone: see the end.", sync.Several(undone, "thing"))
	default:
		p.line("No problem was found.")
	}
	for _, problem := range c.Problems {
		lead := "  " + string(problem.Area) + ": "
		for line := range strings.Lines(problem.What) {
			p.line("%s%s", lead, strings.TrimRight(line, "\n"))
			lead = "    "
		}
	}
}

func (p printer) hr(f *HRFacts) {
	p.line("  %s: %s, %s accepted, %s rejected, %s",
		f.Source, sync.Several(f.Rows, "row"), sync.Grouped(f.Accepted), sync.Grouped(f.Rejected), sync.Several(f.Duplicates, "duplicate"))
	p.line("  %s, %d of them members of a team today; %s for every project, the others for %s",
		sync.Several(f.People, "person"), f.Members, sync.Several(f.EveryRow, "row"), sync.Several(f.Projects, "project"))
	p.line("  statuses: %s", counts(f.Statuses))
	p.line("  teams, by people: %s", counts(f.Teams))
	p.line("  columns: %s", f.Columns)
	for _, cause := range f.Causes {
		p.line("  rejected: %s", cause)
	}
	for _, null := range f.NullDates {
		p.line("  end date %s means none, and counts as empty: %s", null.Text, null.Where())
	}
	if f.NoNewline != "" {
		p.line("  no newline follows the last row, %s: the export may have been cut there", f.NoNewline)
	}
}

func counts(list []NamedCount) string {
	parts := make([]string, len(list))
	for i, c := range list {
		parts[i] = fmt.Sprintf("%s %d", c.Name, c.Count)
	}
	return cmp.Or(strings.Join(parts, ", "), "none")
}

func (p printer) procore(f *ProcoreFacts) {
	p.heading("Procore")
	p.line("  company %s on %s: the credentials are accepted; %s and %s visible",
		f.Company, f.Host, sync.Several(f.Projects, "project"), sync.Several(f.People, "person"))
	if f.OtherIDs > 0 {
		p.line("  employee ids: Procore's directory has others, and none of HR's %s: where it numbers people in another way, read the file "+
			"without employee_id, since whoever has another id counts as another person", sync.Grouped(f.OtherIDs))
	}
	rows := [][]string{{"TOOL", "LEVEL", "TEMPLATES", "PRESETS", "NOT READABLE"}}
	for _, t := range f.Tools {
		rows = append(rows, []string{t.Tool, t.Level, strconv.Itoa(t.Templates), strconv.Itoa(t.Presets), strconv.Itoa(t.Unreadable)})
	}
	p.table(rows...)
	if line := f.Presets.String(); line != "" {
		p.line("  presets: %s (whether they may be written too shows only when one is)", line)
	}
	rows = [][]string{{"TEMPLATE", "ID", "TOOL", "VERSION", "PRESETS"}}
	for _, t := range f.Templates {
		rows = append(rows, []string{t.Name, string(t.ID), t.Tool, string(t.Version), strconv.Itoa(t.Presets)})
	}
	p.table(rows...)
	for _, s := range f.Skipped {
		p.line("  skipped %s (%s): %s", s.Name, s.ID, s.Why)
	}
	types := make([]NamedCount, len(f.Types))
	for i, t := range f.Types {
		types[i] = NamedCount{t.Type, t.Count}
	}
	p.line("  types of groups: %s", counts(types))
}

func (p printer) groups(groups []planner.GroupCoverage) {
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

// apart writes how many people are in both of two groups that are to be kept apart.
func (p printer) apart(rules []planner.Standing) {
	if len(rules) == 0 {
		return
	}
	p.heading("Four eyes: who sits in two groups that SYNC_SEPARATION keeps apart, a pair being one person in one preset")
	rows := [][]string{{"RULE", "TEMPLATE / GROUP / OTHER", "PRESETS", "PAIRS TODAY", "PEOPLE"}}
	for _, r := range rules {
		rows = append(rows, []string{r.Rule, r.Of, strconv.Itoa(r.Presets), strconv.Itoa(r.Pairs), strconv.Itoa(r.People)})
	}
	p.table(rows...)
}

// notices writes what a run would report. Rejected rows are listed with the HR data.
func (p printer) notices(c *Report) error {
	exceptions := slices.DeleteFunc(slices.Clone(c.exceptions), func(e sync.Exception) bool {
		return e.Kind == sync.RowRejected || e.Kind == sync.UnterminatedLastRow
	})
	for _, gate := range c.gates {
		p.line("")
		p.line("%s: a run would be refused: %s", gate.name, gate.figure)
		p.line("  to do: %s", gate.todo)
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
