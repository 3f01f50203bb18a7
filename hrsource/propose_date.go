package hrsource

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// orders are the orders in which people write a date, each with its formats, the stricter ones first.
var orders = func() [][]DateFormat {
	var orders [][]DateFormat
	for _, order := range []string{"YMD", "DMY", "MDY"} {
		var formats []DateFormat
		for _, year := range []string{"YYYY", "YY"} {
			for _, month := range []string{"MM", "MMM", "MMMM", "M"} {
				for _, day := range []string{"DD", "D"} {
					for _, divider := range []string{"-", "/", ".", " ", ". ", "", ", "} {
						if order == "MDY" && strings.Contains(divider, ".") {
							continue // nobody puts the month first where dots divide a date
						}
						formats = append(formats, formatOf(order, year, month, day, divider)...)
					}
				}
			}
		}
		orders = append(orders, formats)
	}
	return orders
}()

// formatOf returns the format with parts in an order and a divider between them; none where that can't be read.
func formatOf(order, year, month, day, divider string) []DateFormat {
	parts := map[rune]string{'Y': year, 'M': month, 'D': day}
	var named []string
	for _, part := range order {
		named = append(named, parts[part])
	}
	text := strings.Join(named, divider)
	if divider == ", " { // January 31, 2026
		text = named[0] + " " + named[1] + ", " + named[2]
	}
	format, err := ParseDateFormat(text)
	if err != nil {
		return nil
	}
	return []DateFormat{format}
}

// ProposeDateFormats returns the formats that read all of texts as dates, one for each order of year, month and day:
// several where the dates do not tell day and month apart, none where they are written in more than one way.
func ProposeDateFormats(texts []string) []DateFormat {
	var found []DateFormat
	for _, formats := range orders {
		i := slices.IndexFunc(formats, func(f DateFormat) bool { return f.readsAll(texts) })
		if i >= 0 {
			found = append(found, formats[i])
		}
	}
	return found
}

func (f DateFormat) readsAll(texts []string) bool {
	return len(texts) > 0 && !slices.ContainsFunc(texts, func(text string) bool {
		_, err := f.Parse(text)
		return err != nil && !errors.Is(err, errZonedTime)
	})
}

// written returns the dates that HR has written, and those of them that are not written in the present format. Words and
// day numbers, which are dates in no format, are not among them.
func (in *Intake) written() (all, wrong []string) {
	if len(in.dates.read) > mostDates {
		return nil, nil
	}
	for _, text := range slices.Sorted(maps.Keys(in.dates.read)) {
		err := in.dates.read[text].err
		if errors.Is(err, errDayNumber) || !strings.ContainsAny(text, digits) {
			continue
		}
		all = append(all, text)
		if mismatch := (*mismatchError)(nil); errors.As(err, &mismatch) {
			wrong = append(wrong, text)
		}
	}
	return all, wrong
}

// dateTodo says how to read dates that the present format does not read.
func (in *Intake) dateTodo() string {
	all, wrong := in.written()
	if fit := in.proposal(all); fit != "" {
		return "set " + fit
	}
	current := in.format.Date
	others := slices.DeleteFunc(ProposeDateFormats(wrong), func(f DateFormat) bool { return f.String() == current.String() })
	switch {
	case len(others) > 0 && len(wrong) < len(all):
		return fmt.Sprintf("HR writes dates in two ways, %s and %s: let it export all of them in one", current, others[0])
	case current.IsZero():
		return "set HR_DATE_FORMAT if HR writes dates in another way"
	case current.needsTwoDigits():
		return "HR_DATE_FORMAT says so; write M and D in it for one digit or two"
	default:
		return "HR_DATE_FORMAT says so"
	}
}

// dayTodo says how to read days that do not exist in the present format: another one may have them.
func (in *Intake) dayTodo() string {
	all, _ := in.written()
	if fit := in.proposal(all); fit != "" {
		return "set " + fit
	}
	return "correct it in HR"
}

// proposal returns the setting that reads all dates; nothing where none but the present one does.
func (in *Intake) proposal(texts []string) string {
	var settings []string
	for _, format := range ProposeDateFormats(texts) {
		if format.String() != in.format.Date.String() {
			settings = append(settings, setting("HR_DATE_FORMAT", format.String()))
		}
	}
	switch len(settings) {
	case 0:
		return ""
	case 1:
		return settings[0] + ", which fits all of them"
	default:
		return strings.Join(settings, " or ") + ", whichever HR means: both fit all of them"
	}
}
