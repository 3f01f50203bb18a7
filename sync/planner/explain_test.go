package planner

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"procore-assignee-sync/hrsource"
	"procore-assignee-sync/procore"
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
		rejected(hrsource.RejectedRow{Email: "ida@x.com", Team: "Finance", Reason: "start_date 30/31/2026 is not a date", Column: "start_date"})
	c.possible("501", "1=ann").readAll()
	return c.in
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

// What is explained must be what is planned: each change with its reason and rows, nothing else, and who is in a group
// afterwards.
func TestWhatIsExplainedIsWhatIsPlanned(t *testing.T) {
	t.Run("a company with somebody for each way in which a chain can end", func(t *testing.T) { explainsAsPlanned(t, explained(t)) })
	rapid.Check(t, func(t *rapid.T) {
		w := drawWorld(t, false)
		if rapid.Bool().Draw(t, "separation") {
			w.drawSeparation(t)
		}
		if rapid.Bool().Draw(t, "another map before") {
			last := &sync.PassedRun{RoleMap: sync.RoleMapFacts{Fingerprint: "m0"}}
			last.ID = "R"
			w.in.Baseline.Last = last
		}
		w.read(t)
		explainsAsPlanned(t, w.in)
	})
}

// labelOf is how an explanation names who changes.
func labelOf(c sync.Change) string {
	if c.Login == "" {
		return "login " + string(c.LoginID)
	}
	return c.Login
}

func explainsAsPlanned(t tester, in Inputs) {
	t.Helper()
	p, err := Build(in)
	if err != nil {
		t.Fatalf("plan: %v", err)
	}
	planned, after := map[string]int{}, map[string]int{}
	for _, c := range p.Changes {
		label := labelOf(c)
		planned[fmt.Sprint(c.Project, c.Preset, c.GroupName, label, c.Action, c.Status, c.Reason.String(), c.Source.String())]++
	}
	for _, preset := range p.Presets {
		for _, g := range preset.Groups {
			after[fmt.Sprint(preset.Ref.Preset, g.Name)] += len(sync.LoginSet(g.After))
		}
	}
	changes := map[Decision]string{
		DecidedAdded: "add planned", DecidedRemoved: "remove planned", DecidedHeldAdd: "add held", DecidedHeldRemove: "remove held",
	}
	everybody := map[string]bool{}
	for _, project := range append([]procore.Project{{}}, in.Snapshot.Projects...) {
		e, err := ExplainProject(in, string(project.ID), "")
		if err != nil {
			t.Fatalf("explain: %v", err)
		}
		for _, at := range e.Places {
			if at.Project != project.ID {
				continue // whose number is this one's id
			}
			everybody[at.Login] = true
			if change := changes[at.Decision]; change != "" {
				action, status, _ := strings.Cut(change, " ")
				key := fmt.Sprint(at.Project, at.Preset, at.GroupName, at.Login, action, status, at.Why, at.Source)
				if planned[key] == 0 {
					t.Fatalf("explained, but not planned: %s", key)
				}
				planned[key]--
			}
			switch at.Decision {
			case DecidedStays, DecidedKept, DecidedAdded, DecidedHeldRemove:
				after[fmt.Sprint(at.Preset, at.GroupName)]--
			}
		}
	}
	known := func(project procore.ProjectID) bool {
		return project == "" || slices.ContainsFunc(in.Snapshot.Projects, func(p procore.Project) bool { return p.ID == project })
	}
	for _, c := range p.Changes {
		label := labelOf(c)
		if key := fmt.Sprint(c.Project, c.Preset, c.GroupName, label, c.Action, c.Status, c.Reason.String(), c.Source.String()); known(c.Project) && planned[key] > 0 {
			t.Fatalf("planned, but not explained: %s", key)
		}
	}
	for _, preset := range p.Presets {
		for _, g := range preset.Groups {
			if n := after[fmt.Sprint(preset.Ref.Preset, g.Name)]; known(preset.Ref.Project) && n != 0 {
				t.Fatalf("group %s of preset %s: %d more are planned to be in it than explained", g.Name, preset.Ref.Preset, n)
			}
		}
	}
	for who := range everybody {
		e, err := ExplainPerson(in, who)
		if err != nil || len(e.Places) == 0 && strings.Contains(who, "@") {
			t.Fatalf("%s is in a group, and the explanation of them knows of none: %+v, %v", who, e, err)
		}
	}
}

func TestWhySomebodyWhomRulesSpeakOfIsNowhereIsSaid(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*company)
		says   string
	}{
		{"no preset on the project", func(c *company) { c.hr("bob,Legal,,24-002") }, `no preset in scope on project 24-002 has group "Legal" of Approval`},
		{"the group is not managed", func(c *company) { c.rules("*,Creator,Legal,*").hr("bob,Legal") }, `group "Creator" of Approval is not managed: Procore fills groups of type ITEM_CREATOR`},
		{"the preset is left out", func(c *company) {
			c.hr("bob,Legal").in.Snapshot.Unreadable = []sync.Unreadable{{Subject: "x", Project: "501", Preset: "7001"}}
		}, "preset 7001 of project 24-001 Project 501 is left out: something of it could not be read"},
	} {
		t.Run(c.name, func(t *testing.T) {
			company := newCompany(t).project("501", "24-001").project("502", "24-002").users("1=ann", "2=bob").preset("501", "7001", "g1: 1=ann")
			c.change(company)
			company.readAll()
			e, err := ExplainPerson(company.in, "bob@x.com")
			if err != nil {
				t.Fatal(err)
			}
			want(t, "missing", e.Missing, c.says)
		})
	}
}

func TestAnExplanationShowsTheRowsThatOnlyMayMeanSomebody(t *testing.T) {
	c := newCompany(t).project("501", "1").users("1=ann", "2=bob#002").hr("ann,Legal", "rob,Legal,,,,002").preset("501", "7001", "g1: 1=ann 2=robert")
	c.in.Roster.Members[1].ProcoreLogin = "ann@x.com" // leads to ann, and by the number to bob
	c.rejected(hrsource.RejectedRow{EmployeeID: "002", Team: "Legal"}).readAll()
	e, err := ExplainPerson(c.in, "robert@x.com")
	if err != nil {
		t.Fatal(err)
	}
	want(t, "rows", len(e.Rows), 2)
	want(t, "missing", e.Missing, "")
	for _, at := range e.Places {
		if at.Decision == DecidedKept {
			want(t, "why", at.Why, "a rejected HR row may mean them: hr.csv:4")
			return
		}
	}
	t.Errorf("nobody is kept: %+v", e.Places)
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
	golden(t, "coverage.txt", out.String())
}
