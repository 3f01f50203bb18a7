package draft

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"procore-assignee-sync/hrsource"
	"procore-assignee-sync/sync"
	"procore-assignee-sync/sync/report"
)

// Print prints what was found, and what was not.
func (d *HR) Print(w io.Writer, rules []Rule) error {
	b := bufio.NewWriter(w)
	fmt.Fprintf(b, "%s: %s\n", report.Clean(d.Path), sync.Several(d.Rows, "row"))
	var rows [][]string
	for _, column := range hrsource.Columns {
		rows = append(rows, []string{column, orElse(d.header(column), "-")})
	}
	table(b, []string{"OUR COLUMN", "HEADER"}, rows)
	var unused []string
	for _, header := range d.Headers {
		if !d.takes(header) {
			unused = append(unused, header)
		}
	}
	if len(unused) > 0 {
		fmt.Fprintf(b, "  not used: %s\n", report.Clean(strings.Join(unused, ", ")))
	}
	switch {
	case d.ByCells != "":
		fmt.Fprintf(b, "  %s is taken for the project, since its cells are projects of the company\n", report.Clean(d.ByCells))
	case d.header("project") == "":
		b.WriteString("  no column says the project: everybody counts for every project\n")
	}
	d.printValues(b)
	if len(rules) > 0 {
		rows = nil
		for _, r := range rules {
			rows = append(rows, []string{r.Template, r.Group, orElse(r.Team, "?"), r.Role})
		}
		b.WriteString("\nRole map, ? where no team could be proposed\n")
		table(b, []string{"TEMPLATE", "GROUP", "TEAM", "ROLE"}, rows)
	}
	return b.Flush()
}

// printValues prints what statuses and dates mean, and the result of reading the export that way.
func (d *HR) printValues(b *bufio.Writer) {
	if len(d.Statuses) > 0 {
		var rows [][]string
		for _, s := range d.Statuses {
			means := orElse(string(s.Meaning), "?")
			if s.Meaning != "" && !s.Usual && !s.Told {
				means += " (guessed)"
			}
			rows = append(rows, []string{s.Text, fmt.Sprint(s.Rows), means})
		}
		fmt.Fprintf(b, "\nStatuses, ? where nobody can say\n")
		table(b, []string{"VALUE", "ROWS", "MEANS"}, rows)
	}
	if len(d.Dates) > 0 {
		formats := make([]string, len(d.Dates))
		for i, f := range d.Dates {
			formats[i] = f.String()
		}
		fmt.Fprintf(b, "\nDates: %s\n", strings.Join(formats, " or "))
	}
	if d.Trouble != nil {
		fmt.Fprintf(b, "\nIt can't be read so yet: %v\n", d.Trouble)
		return
	}
	fmt.Fprintf(b, "\nRead so: %d accepted, %d rejected, %s\n", d.Accepted, d.Rejected, sync.Several(len(d.Teams), "team"))
	for _, cause := range d.Causes {
		fmt.Fprintf(b, "  %s\n", report.Clean(cause.String()))
	}
}

// ToDo returns what a person still has to do about the HR data.
func (d *HR) ToDo() []string {
	var todo []string
	open := 0
	for _, s := range d.Statuses {
		if s.Meaning == "" {
			open++
		}
	}
	if open > 0 {
		todo = append(todo, fmt.Sprintf("complete HR_STATUS_VALUES: %s of the status column can't be guessed", sync.Several(open, "value")))
	}
	if d.NoFormat {
		todo = append(todo, "set HR_DATE_FORMAT: no one format fits the dates of the file")
	}
	if len(d.Dates) > 1 {
		todo = append(todo, "choose HR_DATE_FORMAT: day and month can't be told apart")
	}
	for _, column := range []string{"team", "employee_id"} {
		if d.header(column) == "" && (column == "team" || d.header("email") == "") {
			todo = append(todo, "complete HR_CSV_COLUMNS: no column for "+column+" was found")
		}
	}
	return todo
}

func orElse(text, instead string) string {
	if text == "" {
		return instead
	}
	return text
}

// table writes rows of cells in aligned columns.
func table(w io.Writer, head []string, rows [][]string) {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, row := range append([][]string{head}, rows...) {
		cells := make([]string, len(row))
		for i, cell := range row {
			cells[i] = report.Clean(cell)
		}
		fmt.Fprintf(t, "  %s\n", strings.Join(cells, "\t"))
	}
	_ = t.Flush() // w keeps its own error
}
