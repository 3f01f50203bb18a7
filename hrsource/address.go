package hrsource

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// FoldAddress returns an e-mail address as it is compared, in HR and in Procore alike: trimmed, without characters that
// cannot be seen, with marks composed onto their letters, and in lower case as far as a letter's two cases are a pair.
//
// It is stricter than Unicode's case folding and normal forms, for which several addresses are one: ß is not ss, ſ and
// the Kelvin sign are neither s nor k, and İ is only itself. Two spellings of one address are never that different, and
// whoever registers such a look-alike must not be taken for somebody else.
func FoldAddress(address string) string {
	address = stripUnseen(address)
	if isASCII(address) {
		return strings.ToLower(address)
	}
	return compose(strings.Map(lowerOfPair, compose(address)))
}

// lowerOfPair returns the lower case of a letter that is its upper case in turn, and any other character as it is.
func lowerOfPair(r rune) rune {
	if lower := unicode.ToLower(r); unicode.ToUpper(lower) == r {
		return lower
	}
	return r
}

// compose returns text in Unicode's normal form C (UAX #15), but leaves alone the characters that this form merely
// replaces by another, such as the Kelvin sign.
func compose(text string) string {
	var b strings.Builder
	b.Grow(len(text))
	from := 0
	for at, r := range text {
		if isReplaced(r) {
			b.WriteString(norm.NFC.String(text[from:at]))
			b.WriteRune(r)
			from = at + utf8.RuneLen(r)
		}
	}
	b.WriteString(norm.NFC.String(text[from:]))
	return b.String()
}

// isReplaced reports whether normal form C has another single character in the place of r.
func isReplaced(r rune) bool {
	if r < utf8.RuneSelf || norm.NFC.PropertiesString(string(r)).Decomposition() == nil {
		return false
	}
	composed := []rune(norm.NFC.String(string(r)))
	return len(composed) == 1 && composed[0] != r
}

// isASCII reports whether text has no character beyond ASCII.
func isASCII(text string) bool {
	for i := range len(text) {
		if text[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
