package hrsource

import (
	"slices"
	"strings"
)

// statusReader reads the cells of the status column, each of which recurs in many rows.
type statusReader struct {
	format RowFormat
	places map[string]uint8       // known cells → place in statuses
	wrong  map[string]*wordStatus // by folded word
}

// wordStatus is a word that is no status, and what rows with it have in common.
type wordStatus struct {
	text        string // as it was first met
	rows, ended int    // rows with it, and those of them whose end date is past
}

func (s *statusReader) init(format RowFormat) {
	s.format, s.places, s.wrong = format, map[string]uint8{}, map[string]*wordStatus{}
}

// status reads the status of the row. What is unknown is told, and Active in its place.
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
