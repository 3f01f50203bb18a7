package report

import (
	"bytes"
	"fmt"
	"html"
	"strings"
	"testing"

	"procore-assignee-sync/hrsource"
	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
)

func TestRejectedRowsAreToldByWhatIsWrongWithThem(t *testing.T) {
	rec := richPlan()
	rec.Plan.Roster.Causes = []hrsource.RejectedCause{
		{What: "status 'aktiv' is not known", Rows: 2052, At: []string{"hr.csv:2"}, Todo: `set HR_STATUS_VALUES="active=aktiv"`},
		{What: "team is empty", Rows: 2, At: []string{"hr.csv:9", "hr.csv:12"}},
	}
	rec.Exceptions = nil
	for i := range 2054 {
		rec.Exceptions = append(rec.Exceptions, sync.Exception{Kind: sync.RowRejected, Subject: fmt.Sprintf("row-%d", i), Incomplete: true})
	}
	for name, format := range formats() {
		if name == "json" || name == "xlsx" || strings.HasSuffix(name, "csv") { // for machines, or row by row on purpose
			continue
		}
		text := html.UnescapeString(strings.ReplaceAll(string(render(t, format, rec)), "\\", ""))
		for _, want := range []string{
			"status 'aktiv' is not known", `2,052 rows, first hr.csv:2; set HR_STATUS_VALUES="active=aktiv"`, "team is empty",
			"2 rows, first hr.csv:9", "hr.csv:12", "2,054",
		} {
			if !strings.Contains(text, want) {
				t.Errorf("%s does not say %s", name, want)
			}
		}
		if strings.Contains(text, "row-17") {
			t.Errorf("%s tells row by row", name)
		}
	}
}

func TestTextShortensLongListsButNeverThatOfRejectedRows(t *testing.T) {
	const many = 3 * exceptionsShown
	rec := richPlan()
	rec.Exceptions, rec.Plan.Roster.Causes = nil, nil
	for i := range many {
		for _, kind := range []sync.Kind{sync.RowRejected, sync.NotInProcore} {
			rec.Exceptions = append(rec.Exceptions, sync.Exception{Kind: kind, Subject: fmt.Sprintf("%s-%03d", kind, i), Incomplete: true})
		}
	}
	for _, all := range []bool{false, true} {
		var out bytes.Buffer
		if err := Text(&out, rec, TextOptions{Detail: map[bool]Detail{true: DetailAll}[all]}); err != nil {
			t.Fatal(err)
		}
		if n := strings.Count(out.String(), "row_rejected-"); n != many {
			t.Errorf("with all exceptions %v, %d of %d rejected rows are shown", all, n, many)
		}
		want := map[bool]int{false: exceptionsShown, true: many}[all]
		if n := strings.Count(out.String(), "not_in_procore-"); n != want {
			t.Errorf("with all exceptions %v, %d people are shown, want %d", all, n, want)
		}
		if more := strings.Contains(out.String(), "… and 40 more: --details shows all"); more == all {
			t.Errorf("with all exceptions %v, that there are more is told: %v", all, more)
		}
	}
}

func TestOnePersonIsCountedOnceWithTheNumberOfPlaces(t *testing.T) {
	var list []sync.Exception
	for id, project := range map[procore.ProjectID]string{"501": "24-017 Tower", "502": "24-021 Bridge", "503": "24-033 School"} {
		list = append(list,
			sync.Exception{Kind: sync.NotInProcore, Subject: "ravi@example.com", Detail: "nobody has it", TemplateName: "Approval", GroupName: "Legal " + project, Incomplete: true},
			sync.Exception{
				Kind: sync.NotAssignable, Subject: "sofia@example.com", TemplateName: "Approval", GroupName: "Legal", Incomplete: true,
				Detail: "not among the possible assignees of change_orders in project " + project, Project: id,
			})
	}
	list = append(list, sync.Exception{Kind: sync.NotInProcore, Subject: "zoe@example.com", Detail: "nobody has it", Incomplete: true})
	var b bytes.Buffer
	if err := Exceptions(&b, list, TextOptions{}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"Left undone (3)\n", "  not_assignable (1 in 3 places): ", "  not_in_procore (2 in 4 places): ",
		"    sofia@example.com: not among the possible assignees of change_orders in project 24-017 Tower [Approval / Legal; Approval / Legal / project 502; and 1 more]\n",
	} {
		if !strings.Contains(strings.ToLower(b.String()), strings.ToLower(want)) {
			t.Errorf("%q is missing:\n%s", want, b.String())
		}
	}
}
