package csvtable_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/gocarina/gocsv"
	"github.com/google/go-cmp/cmp"

	"procore-assignee-sync/hrsource/csvtable"
)

type person struct {
	ID    string `csv:"employee_id"`
	Email string `csv:"email"`
	Team  string `csv:"team"`
	Role  string `csv:"role"`
}

func TestRowsAreBoundWithTheirLinesAndIdsStayText(t *testing.T) {
	table, err := csvtable.Read("hr.csv", strings.NewReader("Team,Employee ID,other\n\"two\nlines\",007,x\n\nB,1e5,\n,\" 0x1F \",\n"), people())
	if err != nil {
		t.Fatal(err)
	}
	var got []csvtable.Bound[person]
	for row, err := range csvtable.Rows[person](table) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, row)
	}
	want := []csvtable.Bound[person]{
		{Line: 2, Value: person{ID: "007", Team: "two\nlines"}},
		{Line: 5, Value: person{ID: "1e5", Team: "B"}},
		{Line: 6, Value: person{ID: "0x1F"}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestManyRowsAreBoundInOrderAndAnErrorComesLast(t *testing.T) {
	const count = 5_000
	var text strings.Builder
	text.WriteString("employee_id,team,role\n")
	for i := range count {
		role := ""
		if i%2 == 0 {
			role = "even"
		}
		fmt.Fprintf(&text, "%06d,A,%s\n", i, role)
	}
	text.WriteString("ragged\n")
	table, err := csvtable.Read("hr.csv", strings.NewReader(text.String()), people())
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for row, err := range csvtable.Rows[person](table) {
		if err != nil {
			if seen != count || !strings.HasPrefix(err.Error(), "hr.csv:5002: the row has 1 cell") {
				t.Errorf("after %d rows: %v", seen, err)
			}
			return
		}
		want := person{ID: fmt.Sprintf("%06d", seen), Team: "A"}
		if seen%2 == 0 {
			want.Role = "even"
		}
		if row.Line != seen+2 || row.Value != want {
			t.Fatalf("row %d is %+v", seen, row)
		}
		seen++
	}
	t.Error("the error did not come")
}

func TestBindingCanStopEarly(t *testing.T) {
	table, err := csvtable.Read("hr.csv", strings.NewReader("email,team\na,A\nb,B\n"), people())
	if err != nil {
		t.Fatal(err)
	}
	for row, err := range csvtable.Rows[person](table) {
		if err != nil || row.Value.Email != "a" {
			t.Errorf("got %+v, %v", row, err)
		}
		break
	}
}

func TestNoSwitchOfGocsvIsTouched(t *testing.T) {
	if _, _, err := readAll("email,team\na,A\n", people()); err != nil {
		t.Fatal(err)
	}
	if gocsv.FailIfUnmatchedStructTags || gocsv.FailIfDoubleHeaderNames || gocsv.ShouldAlignDuplicateHeadersWithStructFieldOrder ||
		gocsv.TagName != "csv" || gocsv.TagSeparator != "," || gocsv.FieldsCombiner != "." {
		t.Error("a package-wide switch is not as gocsv has it")
	}
}
