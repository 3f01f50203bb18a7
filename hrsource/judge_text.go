package hrsource

import (
	"regexp"
	"strings"
	"unicode"

	"procore-assignee-sync/hrsource/csvtable"
)

var (
	spreadsheetNumber = regexp.MustCompile(`^-?(?:\d+[.,]\d+[eE][+-]?\d+|\d+[eE]\+\d+)$`)
	decimalNumber     = regexp.MustCompile(`^\d+[.,]0+$`)
	spreadsheetErrors = regexp.MustCompile(`^#(?:REF!|N/A|VALUE!|NAME\?|DIV/0!|NULL!|NUM!|SPILL!|CALC!|#+)$`)
)

// unformula returns the text that a cell such as ="00123" shows; exports write it to keep a spreadsheet from taking
// text for a number.
func unformula(cell string) string {
	inner, ok := strings.CutPrefix(strings.TrimSpace(cell), `="`)
	if !ok || !strings.HasSuffix(inner, `"`) {
		return cell
	}
	inner = strings.TrimSuffix(inner, `"`)
	if strings.Contains(strings.ReplaceAll(inner, `""`, ""), `"`) { // a formula of several parts
		return cell
	}
	return strings.ReplaceAll(inner, `""`, `"`)
}

// text reads a clean cell by which people are matched. It returns nothing if the cell can't be read.
func (j *judgement) text(column, cell string) string {
	switch {
	case strings.HasPrefix(cell, "#") && spreadsheetErrors.MatchString(cell):
		j.fault(finding{
			column: column, value: cell, what: j.in.name(column) + " is " + cell + ", which a spreadsheet writes where it has no value",
			todo: "export the value", family: "spreadsheet error " + column, of: cell,
		})
	case strings.HasPrefix(cell, "="):
		j.fault(finding{
			column: column, value: cell, what: j.in.name(column) + " " + quote(shorten(cell)) + " is a spreadsheet's formula",
			todo: "export its value as text", family: "formula " + column,
		})
	case strings.ContainsRune(cell, '\uFFFD'):
		j.fault(finding{
			column: column, what: j.in.name(column) + " has a character that was damaged in an earlier conversion",
			todo: "export it as UTF-8", family: "damaged " + column,
		})
	default:
		return j.length(column, cell)
	}
	return ""
}

// identifier reads an employee id or a project. If a spreadsheet has turned it into a number, it is lost.
func (j *judgement) identifier(column, cell string) string {
	if !strings.ContainsAny(cell, ".,eE") { // not a number, or a whole one
		return j.text(column, cell)
	}
	switch {
	case spreadsheetNumber.MatchString(cell):
		j.fault(finding{
			column: column, value: cell, family: "number " + column, todo: "export it as text",
			what: j.in.name(column) + " " + quote(shorten(cell)) + " was turned into a number by a spreadsheet, and its digits are lost",
		})
	case decimalNumber.MatchString(cell):
		j.fault(finding{
			column: column, value: cell, family: "decimal number " + column, todo: "export it as text",
			what: j.in.name(column) + " " + quote(shorten(cell)) + " was turned into a decimal number on the way, and leading zeros may be lost",
		})
	default:
		return j.text(column, cell)
	}
	return ""
}

// project reads the project of the row.
func (j *judgement) project() string {
	project := j.identifier("project", value(unformula(j.raw.Project)))
	if project == "*" {
		return EveryProject
	}
	return project
}

// value cleans a cell, and returns nothing for what database clients write if there is no value.
func value(cell string) string {
	cell = clean(cell)
	if cell == "NULL" || cell == `\N` {
		return ""
	}
	return cell
}

// clean trims a cell, and replaces each line break and other control character by a space, so that a name with a line
// break is one line in a report.
func clean(cell string) string {
	if isPlain(cell) {
		return cell
	}
	cell = strings.ReplaceAll(cell, "\r\n", "\n")
	cell = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, cell)
	return strings.TrimFunc(cell, func(r rune) bool { return unicode.IsSpace(r) || csvtable.IsUnseen(r) })
}

// stripUnseen cleans a cell and removes characters without width everywhere: they are never intended in an id or an
// address.
func stripUnseen(cell string) string {
	if isPlain(cell) {
		return cell
	}
	return clean(strings.Map(func(r rune) rune {
		if csvtable.IsUnseen(r) {
			return -1
		}
		return r
	}, cell))
}

// isPlain reports whether a cell needs no cleaning: ASCII without control characters, and without spaces around it.
func isPlain(cell string) bool {
	for i := range len(cell) {
		if cell[i] < ' ' || cell[i] >= 0x7F {
			return false
		}
	}
	return cell == "" || cell[0] != ' ' && cell[len(cell)-1] != ' '
}

// shorten shortens a value for a message.
func shorten(value string) string {
	const most = 60
	runes := 0
	for at := range value {
		if runes++; runes > most {
			return value[:at] + "…"
		}
	}
	return value
}
