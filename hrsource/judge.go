package hrsource

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
)

// longestCell is the most bytes that a cell may have. HR's longest true values are far below; what is longer is a
// quote gone wrong.
const longestCell = 1000

// judge reads a row by itself. What is unreadable stays empty in the row.
func (in *intake) judge(raw rawRow) (keptRow, []rowFault) {
	j := judgement{in: in}
	id := j.identifier("employee_id", stripUnseen(value(raw.EmployeeID)))
	email, emailValid := j.address("email", value(raw.Email))
	login, _ := j.address("procore_login", value(raw.ProcoreLogin))
	if value(raw.EmployeeID) == "" && value(raw.Email) == "" {
		j.fault("employee_id", "", "neither %s nor %s says who this is", in.name("employee_id"), in.name("email"))
	}
	name := j.length("name", clean(raw.Name))
	team := j.text("team", value(raw.Team))
	if value(raw.Team) == "" {
		j.fault("team", "", "%s is empty", in.name("team"))
	}
	role := j.text("role", value(raw.Role))
	project := j.identifier("project", value(raw.Project))
	if project == "*" {
		project = EveryProject
	}
	status := j.status(value(raw.Status))
	start, end := j.dates(raw)

	row := keptRow{
		source: in.texts.number(raw.At.Source),
		line:   uint32(raw.At.Line), // lines and rows are bounded
		row:    uint32(raw.At.Row),  // lines and rows are bounded
		detail: raw.At.Detail,
		team:   in.texts.number(team), role: in.texts.number(role), project: in.texts.number(project),
		start: packDate(start), end: packDate(end),
		status: status, emailValid: emailValid,
	}
	row.setOwn(id, email, login, name)
	return row, j.faults
}

// judgement collects what is wrong with one row.
type judgement struct {
	in     *intake
	faults []rowFault
}

func (j *judgement) fault(column, value, reason string, args ...any) {
	j.faults = append(j.faults, rowFault{column, value, fmt.Sprintf(reason, args...)})
}

// name is what a column is called in messages: by its canonical name, and by the source's own where that differs.
func (in *intake) name(column string) string {
	if called, ok := in.called[column]; ok {
		return fmt.Sprintf("%s (%q)", column, called)
	}
	return column
}

var (
	spreadsheetNumber = regexp.MustCompile(`^-?(?:\d+[.,]\d+[eE][+-]?\d+|\d+[eE]\+\d+)$`)
	decimalNumber     = regexp.MustCompile(`^\d+[.,]0+$`)
	spreadsheetErrors = regexp.MustCompile(`^#(?:REF!|N/A|VALUE!|NAME\?|DIV/0!|NULL!|NUM!|SPILL!|CALC!|#+)$`)
)

// length refuses a cell that is too long to be meant.
func (j *judgement) length(column, cell string) string {
	if len(cell) > longestCell {
		j.fault(column, "", "%s has more than %d characters; look for a quote that is not closed", j.in.name(column), longestCell)
		return ""
	}
	return cell
}

// text reads a clean cell that people are matched by. It gives nothing where it cannot be read.
func (j *judgement) text(column, cell string) string {
	switch {
	case strings.HasPrefix(cell, "#") && spreadsheetErrors.MatchString(cell):
		j.fault(column, cell, "%s is %s, which a spreadsheet writes where it has no value", j.in.name(column), cell)
	case strings.ContainsRune(cell, '\uFFFD'):
		j.fault(column, "", "%s has a character that was damaged in an earlier conversion; export it as UTF-8", j.in.name(column))
	default:
		return j.length(column, cell)
	}
	return ""
}

// identifier reads an employee id or a project. What a spreadsheet has turned into a number is lost.
func (j *judgement) identifier(column, cell string) string {
	if !strings.ContainsAny(cell, ".,eE=") { // no number but a whole one
		return j.text(column, cell)
	}
	switch {
	case spreadsheetNumber.MatchString(cell):
		j.fault(column, shorten(cell), "%s %q was turned into a number by a spreadsheet, and its digits are lost; export it as text", j.in.name(column), shorten(cell))
	case decimalNumber.MatchString(cell):
		j.fault(column, shorten(cell), "%s %q was turned into a decimal number on the way, and leading zeros may be lost; export it as text", j.in.name(column), shorten(cell))
	case strings.HasPrefix(cell, "="):
		j.fault(column, shorten(cell), "%s %q is a spreadsheet's formula; export its value as text", j.in.name(column), shorten(cell))
	default:
		return j.text(column, cell)
	}
	return ""
}

// address reads an e-mail address. What is none is kept as it is, for it may still say whom the row speaks of, but not
// shown.
func (j *judgement) address(column, cell string) (address string, valid bool) {
	before := len(j.faults)
	address = j.text(column, FoldAddress(cell))
	if address == "" || len(j.faults) > before {
		return "", false
	}
	if !isAddress(address) {
		j.fault(column, "", "%s is not an e-mail address; one address, and nothing else, belongs there", j.in.name(column))
		return address, false
	}
	return address, true
}

// status gives the place in statuses of what a cell says.
func (j *judgement) status(cell string) uint8 {
	if place, ok := j.in.statusPlaces[cell]; ok {
		return place
	}
	status, known := j.in.format.status(cell)
	if !known {
		j.fault("status", shorten(cell), "%s %q is not known; say in HR_STATUS_VALUES whether it means active, leave, prehire or terminated",
			j.in.name("status"), shorten(cell))
		return 0
	}
	place := uint8(slices.Index(statuses, status)) // there are four
	j.in.statusPlaces[strings.Clone(cell)] = place
	return place
}

// dates reads both dates of a row.
func (j *judgement) dates(raw rawRow) (start, end Date) {
	format := j.in.format.Date
	if raw.TypedDates {
		format = DateFormat{}
	}
	start, startOK := j.date("start_date", value(raw.Start), format)
	end, endOK := j.date("end_date", value(raw.End), format)
	switch {
	case format.shortYear() && end == Date{1999, time.December, 31}:
		j.fault("end_date", clean(raw.End), "%s %q may mean the year 1999 or 9999, that is, no end; export years with four digits",
			j.in.name("end_date"), clean(raw.End))
	case startOK && endOK && !start.IsZero() && !end.IsZero() && end.Before(start):
		j.fault("end_date", clean(raw.End), "%s %s lies before %s %s", j.in.name("end_date"), end, j.in.name("start_date"), start)
	}
	return start, end
}

func (j *judgement) date(column, cell string, format DateFormat) (Date, bool) {
	date, err := format.Parse(cell)
	if err != nil {
		j.fault(column, shorten(cell), "%s %q %s", j.in.name(column), shorten(cell), err)
		return Date{}, false
	}
	return date, true
}
