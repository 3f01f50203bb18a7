package report

import (
	"bytes"
	"strings"
	"testing"

	"procore-assignee-sync/sync"
	"procore-assignee-sync/sync/planner"
)

func TestAnExplanationIsCleanedAndItsForgedLinesStayOneLine(t *testing.T) {
	const forged = "Ann\nFAKE: exit 0, done\x1b[2J\u202egpj"
	e := &planner.Explanation{
		Subject: forged, Missing: forged, Logins: []string{forged},
		Rows: []planner.ExplainedRow{
			{At: "hr.csv:2", Says: forged, Rules: []string{forged}, Login: forged},
			{At: "hr.csv:3", Says: forged, Missing: forged},
		},
		Places: []planner.Place{
			{ProjectName: forged, TemplateName: forged, GroupName: forged, Login: forged, Decision: planner.DecidedStays, Why: forged, Source: sync.Positions{forged}},
			{ProjectName: "another", TemplateName: forged, GroupName: forged, Login: forged, Decision: planner.DecidedAdded, Why: forged},
		},
	}
	var out bytes.Buffer
	if err := Explanation(&out, e); err != nil {
		t.Fatal(err)
	}
	isClean(t, out.String())
}

// isClean fails where something shows that would move a terminal's cursor or forge a line.
func isClean(t *testing.T, text string) {
	t.Helper()
	if strings.ContainsAny(text, "\x1b\u202e\r") {
		t.Errorf("a control character reaches the terminal: %q", text)
	}
	for line := range strings.Lines(text) {
		if strings.HasPrefix(strings.TrimSpace(line), "FAKE") {
			t.Errorf("a forged line: %q", line)
		}
	}
}

func TestPlacesThatAreAlikeAreOneLineWhateverTheProject(t *testing.T) {
	var places []planner.Place
	for _, name := range []string{"24-001 A", "24-002 B", "24-003 C", "24-004 D", "24-005 E", "24-006 F", "24-006 F"} {
		places = append(places, planner.Place{
			ProjectName: name, TemplateName: "Approval", GroupName: "Legal", Login: "ann@x.com", PersonName: "Ann Lee", Decision: planner.DecidedAdded, Why: "member of team Legal",
			Source: sync.Positions{"hr.csv:2", "hr.csv:9"},
		})
	}
	var out bytes.Buffer
	if err := Explanation(&out, &planner.Explanation{Subject: "ann@x.com", Places: places}); err != nil {
		t.Fatal(err)
	}
	want := `ann@x.com

Approval / Legal
  Ann Lee <ann@x.com> would be added: member of team Legal (hr.csv:2; hr.csv:9)
    in 24-001 A, 24-002 B, 24-003 C, 24-004 D, 24-005 E and 1 more
`
	if out.String() != want {
		t.Errorf("got:\n%s\nwant:\n%s", out.String(), want)
	}
}

func TestTheListOfRunsIsCleaned(t *testing.T) {
	const forged = "Ann\nFAKE: exit 0, done\x1b[2J\u202egpj"
	run := sync.Run{ID: "20261123T020000Z-3f9a1c", By: forged, Command: forged, Company: "8089"}
	var out bytes.Buffer
	if err := Runs(&out, []sync.Summary{{Run: run, Outcome: sync.Incomplete, ExitCode: 4, Results: sync.ResultCounts{Applied: 1200, Failed: 1}}}, true); err != nil {
		t.Fatal(err)
	}
	if err := RunFooter(&out, sync.Record{Run: run, Summary: sync.Summary{Message: forged}}); err != nil {
		t.Fatal(err)
	}
	isClean(t, out.String())
	for _, want := range []string{"COMPANY", "8089", "1,200 applied in 0 presets, 1 not", "incomplete (4)"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is missing:\n%s", want, out.String())
		}
	}
}
