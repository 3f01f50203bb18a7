package draft

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"

	"procore-assignee-sync/hrsource"
)

// mostStatuses is how many values a status column has at most; a column with more is something else.
const mostStatuses = 40

// statuses works out what the values of the status column seem to mean.
func (d *HR) statuses(c content) {
	header := d.header("status")
	rows := map[string]int{}
	for _, cell := range c.column(header) {
		if !isNone(cell) {
			rows[cell]++
		}
	}
	if len(rows) > mostStatuses {
		d.forget("status")
		return
	}
	for _, text := range slices.Sorted(maps.Keys(rows)) {
		s := Status{Text: text, Rows: rows[text]}
		usual, known := hrsource.RowFormat{}.StatusOf(text)
		told, ok := d.CSV.Format.StatusOf(text)
		switch {
		case ok:
			s.Meaning, s.Usual, s.Told = told, known && told == usual, !known || told != usual
		default:
			s.Meaning = hrsource.GuessStatus(header, text)
		}
		d.Statuses = append(d.Statuses, s)
	}
	// Read the export with what is proposed, and with what was given before.
	if guessed, err := hrsource.ParseStatusValues(statusText(d.guessed(), nil)); err == nil {
		told := d.CSV.Format.StatusValues
		d.CSV.Format.StatusValues = guessed
		maps.Copy(d.CSV.Format.StatusValues, told)
	}
}

// guessed returns the values that need a setting, by what they seem to mean.
func (d *HR) guessed() map[hrsource.Status][]string {
	values := map[hrsource.Status][]string{}
	for _, s := range d.Statuses {
		if s.Meaning != "" && !s.Usual {
			values[s.Meaning] = append(values[s.Meaning], s.Text)
		}
	}
	return values
}

// forget undoes the finding of a column.
func (d *HR) forget(column string) {
	d.Columns = slices.DeleteFunc(d.Columns, func(c Column) bool { return c.Name == column })
	delete(d.CSV.Columns, column)
}

// dates works out how the export writes dates, if not as ISO 8601.
func (d *HR) dates(c content) {
	if !d.CSV.Format.Date.IsZero() {
		d.Dates = []hrsource.DateFormat{d.CSV.Format.Date}
		return
	}
	cells := map[string]int{}
	iso := true
	for _, column := range []string{"start_date", "end_date"} {
		for _, cell := range c.column(d.header(column)) {
			// A text whose only digits are zeros is not a date in any format.
			if !strings.ContainsAny(cell, "123456789") {
				continue
			}
			cells[cell]++
			_, err := hrsource.DateFormat{}.Parse(cell)
			iso = iso && err == nil
		}
	}
	if iso {
		return
	}
	d.Dates, _ = hrsource.ProposeDateFormatsButSlips(cells)
	d.NoFormat = len(d.Dates) == 0
	if len(d.Dates) == 1 {
		d.CSV.Format.Date = d.Dates[0]
	}
}

// try reads the export the way that is proposed.
func (d *HR) try(ctx context.Context) error {
	roster, err := d.CSV.Load(ctx)
	if err != nil {
		d.Trouble = err
		return ctx.Err()
	}
	d.Rejected, d.Causes = len(roster.Rejected), roster.Causes
	d.Accepted = roster.Accepted
	roles := map[string]map[string]bool{}
	for _, m := range roster.Members {
		if roles[m.Team] == nil {
			roles[m.Team] = map[string]bool{}
		}
		roles[m.Team][m.Role] = true
	}
	for _, team := range slices.SortedFunc(maps.Keys(roles), strings.Compare) {
		t := Team{Name: team}
		for _, role := range slices.SortedFunc(maps.Keys(roles[team]), cmp.Compare) {
			if role != "" {
				t.Roles = append(t.Roles, role)
			}
		}
		d.Teams = append(d.Teams, t)
	}
	return nil
}
