package report

import (
	"strings"
	"unicode"
)

// neutralise gives s as a cell that no spreadsheet runs as a formula: an apostrophe goes before what would start one,
// and before a tab or a line break at the start, as OWASP's page on CSV injection advises. That is also done after a
// semicolon, a tab or a line break inside the cell, since a spreadsheet that is set to another separator cuts there.
func neutralise(s string) string {
	var b strings.Builder
	for rest := s; rest != ""; {
		if startsFormula(rest) || strings.ContainsAny(rest[:1], "\t\r") || (len(rest) == len(s) && rest[0] == '\n') {
			b.WriteByte('\'')
		}
		cut := strings.IndexAny(rest, cellCuts)
		if cut < 0 {
			b.WriteString(rest)
			break
		}
		b.WriteString(rest[:cut+1])
		rest = rest[cut+1:]
	}
	return b.String()
}

const (
	formulaStarts     = "=+-@"
	wideFormulaStarts = "＝＋－＠" // the full-width forms, which spreadsheets in East Asian locales take as well
	cellCuts          = ";\t\r\n"
)

// isPlain says whether s is printable ASCII that neither starts a formula nor could be cut: what nearly every cell is.
func isPlain(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' || s[i] == ';' {
			return false
		}
	}
	return !startsFormula(s)
}

// startsFormula says whether the first thing in s that a spreadsheet would look at, past blanks, quotes and invisible
// characters, starts a formula.
func startsFormula(s string) bool {
	s = strings.TrimLeftFunc(s, func(r rune) bool {
		return r == '"' || (r != '\t' && r != '\r' && r != '\n' && unicode.IsSpace(r)) || unicode.Is(unicode.Cf, r)
	})
	for _, r := range s {
		return strings.ContainsRune(formulaStarts+wideFormulaStarts, r)
	}
	return false
}
