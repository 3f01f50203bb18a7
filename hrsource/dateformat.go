package hrsource

import (
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// DateFormat is how HR writes a date. The zero DateFormat is ISO 8601: 2026-01-31 or 20260131.
type DateFormat struct {
	layout string // as it was given

	// pattern has one letter for each token: Y YYYY, y YY, B MMMM, b MMM, M MM, m M, D DD, d D. What is no letter
	// stands for itself.
	pattern string
}

// dateTokens are the tokens of HR_DATE_FORMAT, longer ones first, with their letters in a pattern.
var dateTokens = []struct {
	token  string
	letter byte
}{
	{"YYYY", 'Y'},
	{"YY", 'y'},
	{"MMMM", 'B'},
	{"MMM", 'b'},
	{"MM", 'M'},
	{"M", 'm'},
	{"DD", 'D'},
	{"D", 'd'},
}

// ParseDateFormat reads HR_DATE_FORMAT: YYYY or YY; MM, M, MMM (Jan) or MMMM (January); DD or D; in any case and order,
// with anything but letters and digits between. YY, MM and DD are two digits, M and D one or two. Empty text gives the
// zero DateFormat.
func ParseDateFormat(s string) (DateFormat, error) {
	layout := strings.TrimSpace(s)
	var pattern strings.Builder
	for rest := strings.ToUpper(layout); rest != ""; {
		letter, size := leadingToken(rest)
		if letter != 0 {
			pattern.WriteByte(letter)
			rest = rest[size:]
			continue
		}
		r, size := utf8.DecodeRuneInString(rest)
		if unicode.IsLetter(r) || unicode.IsDigit(r) || r == utf8.RuneError {
			return DateFormat{}, fmt.Errorf("date format %q: %q means nothing in it; write it with YYYY, MM and DD, such as DD.MM.YYYY", layout, r)
		}
		pattern.WriteRune(r)
		rest = rest[size:]
	}
	if err := checkPattern(pattern.String()); err != nil {
		return DateFormat{}, fmt.Errorf("date format %q: %w", layout, err)
	}
	return DateFormat{layout: layout, pattern: pattern.String()}, nil
}

func leadingToken(s string) (letter byte, size int) {
	for _, t := range dateTokens {
		if strings.HasPrefix(s, t.token) {
			return t.letter, len(t.token)
		}
	}
	return 0, 0
}

// checkPattern wants one year, one month and one day, and a place where each of them ends.
func checkPattern(pattern string) error {
	if pattern == "" {
		return nil
	}
	count := func(letters string) (n int) {
		for _, letter := range letters {
			n += strings.Count(pattern, string(letter))
		}
		return n
	}
	if count("Yy") != 1 || count("MmBb") != 1 || count("Dd") != 1 {
		return errors.New("it needs a year (YYYY), a month (MM) and a day (DD), once each")
	}
	for i := range len(pattern) - 1 {
		if strings.IndexByte("md", pattern[i]) >= 0 && strings.IndexByte("YyMmDd", pattern[i+1]) >= 0 {
			return errors.New("after M or D, which may be one digit or two, something must divide it from the next number; or write MM and DD")
		}
	}
	return nil
}

// IsZero says whether it is ISO 8601.
func (f DateFormat) IsZero() bool { return f == DateFormat{} }

// String gives the format as a person writes it.
func (f DateFormat) String() string {
	if f.IsZero() {
		return "YYYY-MM-DD"
	}
	return f.layout
}

// shortYear says whether years have two digits.
func (f DateFormat) shortYear() bool { return strings.Contains(f.pattern, "y") }
