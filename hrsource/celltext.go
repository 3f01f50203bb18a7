package hrsource

import (
	"strings"
	"unicode"

	"procore-assignee-sync/hrsource/csvtable"
)

// value cleans a cell, and gives nothing for what a database's client writes where there is no value.
func value(cell string) string {
	cell = clean(cell)
	if cell == "NULL" || cell == `\N` {
		return ""
	}
	return cell
}

// clean trims a cell, and puts a space for each line break and other control character in it: a name with a line break
// is one line in a report.
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

// stripUnseen cleans a cell, and takes out characters without width wherever they are: in an id or an address they are
// never meant.
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

// isPlain reports whether a cell is as it should be: ASCII without control characters and without spaces around it.
func isPlain(cell string) bool {
	for i := range len(cell) {
		if cell[i] < ' ' || cell[i] >= 0x7F {
			return false
		}
	}
	return cell == "" || cell[0] != ' ' && cell[len(cell)-1] != ' '
}

// shorten cuts a value for a message.
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
