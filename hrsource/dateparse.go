package hrsource

import (
	"errors"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// What can be wrong with a date, for messages that begin with the date itself.
var (
	errNoSuchDay = errors.New("is a day that does not exist")
	errZonedTime = errors.New("has a time of day in some time zone, so that the day is not certain")
	errDayNumber = errors.New("is a spreadsheet's day number")
)

// mismatchError says that a text is not a date in a format.
type mismatchError struct{ format DateFormat }

func (e *mismatchError) Error() string { return "is not a date like " + e.format.String() }

// Parse parses a date. An empty text returns the zero Date, and so do the dates that stand for none in the systems that
// write them, such as 0000-00-00 and 1900-01-01. A time of day after the date is ignored; with a time zone it must be
// midnight, since otherwise the day would depend on the reader's zone.
func (f DateFormat) Parse(text string) (Date, error) {
	text = strings.TrimSpace(text)
	if text == "" || isZeros(text) {
		return Date{}, nil
	}
	layout, noDay := f.layouts(text)
	plain := shortMonth(plainDivider(text), layout)
	if t, _, err := parseDay(noDay, plain); err == nil && (t.Equal(dayZero) || f.shortYear() && t.Equal(dayZero.AddDate(100, 0, 0))) {
		return Date{}, nil
	}
	t, rest, err := parseDay(layout, plain)
	switch {
	case errors.Is(err, errNoSuchDay):
		return Date{}, err
	case err != nil:
		return Date{}, f.mismatch(text)
	}
	switch known, midnight, zoned := timeOfDay(rest); {
	case !known:
		return Date{}, f.mismatch(text)
	case zoned && !midnight:
		return Date{}, errZonedTime
	case nullDates[DateOf(t)]:
		return Date{}, nil
	}
	return DateOf(t), nil
}

// dayZero is how a date without a day, which Excel writes for an empty one, is parsed.
var dayZero = time.Date(1900, time.January, 1, 0, 0, 0, 0, time.UTC)

// nullDates are the days that systems write for an empty date.
var nullDates = map[Date]bool{
	{1, time.January, 1}:      true, // .NET, and Go
	{1601, time.January, 1}:   true, // Windows
	{1753, time.January, 1}:   true, // SQL Server's datetime, Dynamics
	{1899, time.November, 30}: true, // 0000-00-00 after passing through a spreadsheet
	{1899, time.December, 30}: true, // OLE, Access
	{1899, time.December, 31}: true, // Excel
	{1900, time.January, 1}:   true, // SQL Server's smalldatetime
	{1970, time.January, 1}:   true, // Unix
}

// isNullOfAnotherCentury reports whether a day with a two-digit year may be one that stands for none.
func isNullOfAnotherCentury(day Date) bool {
	for null := range nullDates {
		if null.Year%100 == day.Year%100 && null.Month == day.Month && null.Day == day.Day {
			return true
		}
	}
	return false
}

// mismatch says why a text is not a date in the format.
func (f DateFormat) mismatch(text string) error {
	if n, err := strconv.Atoi(text); err == nil && len(text) == 5 && n > 20000 {
		return errDayNumber
	}
	return &mismatchError{f}
}

// isZeros reports whether a date consists of zeros, which some databases write for an empty one.
func isZeros(text string) bool {
	return strings.Count(text, "0") >= 6 && strings.Trim(text, "0-/.: TZ") == ""
}

// parseDay parses a date at the beginning of text, and returns the rest.
func parseDay(layout, text string) (t time.Time, rest string, err error) {
	t, err = time.Parse(layout, text)
	var wrong *time.ParseError
	if errors.As(err, &wrong) && strings.HasPrefix(wrong.Message, ": extra text") {
		rest = wrong.ValueElem
		t, err = time.Parse(layout, strings.TrimSuffix(text, rest))
	}
	outOfRange := errors.As(err, &wrong) && strings.HasSuffix(wrong.Message, "out of range")
	if outOfRange && strings.HasPrefix(shapeOf(text), shapeOf(layout)) || err == nil && t.Year() < 1 {
		err = errNoSuchDay
	}
	return t, rest, err
}

var (
	numbers = regexp.MustCompile(`\d+`)
	words   = regexp.MustCompile(`[A-Za-z]+`)
)

// shapeOf returns text with each number and each word replaced by one character.
func shapeOf(text string) string {
	return words.ReplaceAllString(numbers.ReplaceAllString(text, "0"), "a")
}

var (
	monthName = regexp.MustCompile(`(?i)[a-z]{3,}`)

	// shortMonths maps each month's name, in lower case, to its short form. Some English-speaking countries write June,
	// July and Sept where others write Jun, Jul and Sep.
	shortMonths = func() map[string]string {
		names := map[string]string{"sept": "Sep"}
		for m := time.January; m <= time.December; m++ {
			names[strings.ToLower(m.String())] = m.String()[:3]
			names[strings.ToLower(m.String()[:3])] = m.String()[:3]
		}
		return names
	}()
)

// shortMonth replaces the name of a month by its three letters without a full stop, if layout wants that.
func shortMonth(text, layout string) string {
	_, after, short := strings.Cut(layout, "Jan")
	at := monthName.FindStringIndex(text)
	if !short || strings.HasPrefix(after, "uary") || at == nil {
		return text
	}
	name, known := shortMonths[strings.ToLower(text[at[0]:at[1]])]
	if !known {
		return text
	}
	rest := text[at[1]:]
	if !strings.HasPrefix(after, ".") {
		rest = strings.TrimPrefix(rest, ".")
	}
	return text[:at[0]] + name + rest
}

var timeOfDayText = regexp.MustCompile(`^[T ](\d{1,2}):(\d\d)(?::(\d\d)(?:[.,](\d+))?)?(?: ?([AP]M))?( ?(?:Z|UTC|GMT|[+-]\d\d(?::?\d\d)?))?$`)

// timeOfDay parses what follows a date: nothing, or a time of day.
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
