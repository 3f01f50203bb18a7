package hrsource

import (
	"fmt"
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

// isAddress reports whether folded text is one e-mail address.
func isAddress(address string) bool { return addressFault(address) == "" }

// addressFault says why folded text is not one e-mail address: something, one @, and a domain. It lets more through than
// mail servers do, since Procore knows which addresses exist. It returns nothing for what is one.
func addressFault(address string) string {
	local, domain, _ := strings.Cut(address, "@")
	switch count := strings.Count(address, "@"); {
	case !utf8.ValidString(address):
		return "it has bytes that are not text"
	case count == 0:
		return "it has no @"
	case strings.ContainsAny(address, "<>"):
		return "it has angle brackets"
	case count > 1:
		return "it has more than one @"
	case local == "":
		return "nothing stands before the @"
	case len(address) > 254:
		return "it is too long"
	}
	for _, r := range address {
		switch {
		case r < utf8.RuneSelf && (r >= 'a' && r <= 'z' || r >= '@' && r <= 'Z' || r >= '0' && r <= '9' || r == '.' || r == '-'):
		case unicode.IsSpace(r):
			return "it has a space in it"
		case !unicode.IsPrint(r):
			return fmt.Sprintf("it has the character %U in it, which can't be seen", r)
		case strings.ContainsRune(`<>()[]\,;:"`, r):
			return fmt.Sprintf("it has the character %c in it", r)
		}
	}
	for label := range strings.SplitSeq(domain, ".") {
		if !isLabel(label) {
			return "no domain stands behind the @"
		}
	}
	return ""
}

// isLabel reports whether text is a part of a domain.
func isLabel(text string) bool {
	for _, r := range text {
		if r != '-' && !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) {
			return false
		}
	}
	return text != "" && !strings.HasPrefix(text, "-") && !strings.HasSuffix(text, "-")
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
