package sync

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// FoldName folds the name of a template, group, team or role for comparison: letter case, the encoding of accents and
// invisible characters make no difference, and a run of spaces and punctuation counts as one space. A name that folds
// to nothing matches nothing.
func FoldName(name string) string {
	return spaced(foldCase(name), func(r rune) bool { return unicode.IsSpace(r) || unicode.IsPunct(r) })
}

// FoldText folds only letter case and runs of spaces. Teams whose names differ in no more than that are the same team
// to HR.
func FoldText(text string) string { return spaced(foldCase(text), unicode.IsSpace) }

// FoldNumber folds a project's number or id: it trims it and ignores case, and is otherwise exact.
func FoldNumber(number string) string { return strings.TrimSpace(foldCase(number)) }

// The prefixes of a project's id or number that say which of the two it is.
const (
	IDPrefix     = "id:"
	NumberPrefix = "number:"
)

// ReadProject returns the project id and the number that a text may mean, folded: both, or only the one that its prefix
// says.
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

// spaced replaces each run of gap characters by one space, and trims them at both ends.
func spaced(s string, gap func(rune) bool) string {
	var b strings.Builder
	b.Grow(len(s))
	pending := false
	for _, r := range s {
		switch {
		case gap(r):
			pending = b.Len() > 0
		case unicode.Is(unicode.Cf, r):
			// Zero-width and other format characters are invisible, so they must not make two names different.
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

// foldCase returns Unicode's full case folding of the composed form. Nearly all text is ASCII, for which that is plain
// lower case.
func foldCase(s string) string {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return norm.NFC.String(cases.Fold().String(norm.NFC.String(s)))
		}
	}
	return strings.ToLower(s)
}
