package sync

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// FoldName folds the name of a template, group, team or role for comparing: letter case, accents' encodings and
// characters that can't be seen make no difference, and a run of spaces and punctuation counts as one space. A name
// that folds to nothing matches nothing.
func FoldName(name string) string {
	return spaced(foldCase(name), func(r rune) bool { return unicode.IsSpace(r) || unicode.IsPunct(r) })
}

// FoldText folds letter case and runs of spaces only: two teams are one in HR's eyes when they differ by no more.
func FoldText(text string) string { return spaced(foldCase(text), unicode.IsSpace) }

// FoldNumber folds a project's number or id: trimmed, without regard to case, and otherwise exact.
func FoldNumber(number string) string { return strings.TrimSpace(foldCase(number)) }

// What may stand before a project's id or number, to say which of the two it is.
const (
	IDPrefix     = "id:"
	NumberPrefix = "number:"
)

// ReadProject returns what a text may be of a project, folded: its id and its number, or the one that it says it is.
func ReadProject(text string) (id, number string) {
	folded := FoldNumber(text)
	if id, is := strings.CutPrefix(folded, IDPrefix); is {
		return strings.TrimSpace(id), ""
	}
	if number, is := strings.CutPrefix(folded, NumberPrefix); is {
		return "", strings.TrimSpace(number)
	}
	return folded, folded
}

// spaced makes each run of gap characters one space, and none at the ends.
func spaced(s string, gap func(rune) bool) string {
	var b strings.Builder
	b.Grow(len(s))
	pending := false
	for _, r := range s {
		switch {
		case gap(r):
			pending = b.Len() > 0
		case unicode.Is(unicode.Cf, r):
			// Zero-width and other format characters look like nothing, so they must not part two names.
		default:
			if pending {
				b.WriteByte(' ')
				pending = false
			}
			b.WriteRune(r)
		}
	}
	return b.String()
}

// foldCase is Unicode's full case folding of the composed form. Nearly all text is ASCII, for which lower case is just
// that.
func foldCase(s string) string {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return norm.NFC.String(cases.Fold().String(norm.NFC.String(s)))
		}
	}
	return strings.ToLower(s)
}
