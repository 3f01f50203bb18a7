package planner

import (
	"slices"
	"strings"
	"unicode"

	"procore-assignee-sync/hrsource"
)

// idOfRejected returns the employee id of a rejected row, or nothing if the id is what is wrong with the row.
func idOfRejected(r *hrsource.RejectedRow) string {
	if r.Column == "" || r.Column == "employee_id" || slices.Contains(r.WrongColumns, "employee_id") {
		return ""
	}
	return r.EmployeeID
}

// idsDiffer reports whether two employee ids can't belong to the same person: both are given, and they differ in more
// than case, leading zeros and punctuation, which people and spreadsheets change freely. E-0438 and e438 do not differ.
func idsDiffer(a, b string) bool {
	a, b = hrsource.CleanID(a), hrsource.CleanID(b)
	if a == "" || b == "" {
		return false
	}
	forms := bareForms(b)
	return !slices.ContainsFunc(bareForms(a), func(form string) bool { return slices.Contains(forms, form) })
}

// bareForms returns an id in lower case, without punctuation and without leading zeros in its numbers. Digits on both
// sides of a hyphen may or may not be one number, so both readings are returned.
func bareForms(id string) []string {
	return []string{bareForm(id, true), bareForm(id, false)}
}

func bareForm(id string, punctuationEndsNumber bool) string {
	var bare strings.Builder
	inNumber := false // a digit other than a leading zero has been seen
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
