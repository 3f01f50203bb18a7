package hrsource

import (
	"slices"
	"strings"
	"unicode"
)

// statusReader parses the cells of the status column, most of which occur in many rows.
type statusReader struct {
	format RowFormat
	places map[string]uint8       // known cells → index in statuses
	wrong  map[string]*wordStatus // by folded word
}

// wordStatus is a word that is not a known status, and what the rows with it have in common.
type wordStatus struct {
	text        string // as it was first met
	rows, ended int    // rows with it, and those of them whose end date has passed
}

func (s *statusReader) init(format RowFormat) {
	s.format, s.places, s.wrong = format, map[string]uint8{}, map[string]*wordStatus{}
}

// status reads the status of the row. An unknown one is a fault, and Active is returned for it.
func (j *judgement) status() (status Status, known bool) {
	s := &j.in.statuses
	cell := stripUnseen(value(unformula(j.raw.Status)))
	if place, ok := s.places[cell]; ok {
		return statuses[place], true
	}
	if status, known = s.format.StatusOf(cell); known {
		s.places[strings.Clone(cell)] = uint8(slices.Index(statuses, status)) // there are four
		return status, true
	}
	folded := foldStatus(cell)
	j.fault(finding{
		column: "status", value: cell, what: j.in.name("status") + " " + quote(shorten(cell)) + " is not known",
		family: statusFamily, of: folded, others: "values of " + j.in.name("status") + " that are not known",
	})
	if s.wrong[folded] == nil {
		s.wrong[folded] = &wordStatus{text: cell}
	}
	s.wrong[folded].rows++
	return Active, false
}

const statusFamily = "status"

// usualStatuses are the names that HR systems give a status in words, folded by foldStatus. Codes (A, T, …) and words
// that mean different things in different systems (hired, left, suspended) are not among them: HR_STATUS_VALUES says
// what these mean.
var usualStatuses = statusNames(map[Status]string{
	Active: "active, current, employed, working, in service, active employee, current employee, currently employed",
	Leave: `leave, on leave, loa, leave of absence, on leave of absence, active on leave, paid leave, on paid leave,
		unpaid leave, on unpaid leave, medical leave, sick leave, family leave, fmla, parental leave, maternity leave,
		paternity leave, military leave, sabbatical, furlough, furloughed`,
	Prehire: `prehire, pre hire, pending hire, pending start, future hire, future start, future dated hire, not started,
		not yet started, preboarding, pre boarding, offer accepted`,
	Terminated: `terminated, termed, termination, inactive, separated, former, former employee, ex employee, resigned, quit,
		retired, deceased, dismissed, discharged, fired, laid off, layoff, departed, offboarded, no longer employed,
		not employed, released`,
})

// statusNames inverts lists of names.
func statusNames(lists map[Status]string) map[string]Status {
	names := make(map[string]Status)
	for status, list := range lists {
		for name := range strings.SplitSeq(list, ",") {
			names[foldStatus(name)] = status
		}
	}
	return names
}

// foldStatus folds the name of a status for comparison: it ignores case, and a run of spaces and punctuation counts as
// one space. A name of only punctuation stays as it is.
func foldStatus(name string) string {
	words := strings.FieldsFunc(strings.ToLower(name), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	if len(words) == 0 {
		return strings.TrimSpace(name)
	}
	return strings.Join(words, " ")
}

// StatusOf returns the status that a text from HR names, using the names in HR_STATUS_VALUES and the usual ones; ok
// reports whether there is one. An empty text means active.
func (f RowFormat) StatusOf(text string) (status Status, ok bool) {
	if text == "" {
		return Active, true
	}
	name := foldStatus(text)
	if status, ok := f.StatusValues[name]; ok {
		return status, true
	}
	status, ok = usualStatuses[name]
	return status, ok
}
