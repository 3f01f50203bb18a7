package planner_test

import (
	"strings"
	"testing"

	"procore-assignee-sync/sync/planner"
	"procore-assignee-sync/sync/report"
)

func rendered(t *testing.T, e *planner.Explanation, err error) string {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	if err := report.Explanation(&out, e); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestExplainFollowsAPersonToTheFirstMissingLink(t *testing.T) {
	in := planner.Explained(t)
	var out strings.Builder
	for _, who := range []string{
		"Ann@x.com", "bob@x.com", "cy@x.com", "dan@x.com", "eve@x.com", "fay@x.com", "gus@x.com", "hal@x.com", "004", "ida@x.com",
		"zed@x.com", "robot@x.com", "nobody@x.com", "anm@x.com",
	} {
		e, err := planner.ExplainPerson(in, who)
		out.WriteString("== " + who + "\n" + rendered(t, e, err) + "\n")
	}
	planner.Golden(t, "explain_person.txt", out.String())
}

func TestExplainFollowsAProjectAndAGroup(t *testing.T) {
	in := planner.Explained(t)
	var out strings.Builder
	for _, c := range []struct{ project, group string }{
		{"24-001", ""}, {"502", "legal"}, {"24-01", ""}, {"24-001", "Leagl"}, {"", ""},
	} {
		e, err := planner.ExplainProject(in, c.project, c.group)
		out.WriteString("== " + c.project + " " + c.group + "\n" + rendered(t, e, err) + "\n")
	}
	planner.Golden(t, "explain_project.txt", out.String())
}
