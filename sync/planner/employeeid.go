package planner

import (
	"slices"
	"strings"
	"unicode"

	"procore-assignee-sync/hrsource"
)

// idOfRejected returns the employee id of a rejected row, or nothing where it is the id that is wrong with the row.
func idOfRejected(r *hrsource.RejectedRow) string {
	if r.Column == "" || r.Column == "employee_id" || slices.Contains(r.WrongColumns, "employee_id") {
		return ""
	}
	return r.EmployeeID
}

// idsDiffer reports whether two employee ids can't be those of one person: both are there, and they differ by more than
// case, leading zeros and punctuation, with which spreadsheets and people are careless. E-0438 is like e438.
func idsDiffer(a, b string) bool {
	a, b = hrsource.CleanID(a), hrsource.CleanID(b)
	if a == "" || b == "" {
		return false
	}
	forms := bareForms(b)
	return !slices.ContainsFunc(bareForms(a), func(form string) bool { return slices.Contains(forms, form) })
}

// bareForms returns an id in lower case without punctuation, and without the zeros that lead its numbers. Whether digits
// on both sides of a hyphen are one number can't be known: it is taken both ways.
func bareForms(id string) []string {
	return []string{bareForm(id, true), bareForm(id, false)}
}

func bareForm(id string, punctuationEndsNumber bool) string {
	var bare strings.Builder
	inNumber := false // a digit that is no leading zero was met
	for _, r := range strings.ToLower(id) {
		switch {
		case unicode.IsDigit(r):
			inNumber = inNumber || r != '0'
			if inNumber {
				bare.WriteRune(r)
			}
		case unicode.IsLetter(r):
			inNumber = false
			bare.WriteRune(r)
		case punctuationEndsNumber:
			inNumber = false
		}
	}
	return bare.String()
}
