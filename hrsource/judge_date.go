package hrsource

import (
	"errors"
	"fmt"
	"strings"
)

// mostDates is how many distinct dates are kept to find out how HR writes them. Fifty years have about 20,000 days.
const mostDates = 100_000

// dateReader parses the cells of the date columns, most of which occur in many rows.
type dateReader struct {
	read  map[string]*readDate
	typed map[string]*readDate // from date columns, to which HR_DATE_FORMAT does not apply
}

type readDate struct {
	date  packedDate
	err   error
	cells int // number of cells with it
}

func (d *dateReader) init() { d.read, d.typed = map[string]*readDate{}, map[string]*readDate{} }

// NullDate is a date that stands for none.
type NullDate struct {
	Text  string `json:"text"`  // as HR writes it
	Rows  int    `json:"rows"`  // number of rows in which it is the end date
	First string `json:"first"` // position of the first of them
}

// Where says in how many rows it occurs, and where first.
func (n NullDate) Where() string { return rowsFrom(n.Rows, n.First) }

// The families of faults in dates. A wrong format shows in both columns at once.
const (
	formatFamily = "date format"
	dayFamily    = "date"
	wordFamily   = "no date"
)

// dates reads both dates of the row into m. It reports whether the end date is known.
func (j *judgement) dates(m *Member) (endKnown bool) {
	var startKnown bool
	m.Start, startKnown = j.date("start_date", j.raw.StartDate)
	m.End, endKnown = j.date("end_date", j.raw.EndDate)
	end := dateCell(j.raw.EndDate)
	switch {
	case end != "" && endKnown && m.End.IsZero():
		j.in.noteNullDate(end, j.raw.At)
	case j.in.format.Date.shortYear() && !j.raw.TypedDates && m.Status != Terminated && isNullOfAnotherCentury(m.End):
		j.fault(finding{
			column: "end_date", value: end, family: "short year",
			what: fmt.Sprintf("%s %s may stand for another century, and mean that there is no end", j.in.name("end_date"), quote(end)),
			todo: "export years with four digits",
		})
	case startKnown && endKnown && !m.Start.IsZero() && !m.End.IsZero() && m.End.Before(m.Start):
		j.fault(finding{
			column: "end_date", value: end, family: "end before start", todo: "correct one of them in HR",
			what: fmt.Sprintf("%s %s lies before %s %s", j.in.name("end_date"), m.End, j.in.name("start_date"), m.Start),
		})
	}
	return endKnown
}

// dateCell cleans a cell with a date. Windows puts direction marks between the parts of the dates that it shows.
func dateCell(cell string) string { return stripUnseen(value(unformula(cell))) }

// date reads one date.
func (j *judgement) date(column, cell string) (Date, bool) {
	cell = dateCell(cell)
	date, err := j.in.dates.parse(cell, j.in.format.Date, j.raw.TypedDates)
	if err == nil {
		return date, true
	}
	f := finding{
		column: column, value: cell, family: err.Error(), what: j.in.name(column) + " " + quote(shorten(cell)) + " " + err.Error(),
	}
	var mismatch *mismatchError
	switch {
	case errors.As(err, &mismatch) && !strings.ContainsAny(cell, digits):
		f.family, f.todo = wordFamily, "correct it in HR"
	case errors.As(err, &mismatch):
		f.family = formatFamily
	case errors.Is(err, errNoSuchDay):
		f.family = dayFamily
	case errors.Is(err, errDayNumber):
		f.todo = "format that column as a date"
	case errors.Is(err, errZonedTime):
		f.todo = "export the date alone"
	}
	j.fault(f)
	return Date{}, false
}

// parse parses a date, reusing the result if the same text was parsed before.
func (d *dateReader) parse(cell string, format DateFormat, typed bool) (Date, error) {
	read := d.read
	switch {
	case cell == "":
		return Date{}, nil
	case typed:
		read, format = d.typed, DateFormat{}
	}
	if known, ok := read[cell]; ok {
		known.cells++
		return known.date.date(), known.err
	}
	date, err := format.Parse(cell)
	if len(read) <= mostDates {
		read[strings.Clone(cell)] = &readDate{packDate(date), err, 1}
	}
	return date, err
}

// noteNullDate counts a date that stands for none.
func (in *Intake) noteNullDate(text string, at Position) {
	known := in.nullDates[text]
	if known == nil {
		known = &NullDate{Text: strings.Clone(text), First: at.String()}
		in.nullDates[known.Text] = known
	}
	known.Rows++
}
