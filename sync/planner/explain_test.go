package planner

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"procore-assignee-sync/hrsource"
	"procore-assignee-sync/sync"
)

var update = flag.Bool("update", false, "write the golden files anew")

// golden compares text with a file of testdata.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", path, diff)
	}
}

// explained has somebody for each way in which a chain can end.
func explained(t *testing.T) Inputs {
	c := newCompany(t).rules("*,Legal,Legal,*", "Approval,Finance,Finance,lead", "*,Leagl,Typo,*").
		project("501", "24-001").project("502", "24-002").project("503", "24-003").
		users("1=ann#001", "2=bob", "3=cy", "4=dan#004", "7=gus", "8=hal").inactiveUsers("5=eve").
		hr("ann,Legal,,,,001", "bob,Legal,,,terminated", "cy,Finance,lead,24-001", "cy,Safety", "dan,Legal,,24-999", "eve,Legal", "fay,Legal,,24-002",
			"gus,Typo", "hal,Legal,,,,,2026-12-01", "dora,Legal,,24-001,,004").
		preset("501", "7001", "g9: 9=robot", "g1: 2=bob 6=zed", "g2: 3=cy").
		preset("502", "7002", "g1: 1=ann 6=zed", "old: 4=dan").
		preset("503", "7003", "g1: 1=ann 2=bob 4=dan").
		rejected(hrsource.RejectedRow{Email: "ida@x.com", Team: "Finance", Reason: "30/31/2026 is no date", Column: "start_date"})
	c.possible("501", "1=ann").readAll()
	return c.in
}

func rendered(t *testing.T, e *Explanation, err error) string {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	if err := e.Render(&out); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestExplainFollowsAPersonToTheFirstMissingLink(t *testing.T) {
	in := explained(t)
	var out strings.Builder
	for _, who := range []string{
		"Ann@x.com", "bob@x.com", "cy@x.com", "dan@x.com", "eve@x.com", "fay@x.com", "gus@x.com", "hal@x.com", "004", "ida@x.com",
		"zed@x.com", "robot@x.com", "nobody@x.com", "anm@x.com",
	} {
		e, err := ExplainPerson(in, who)
		out.WriteString("== " + who + "\n" + rendered(t, e, err) + "\n")
	}
	golden(t, "explain_person.txt", out.String())
}

func TestExplainFollowsAProjectAndAGroup(t *testing.T) {
	in := explained(t)
	var out strings.Builder
	for _, c := range []struct{ project, group string }{
		{"24-001", ""}, {"502", "legal"}, {"24-01", ""}, {"24-001", "Leagl"}, {"", ""},
	} {
		e, err := ExplainProject(in, c.project, c.group)
		out.WriteString("== " + c.project + " " + c.group + "\n" + rendered(t, e, err) + "\n")
	}
	golden(t, "explain_project.txt", out.String())
}

func TestExplainSaysThatAPresetIsLeftOut(t *testing.T) {
	in := explained(t)
	in.Snapshot.Unreadable = []sync.Unreadable{{Subject: "preset", Project: "501", Preset: "7001"}}
	e, err := ExplainProject(in, "501", "Legal")
	if err != nil {
		t.Fatal(err)
	}
	want(t, "places", len(e.Places), 2)
	for _, p := range e.Places {
		want(t, "decision", p.Decision, DecidedLeftOut)
	}
}

// What is explained must be what is planned.
func TestExplainDecidesAsThePlanDoes(t *testing.T) {
	in := explained(t)
	p, err := Build(in)
	if err != nil {
		t.Fatal(err)
	}
	decided := map[Decision][2]any{
		DecidedAdded: {sync.Add, sync.Planned}, DecidedRemoved: {sync.Remove, sync.Planned}, DecidedHeldAdd: {sync.Add, sync.Held}, DecidedHeldRemove: {sync.Remove, sync.Held},
	}
	planned := map[string]string{}
	for _, c := range p.Changes {
		planned[string(c.Preset)+c.GroupName+c.Login] = string(c.Action) + string(c.Status) + c.Reason
	}
	for _, project := range []string{"501", "502", "503"} {
		e, err := ExplainProject(in, project, "")
		if err != nil {
			t.Fatal(err)
		}
		for _, place := range e.Places {
			key := string(place.Preset) + place.GroupName + place.Login
			is, ok := decided[place.Decision]
			if !ok {
				continue
			}
			want(t, key, string(is[0].(sync.Action))+string(is[1].(sync.Status))+place.Why, planned[key])
			delete(planned, key)
		}
	}
	want(t, "changes that are not explained", len(planned), 0)
}

func TestCoverageSaysWhoFillsEachGroup(t *testing.T) {
	in := explained(t)
	report := Coverage(in)
	var out strings.Builder
	for _, g := range report.Groups {
		out.WriteString(strings.Join([]string{
			g.TemplateName, string(g.VersionID), g.GroupName, g.Type, map[bool]string{true: "managed by " + join(g.Rules), false: "not managed: " + g.Why}[g.Managed],
			itoa(g.Presets) + " presets", itoa(g.People) + " people", itoa(g.Unresolved) + " unresolved",
		}, "; ") + "\n")
	}
	for _, ty := range report.Types {
		out.WriteString(ty.Type + " " + itoa(ty.Count) + "\n")
	}
	golden(t, "coverage.txt", out.String())
}
