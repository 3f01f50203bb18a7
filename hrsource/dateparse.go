package hrsource

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Parse reads a date. Empty text and a date of zeros (0000-00-00) give the zero Date. A time of day after the date is
// passed over; with a time zone it must be midnight, since otherwise the day would depend on where one stands.
func (f DateFormat) Parse(text string) (Date, error) {
	text = strings.TrimSpace(text)
	if text == "" || isZeros(text) {
		return Date{}, nil
	}
	pattern := f.pattern
	if f.IsZero() {
		if pattern = "Y-M-D"; !strings.Contains(text, "-") {
			pattern = "YMD"
		}
	}
	year, month, day, rest, ok := scanDate(text, pattern)
	if !ok {
		return Date{}, f.mismatch(text)
	}
	switch known, midnight, zoned := timeOfDay(rest); {
	case !known:
		return Date{}, f.mismatch(text)
	case zoned && !midnight:
		return Date{}, errors.New("has a time of day in some time zone, so that the day is not certain; export the date alone")
	}
	if t := time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC); year < 1 || t.Month() != time.Month(month) || t.Day() != day {
		return Date{}, errors.New("is a day that does not exist")
	}
	return Date{year, time.Month(month), day}, nil
}

// mismatch says why text is no date, for a message that begins with the text.
func (f DateFormat) mismatch(text string) error {
	hint := "; set HR_DATE_FORMAT if HR writes dates in another way"
	if !f.IsZero() {
		hint = ", as HR_DATE_FORMAT says"
		if strings.ContainsAny(f.pattern, "MD") {
			hint += " (write M and D for one digit or two)"
		}
	}
	if n, err := strconv.Atoi(text); err == nil && len(text) == 5 && n > 20000 {
		hint = ", but a spreadsheet's day number; format that column as a date"
	}
	return fmt.Errorf("is no date like %s%s", f, hint)
}

// isZeros says whether a date is written with zeros only, which some databases do for none.
func isZeros(text string) bool {
	return strings.Count(text, "0") >= 6 && strings.Trim(text, "0-/.: TZ") == ""
}

// scanDate reads a date as pattern has it from the beginning of text, and gives what follows.
func scanDate(text, pattern string) (year, month, day int, rest string, ok bool) {
	rest = text
	for _, letter := range pattern {
		switch letter {
		case 'Y':
			year, rest, ok = scanNumber(rest, 4, 4)
		case 'y':
			year, rest, ok = scanNumber(rest, 2, 2)
			if year += 1900; year < 1969 { // as POSIX's strptime takes two digits
				year += 100
			}
		case 'M':
			month, rest, ok = scanNumber(rest, 2, 2)
		case 'm':
			month, rest, ok = scanNumber(rest, 1, 2)
		case 'B', 'b':
			month, rest, ok = scanMonth(rest, letter == 'B')
		case 'D':
			day, rest, ok = scanNumber(rest, 2, 2)
		case 'd':
			day, rest, ok = scanNumber(rest, 1, 2)
		default:
			rest, ok = strings.CutPrefix(rest, string(letter))
		}
		if !ok {
			return 0, 0, 0, "", false
		}
	}
	return year, month, day, rest, true
}

// scanNumber reads a number of least to most digits.
func scanNumber(s string, least, most int) (n int, rest string, ok bool) {
	size := 0
	for size < len(s) && size < most && s[size] >= '0' && s[size] <= '9' {
		n = n*10 + int(s[size]-'0')
		size++
	}
	return n, s[size:], size >= least
}

// scanMonth reads an English month: its whole name, or its first three letters.
func scanMonth(s string, whole bool) (month int, rest string, ok bool) {
	for m := time.January; m <= time.December; m++ {
		name := m.String()
		if !whole {
			name = name[:3]
		}
		if len(s) >= len(name) && utf8.ValidString(s[:len(name)]) && strings.EqualFold(s[:len(name)], name) {
			return int(m), s[len(name):], true
		}
	}
	return 0, s, false
}

var timeOfDayText = regexp.MustCompile(`^[T ](\d{1,2}):(\d\d)(?::(\d\d)(?:[.,](\d+))?)?(?: ?([AP]M))?( ?(?:Z|UTC|GMT|[+-]\d\d(?::?\d\d)?))?$`)

// timeOfDay judges what follows a date: nothing, or a time of day.
func timeOfDay(s string) (known, midnight, zoned bool) {
	if s = strings.ToUpper(s); s == "" {
		return true, true, false
	}
	m := timeOfDayText.FindStringSubmatch(s)
	if m == nil {
		return false, false, false
	}
	hour, _ := strconv.Atoi(m[1]) // the pattern lets only digits through
	if m[5] != "" {
		if hour < 1 || hour > 12 {
			return false, false, false
		}
		if hour %= 12; m[5] == "PM" {
			hour += 12
		}
	}
	if hour > 23 || m[2] > "59" || m[3] > "60" {
		return false, false, false
	}
	return true, hour == 0 && strings.Trim(m[2]+m[3]+m[4], "0") == "", m[6] != ""
}
