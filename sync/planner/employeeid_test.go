package planner

import (
	"testing"

	"pgregory.net/rapid"

	"procore-assignee-sync/hrsource"
)

func TestIdsDifferOnlyByMoreThanCaseLeadingZerosAndPunctuation(t *testing.T) {
	for _, c := range []struct {
		a, b   string
		differ bool
	}{
		{"007", "7", false},
		{"E-0438", "e438", false},
		{"E 0438", "E_438", false},
		{"0", "7", false}, // a filler
		{"", "7", false},
		{"N/A", "7", false},
		{"07-0438", "7438", false},
		{"07-0438", "70438", false},
		{"10", "1", true},
		{"100", "1000", true},
		{"a1", "b1", true},
		{"438", "e438", true},
		{"7438", "70438", true},
	} {
		want(t, c.a+" and "+c.b, idsDiffer(c.a, c.b), c.differ)
		want(t, c.b+" and "+c.a, idsDiffer(c.b, c.a), c.differ)
	}
}

func TestAnIdNeverDiffersFromItselfHoweverItIsWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		id := rapid.StringMatching(`[A-Za-z]{0,2}[1-9][0-9]{0,5}`).Draw(t, "id")
		written := ""
		for i, r := range id {
			isNumber := r >= '0' && r <= '9'
			begins := isNumber && (i == 0 || id[i-1] > '9')
			if begins {
				written += rapid.SampledFrom([]string{"", "0", "000", "-", "-00", " 0", "."}).Draw(t, "before the number")
			}
			written += string(r)
		}
		if idsDiffer(id, written) || idsDiffer(written, id) {
			t.Fatalf("%q differs from %q", id, written)
		}
	})
}

func TestTheIDOfARejectedRowCountsOnlyWhereNothingIsWrongWithIt(t *testing.T) {
	for want, rows := range map[string][]hrsource.RejectedRow{
		"007": {{Column: "status", WrongColumns: []string{"status"}}, {Column: "team", WrongColumns: []string{"start_date", "team"}}},
		"": {
			{Column: "employee_id", WrongColumns: []string{"employee_id"}},
			{Column: "", WrongColumns: []string{""}},
			{Column: "email", WrongColumns: []string{"email", "employee_id"}}, // one e-mail with two ids
			{Column: "team", WrongColumns: []string{"employee_id", "team"}},
		},
	} {
		for _, row := range rows {
			row.EmployeeID = "007"
			if got := idOfRejected(&row); got != want {
				t.Errorf("%v in doubt: got %q, want %q", row.WrongColumns, got, want)
			}
		}
	}
}
