package hrsource

import (
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Date is a calendar day without a time zone. The zero Date means none.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// DateOf returns the day of t in t's own location.
func DateOf(t time.Time) Date {
	y, m, d := t.Date()
	return Date{y, m, d}
}

// IsZero reports whether there is no date.
func (d Date) IsZero() bool { return d == Date{} }

// Before reports whether d is an earlier day than other.
func (d Date) Before(other Date) bool {
	if d.Year != other.Year {
		return d.Year < other.Year
	}
	if d.Month != other.Month {
		return d.Month < other.Month
	}
	return d.Day < other.Day
}

// String returns the day as ISO 8601, and nothing for the zero Date.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day)
}

// DateFormat is how HR writes a date. The zero DateFormat is ISO 8601: 2026-01-31 or 20260131.
type DateFormat struct {
	text   string // as it was given
	layout string // for package time
	noDay  string // the same with zeros for the day, since a spreadsheet writes day 0 of January 1900 for an empty date
}

// dateToken is a part of HR_DATE_FORMAT, and what it is in a layout of package time.
type dateToken struct{ token, layout, noDay string }

// dateTokens are the tokens of HR_DATE_FORMAT, longer ones first.
var dateTokens = []dateToken{
	{"YYYY", "2006", "2006"},
	{"YY", "06", "06"},
	{"MMMM", "January", "January"},
	{"MMM", "Jan", "Jan"},
	{"MM", "01", "01"},
	{"M", "1", "1"},
	{"DD", "02", "00"},
	{"D", "2", "0"},
}

// ParseDateFormat parses HR_DATE_FORMAT: YYYY or YY; MM, M, MMM (Jan) or MMMM (January); DD or D; in upper or lower
// case, in any order, with anything but letters and digits between them. YY, MM and DD are two digits, M and D one or
// two. An empty text returns the zero DateFormat.
func ParseDateFormat(s string) (DateFormat, error) {
	text := strings.TrimSpace(s)
	var layout, noDay strings.Builder
	var tokens []string // with an empty one for each divider
	for rest := strings.ToUpper(text); rest != ""; {
		if t, ok := leadingToken(rest); ok {
			tokens = append(tokens, t.token)
			layout.WriteString(t.layout)
			noDay.WriteString(t.noDay)
			rest = rest[len(t.token):]
			continue
		}
		r, size := utf8.DecodeRuneInString(rest)
		if unicode.IsLetter(r) || unicode.IsDigit(r) || r == utf8.RuneError {
			return DateFormat{}, fmt.Errorf("date format %q: %q means nothing in it; write it with YYYY, MM and DD, such as DD.MM.YYYY", text, r)
		}
		tokens = append(tokens, "")
		layout.WriteString(plainDivider(rest[:size]))
		noDay.WriteString(plainDivider(rest[:size]))
		rest = rest[size:]
	}
	if err := checkTokens(tokens); err != nil {
		return DateFormat{}, fmt.Errorf("date format %q: %w", text, err)
	}
	return DateFormat{text: text, layout: layout.String(), noDay: noDay.String()}, nil
}

func leadingToken(s string) (dateToken, bool) {
	for _, t := range dateTokens {
		if strings.HasPrefix(s, t.token) {
			return t, true
		}
	}
	return dateToken{}, false
}

// plainDivider replaces underscores by dashes, since an underscore before a day has a meaning in a layout of package
// time.
func plainDivider(text string) string { return strings.ReplaceAll(text, "_", "-") }

// checkTokens checks that there is one year, one month and one day, and that it is clear where each ends.
func checkTokens(tokens []string) error {
	if len(tokens) == 0 {
		return nil
	}
	count := map[byte]int{}
	for i, token := range tokens {
		if token == "" {
			continue
		}
		count[token[0]]++
		if i > 0 && (tokens[i-1] == "M" || tokens[i-1] == "D") && token != "MMM" && token != "MMMM" {
			return errors.New("after M or D, which may be one digit or two, something must divide it from the next number; or write MM and DD")
		}
	}
	if count['Y'] != 1 || count['M'] != 1 || count['D'] != 1 {
		return errors.New("it needs a year (YYYY), a month (MM) and a day (DD), once each")
	}
	return nil
}

// IsZero reports whether the format is ISO 8601.
func (f DateFormat) IsZero() bool { return f == DateFormat{} }

// String returns the format as it was given.
func (f DateFormat) String() string {
	if f.IsZero() {
		return "YYYY-MM-DD"
	}
	return f.text
}

// layouts returns the layouts of package time for a text: one for dates, and one for dates without a day.
func (f DateFormat) layouts(text string) (layout, noDay string) {
	switch {
	case !f.IsZero():
		return f.layout, f.noDay
	case strings.Contains(text, "-"):
		return "2006-01-02", "2006-01-00"
	default:
		return "20060102", "20060100"
	}
}

// shortYear reports whether years have two digits.
func (f DateFormat) shortYear() bool { return !f.IsZero() && !strings.Contains(f.layout, "2006") }

// needsTwoDigits reports whether a month or a day must have two digits.
func (f DateFormat) needsTwoDigits() bool {
	return strings.Contains(f.layout, "01") || strings.Contains(f.layout, "02")
}
