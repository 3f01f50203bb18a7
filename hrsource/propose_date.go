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
							continue // nobody puts the month first with dots between the parts
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

// formatOf returns the formats with the parts in the given order and divider; none if that can't be read.
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

// ProposeDateFormats returns the formats that read all texts as dates, one for each order of year, month and day. There
// are several if the dates do not tell day and month apart, and none if they are written in more than one way.
func ProposeDateFormats(texts []string) []DateFormat {
	found, _ := proposeFormats(texts, nil, 0)
	return found
}

// oneInSlips is the least number of cells with a date for each one that may be a slip.
const oneInSlips = 10

// ProposeDateFormatsButSlips is like ProposeDateFormats, but takes dates with the number of cells that hold each of
// them, of which up to a tenth may be slips, such as 31.13.2026. The formats are those that read the most cells; slips
// are the dates that a format does not read.
func ProposeDateFormatsButSlips(cells map[string]int) (found []DateFormat, slips []string) {
	all := 0
	for _, n := range cells {
		all += n
	}
	return proposeFormats(slices.Sorted(maps.Keys(cells)), cells, all/oneInSlips)
}

// proposeFormats returns the formats that read the most texts, leaving out those in at most that many cells. Without
// cells, each text counts as one cell.
func proposeFormats(texts []string, cells map[string]int, most int) (found []DateFormat, slips []string) {
	if len(texts) == 0 {
		return nil, nil
	}
	best := most
	for _, formats := range orders {
		var first DateFormat
		var unread []string
		fewest := 0
		for _, f := range formats {
			if misfits, n := f.misfits(texts, cells, best); n <= best && (first.IsZero() || n < fewest) {
				first, unread, fewest = f, misfits, n
			}
		}
		switch {
		case first.IsZero():
			continue
		case len(found) > 0 && fewest < best:
			found = nil
		}
		best, slips = fewest, unread
		found = append(found, first)
	}
	return found, slips
}

// misfits returns the texts that the format does not read, and the number of cells they are in. It stops once that is
// more than most.
func (f DateFormat) misfits(texts []string, cells map[string]int, most int) (unread []string, n int) {
	for _, text := range texts {
		if _, err := f.Parse(text); err == nil || errors.Is(err, errZonedTime) {
			continue
		}
		unread = append(unread, text)
		if n += max(cells[text], 1); n > most {
			break
		}
	}
	return unread, n
}

// written returns the dates as HR has written them, and those of them that the present format does not read. It leaves
// out words and day numbers, which are dates in no format.
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
	case in.nearProposal(all) != "":
		return "set " + in.nearProposal(all)
	case current.IsZero():
		return "set HR_DATE_FORMAT if HR writes dates in another way"
	case current.needsTwoDigits():
		return "HR_DATE_FORMAT says so; write M and D in it for one digit or two"
	default:
		return "HR_DATE_FORMAT says so"
	}
}

// dayTodo says how to read days that do not exist in the present format, but may exist in another.
func (in *Intake) dayTodo() string {
	all, _ := in.written()
	if fit := in.proposal(all); fit != "" {
		return "set " + fit
	}
	return "correct it in HR"
}

// nearProposal returns the setting that reads all dates but a few slips, or nothing if there is not exactly one.
func (in *Intake) nearProposal(texts []string) string {
	cells := map[string]int{}
	for _, text := range texts {
		cells[text] = in.dates.read[text].cells
	}
	found, slips := ProposeDateFormatsButSlips(cells)
	if len(found) != 1 || len(slips) == 0 || found[0].String() == in.format.Date.String() {
		return ""
	}
	but := quote(slips[0])
	if len(slips) > 1 {
		but += fmt.Sprintf(" and %d more", len(slips)-1)
	}
	return fmt.Sprintf("%s, which fits all of them but %s", setting("HR_DATE_FORMAT", found[0].String()), but)
}

// proposal returns the setting that reads all dates, or nothing if only the present one does.
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
