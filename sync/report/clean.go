package report

import (
	"iter"
	"strings"
	"unicode"
)

// Clean returns s fit for one line of a terminal or a page: line breaks and tabs become spaces, other control
// characters become their visible symbols (ESC is shown as ␛), and characters that change the reading direction or
// can't be decoded become U+FFFD. So a name from HR or Procore can neither move the cursor nor disguise what is beside
// it.
func Clean(s string) string { return strings.Map(cleanLine, s) }

// CleanLines is like Clean for a message of several lines, each of which is cleaned by itself.
func CleanLines(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '\n' {
			return r
		}
		return cleanLine(r)
	}, s)
}

// cleanCell is like Clean for a CSV cell, in which line breaks and tabs may stay because it is quoted. Every line break
// becomes a line feed, since a CSV reader may turn a carriage return and a line feed into one.
func cleanCell(s string) string {
	s = strings.ReplaceAll(s, "\r\n", "\n")
	return strings.Map(func(r rune) rune {
		switch r {
		case '\n', '\t':
			return r
		case '\r':
			return '\n'
		default:
			return cleanLine(r)
		}
	}, s)
}

const (
	pictures       = 0x2400 // the block of symbols for control characters starts with that of NUL
	pictureOfDEL   = '\u2421'
	lineSeparator  = '\u2028'
	paragraphBreak = '\u2029'
)

func cleanLine(r rune) rune {
	switch {
	case r == '\n', r == '\r', r == '\t', r == lineSeparator, r == paragraphBreak:
		return ' '
	case r < ' ':
		return pictures + r
	case r == 0x7f:
		return pictureOfDEL
	case unicode.IsControl(r), turnsDirection(r):
		return unicode.ReplacementChar
	default:
		return r
	}
}

// turnsDirection reports whether r overrides, embeds, isolates or marks a writing direction (Unicode Standard Annex 9).
// A real name in a right-to-left script needs no such character.
func turnsDirection(r rune) bool { return unicode.Is(unicode.Bidi_Control, r) }

// neutralise returns s as a cell that no spreadsheet runs as a formula. It puts an apostrophe before anything that
// would start a formula, and before a tab or line break at the start, as OWASP's page on CSV injection advises. It also
// does so after a semicolon, a tab or a line break inside the cell, where a spreadsheet that is set to another
// separator would split it. ReadCell undoes this.
func neutralise(s string) string {
	var b strings.Builder
	for piece, first := range pieces(s) {
		if wouldRun(piece, first) {
			b.WriteByte('\'')
		}
		b.WriteString(piece)
	}
	return b.String()
}

// ReadCell returns a cell of changes.csv or exceptions.csv as it was before neutralise.
func ReadCell(cell string) string {
	if !strings.Contains(cell, "'") {
		return cell
	}
	var b strings.Builder
	for piece, first := range pieces(cell) {
		if rest, quoted := strings.CutPrefix(piece, "'"); quoted && wouldRun(rest, first) {
			piece = rest
		}
		b.WriteString(piece)
	}
	return b.String()
}

// pieces yields what a spreadsheet that is set to another separator could take for cells, each with the character that
// ends it, and whether it is the first.
func pieces(s string) iter.Seq2[string, bool] {
	return func(yield func(string, bool) bool) {
		for first := true; s != ""; first = false {
			n := strings.IndexAny(s, cellCuts) + 1
			if n == 0 {
				n = len(s)
			}
			if !yield(s[:n], first) {
				return
			}
			s = s[n:]
		}
	}
}

// wouldRun reports whether a piece needs the apostrophe: it starts a formula or with a tab, or the cell with a line break.
// One that has an apostrophe there already gets another, so that ReadCell knows which is ours.
func wouldRun(piece string, first bool) bool {
	piece = strings.TrimLeft(piece, "'")
	return startsFormula(piece) || strings.HasPrefix(piece, "\t") || (first && strings.HasPrefix(piece, "\n"))
}

const (
	formulaStarts     = "=+-@"
	wideFormulaStarts = "＝＋－＠" // the full-width forms, which spreadsheets in East Asian locales take as well
	cellCuts          = ";\t\n"
)

// isPlain reports whether s is printable ASCII that neither starts a formula nor could be split, as nearly every cell
// is.
func isPlain(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' || s[i] == ';' {
			return false
		}
	}
	return !wouldRun(s, true)
}

// startsFormula reports whether the first thing in s that a spreadsheet would look at, after blanks, quotes and
// invisible characters, starts a formula.
func startsFormula(s string) bool {
	s = strings.TrimLeftFunc(s, func(r rune) bool {
		return r == '"' || (r != '\t' && r != '\n' && unicode.IsSpace(r)) || unicode.Is(unicode.Cf, r)
	})
	for _, r := range s {
		return strings.ContainsRune(formulaStarts+wideFormulaStarts, r)
	}
	return false
}
