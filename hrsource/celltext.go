package hrsource

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// isAddress says whether folded text is one e-mail address: something, one @, and a domain. It lets more through than
// mail servers do, since Procore knows which addresses exist.
func isAddress(address string) bool {
	local, domain, ok := strings.Cut(address, "@")
	if !ok || local == "" || len(address) > 254 || !utf8.ValidString(address) {
		return false
	}
	for _, r := range address {
		if r < utf8.RuneSelf && (r >= 'a' && r <= 'z' || r >= '@' && r <= 'Z' || r >= '0' && r <= '9' || r == '.' || r == '-') {
			continue
		}
		if unicode.IsSpace(r) || !unicode.IsPrint(r) || strings.ContainsRune(`<>()[]\,;:"`, r) {
			return false
		}
	}
	for label := range strings.SplitSeq(domain, ".") {
		if label == "" || strings.HasPrefix(label, "-") || strings.HasSuffix(label, "-") {
			return false
		}
		for _, r := range label {
			if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '-' {
				continue
			}
			if !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) {
				return false
			}
		}
	}
	return true
}

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
	return strings.TrimFunc(cell, func(r rune) bool { return unicode.IsSpace(r) || isUnseen(r) })
}

// stripUnseen cleans a cell, and takes out characters without width wherever they are: in an id or an address they are
// never meant.
func stripUnseen(cell string) string {
	if isPlain(cell) {
		return cell
	}
	return clean(strings.Map(func(r rune) rune {
		if isUnseen(r) {
			return -1
		}
		return r
	}, cell))
}

// isUnseen reports whether r has no width of its own and only steers how text is shown: joiners, soft hyphens, marks of
// direction, selectors of variants. Contact cards, web pages and editors leave such characters in copied text.
func isUnseen(r rune) bool {
	return r >= 0x80 && unicode.In(r, unicode.Cf, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector)
}

// isPlain says whether a cell is as it should be: ASCII without control characters and without spaces around it.
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
