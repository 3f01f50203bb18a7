package check

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"procore-assignee-sync/hrsource"
	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
	"procore-assignee-sync/sync/planner"
	"procore-assignee-sync/sync/report/guide"
)

func TestACheckIsCleanedAndItsForgedLinesStayOneLine(t *testing.T) {
	const forged = "Ann\nFAKE: exit 0, done\x1b[2J\u202egpj"
	c := New()
	c.Roster(&hrsource.Roster{
		Source: forged, Rows: 1, Accepted: 1,
		Members: []hrsource.Member{{Email: "a@x.com", Team: forged, Project: forged, Status: forged}},
	}, hrsource.Date{})
	c.RoleMap = &sync.RoleMapFacts{Source: forged}
	c.Snapshot(&sync.Snapshot{
		Host: forged, Templates: []procore.Template{{ID: "1", Name: forged, Tool: procore.ToolRef{Type: forged}}},
		Tools: []procore.Tool{{ToolRef: procore.ToolRef{Type: forged}}}, Skipped: []sync.SkippedTemplate{{Name: forged, Why: forged}},
		GroupTypes: []sync.GroupTypeCount{{Type: forged}},
	})
	c.Groups = []planner.GroupCoverage{{TemplateName: forged, GroupName: forged, Type: forged, Rules: []string{forged}, Why: forged}}
	c.Plan(&sync.Plan{
		Gates:      []sync.TrippedGate{{Gate: sync.GateFirstRun, Figure: forged}, {Gate: sync.GateMinRows, Figure: forged}},
		Exceptions: []sync.Exception{{Kind: sync.TeamUnused, Subject: forged, Detail: forged, TemplateName: forged, Source: sync.Positions{forged}}},
	})
	var out bytes.Buffer
	if err := c.Text(&out); err != nil {
		t.Fatal(err)
	}
	if strings.ContainsAny(out.String(), "\x1b\u202e\r") {
		t.Errorf("a control character reaches the terminal: %q", out.String())
	}
	for line := range strings.Lines(out.String()) {
		if strings.HasPrefix(strings.TrimSpace(line), "FAKE") {
			t.Errorf("a forged line: %q", line)
		}
	}
}

func TestItIsToldWhereHRAndProcoreNumberPeopleInDifferentWays(t *testing.T) {
	for _, c := range []struct {
		name      string
		hr, there []string
		told      bool
	}{
		{"none in common", []string{"Q7XK2M9PA", "R1TD8B4WE", "Q7XK2M9PA"}, []string{"00420", "00432"}, true},
		{"one in common", []string{"Q7XK2M9PA", "00420"}, []string{"00420", "00432"}, false},
		{"HR has none", []string{"", "N/A"}, []string{"00420"}, false},
		{"the directory has none", []string{"Q7XK2M9PA"}, []string{"", "TBD"}, false},
	} {
		r, roster, s := New(), &hrsource.Roster{}, &sync.Snapshot{}
		for _, id := range c.hr {
			roster.Members = append(roster.Members, hrsource.Member{EmployeeID: id})
		}
		for _, id := range c.there {
			s.Users = append(s.Users, procore.User{EmployeeID: id})
		}
		r.Snapshot(s)
		r.EmployeeIDs(roster, s.Users)
		var out bytes.Buffer
		if err := r.Text(&out); err != nil {
			t.Fatal(err)
		}
		if told := strings.Contains(out.String(), "  employee ids: Procore's directory has others, and none of HR's 2: "); told != c.told {
			t.Errorf("%s: told is %v\n%s", c.name, told, out.String())
		}
	}
}

func TestTheGravestProblemIsWhatCheckEndsWith(t *testing.T) {
	c := New()
	c.Failed(AreaProcore, sync.ExitFailed, errors.New("no answer"))
	c.Problem(AreaSettings, sync.ExitConfig, "HR_CSV is not set")
	c.Plan(&sync.Plan{Gates: []sync.TrippedGate{{Gate: sync.GateMinRows, Figure: "0 rows"}}})
	c.Conclude()
	if c.ExitCode != sync.ExitConfig {
		t.Errorf("exit code %d", c.ExitCode)
	}
	if want := "exit 78, wrong configuration, role map, credentials or company: 3 problems in procore, settings, gates"; c.FinalLine() != want {
		t.Errorf("%q, want %q", c.FinalLine(), want)
	}
	var out bytes.Buffer
	if err := c.Text(&out); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"3 problems to correct:\n", "  procore: no answer\n", "  gates: a run would be refused: 0 rows; " + guide.ToGate(sync.GateMinRows).Todo + "\n"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is missing:\n%s", want, out.String())
		}
	}
}
