package report

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
)

// openProjects opens the details of every project that is shown.
const openProjects = `(document.querySelectorAll("#project-list details").forEach(d => d.open = true), true)`

func TestARealBrowserShowsTheWholeReportAndAsksForNothing(t *testing.T) {
	rec := richApply()
	v := open(t, rec, view{width: 1280})
	look[bool](v, openProjects)
	v.await(fmt.Sprintf(`document.querySelectorAll("#project-list tbody tr").length === %d`, len(rec.Changes)))
	type seen struct {
		Unnamed, Untitled int
		Radius, Text      string
	}
	got := look[seen](v, `(() => {
		const all = s => [...document.querySelectorAll(s)];
		return {
			Unnamed: all("[aria-labelledby]").filter(e => !document.getElementById(e.getAttribute("aria-labelledby"))).length,
			Untitled: all("thead th").filter(e => e.scope !== "col").length,
			Radius: getComputedStyle(document.querySelector("dl")).borderRadius,
			Text: document.body.innerText,
		};
	})()`)
	if got.Unnamed != 0 || got.Untitled != 0 {
		t.Errorf("%d regions without a name, %d headings without a scope", got.Unnamed, got.Untitled)
	}
	if got.Radius != "8px" {
		t.Errorf("the style sheet does not hold: the border radius is %q", got.Radius)
	}
	for _, want := range []string{
		read(rec).totals, "Ada Lovelace", "<script>alert(1)</script>", "School <b>annex</b>", "keeps 3 others unchanged",
		"2026-11-23 02:00:02 UTC, HTTP 422, request req-90", "Failed: login 10 is not assignable", // of each change
		"by not given, as digest 3f9a1c22aa10", "site closes", "ab12", "cd34", "assignee-sync 1.2.0", "at most 25 % of all memberships removed",
	} {
		if !strings.Contains(got.Text, want) {
			t.Errorf("the page does not show %q", want)
		}
	}
}

func TestThePagesFirstScreenNeedsNoScript(t *testing.T) {
	rec := richPlan()
	v := open(t, rec, view{width: 1280, noScript: true})
	type seen struct {
		Text         string
		Forms, Parts int
	}
	got := look[seen](v, `({
		Text: document.body.innerText,
		Forms: [...document.querySelectorAll("form, button")].filter(e => e.offsetParent).length,
		Parts: document.querySelectorAll("#people-list > li").length,
	})`)
	for _, want := range []string{read(rec).totals, "Refused by 1 limit", "assignee-sync apply --approve 3f9a1c22aa10", "new00@example.com", "Ada Lovelace", "About this run"} {
		if !strings.Contains(got.Text, want) {
			t.Errorf("without script the page does not show %q", want)
		}
	}
	if got.Forms != 0 || got.Parts != len(peopleAndReasons(rec.Changes, true)) {
		t.Errorf("%d forms and buttons that do nothing, %d people and reasons", got.Forms, got.Parts)
	}
}

func TestPeopleAndDetailsAreSearchedAndFiltered(t *testing.T) {
	rec := richApply()
	v := open(t, rec, view{width: 1280})
	people := `document.querySelectorAll("#people-list > li").length`
	projects := `document.querySelectorAll("#project-list > details").length`
	found := func(script string, entries, places int, says string) {
		t.Helper()
		look[bool](v, script)
		v.await(fmt.Sprintf(`%s === %d && %s === %d && document.getElementById("found").textContent.includes(%q)`,
			people, entries, projects, places, says))
	}
	set := func(id, value string) string {
		return fmt.Sprintf(`(e => { e.value = %q; e.dispatchEvent(new Event(e.tagName === "INPUT" ? "input" : "change", { bubbles: true })); return true; })(document.getElementById(%q))`, value, id)
	}
	found("true", 8, 3, "All: 9 changes, 8 people, 4 presets")
	v.do(chromedp.SendKeys(chromedp.CSS("#by-person"), "LOVELACE"))
	found("true", 1, 1, "Found: 2 changes, 1 person, 2 presets")
	found(set("by-person", "00006"), 1, 1, "Found: 1 change, 1 person") // by employee id
	found(set("by-person", "nobody at all"), 0, 0, "Found: 0 changes")
	found(set("by-person", ""), 8, 3, "All")
	found(set("by-project", "24-017"), 4, 1, "Found: 5 changes")
	found(set("by-status", "not attempted"), 1, 1, "Found: 1 change")
	v.do(chromedp.Click(chromedp.CSS("#filter button[type=reset]")))
	found("true", 8, 3, "All")
	found(set("by-template", "Prequalification"), 2, 1, "Found: 2 changes")
	found(set("by-template", ""), 8, 3, "All")
	found(set("by-group", "Cost control"), 2, 1, "Found: 2 changes, 2 people, 1 preset")
	found(set("by-group", ""), 8, 3, "All")

	// From a person to their places.
	look[bool](v, `([...document.querySelectorAll("#people-list > li")].find(e => e.textContent.includes("Ada Lovelace")).querySelector("button").click(), true)`)
	v.await(`document.querySelectorAll("#project-list tbody tr").length === 2`)
	v.await(`/^[1-8] changes found, of 9$/.test(document.getElementById("found-here").textContent)`)
	look[bool](v, `(document.querySelector("#details button").click(), true)`)
	found("true", 8, 3, "All")
	v.await(`document.getElementById("found-here").textContent === "9 changes" && document.querySelector("#details button").hidden`)
}

func TestDetailsAreMadeAsTheyAreAskedForFromTheKeyboard(t *testing.T) {
	v := open(t, richPlan(), view{width: 1280})
	rows := `document.querySelectorAll("#project-list tbody tr").length`
	if n := look[int](v, rows); n != 0 {
		t.Errorf("%d rows of details are there before anybody asked", n)
	}
	reached := func(id string) bool { return look[bool](v, `document.activeElement.matches(`+"`"+id+"`"+`)`) }
	press := func(what string) {
		t.Helper()
		for range 60 {
			v.do(chromedp.KeyEvent(kb.Tab))
			if reached(what) {
				v.do(chromedp.KeyEvent(kb.Enter))
				return
			}
		}
		t.Fatalf("%s can't be reached by the Tab key", what)
	}
	press(`nav a[href="#people"]`)
	items := `document.querySelectorAll(".items li").length`
	before := look[int](v, items)
	press(`.more button`)
	v.await(fmt.Sprintf("%s === %d", items, before+23-pageItems))
	press(`#people-list button`)
	v.await(rows + " > 0")
	press(`#project-list summary`) // was opened for the person; Enter closes it
	v.await(`document.querySelectorAll("#project-list details[open]").length === 0`)
}

func TestThePageFitsAPhone(t *testing.T) {
	for _, rec := range []sync.Record{richApply(), bigRecord(400)} {
		v := open(t, rec, view{width: 360})
		look[bool](v, openProjects)
		v.await(`document.querySelectorAll("#project-list tbody tr").length > 0`)
		type size struct {
			Page, Screen int
			Rows         string
		}
		got := look[size](v, `(() => {
			const e = document.documentElement;
			return { Page: e.scrollWidth, Screen: e.clientWidth, Rows: getComputedStyle(document.querySelector("#project-list tbody tr")).display };
		})()`)
		if got.Screen == 0 || got.Page > got.Screen {
			t.Errorf("the page is %d pixels wide on a screen of %d", got.Page, got.Screen)
		}
		if got.Rows != "block" {
			t.Errorf("on a phone a change is shown as %q, want a card", got.Rows)
		}
	}
}

func TestOnPaperThePageIsOutcomeToDoAndPeople(t *testing.T) {
	if _, err := exec.LookPath("pdftotext"); err != nil {
		missing(t, "no pdftotext found, so the printed page was not read: install the package poppler-utils")
	}
	rec := manyPeople(150)
	rec.Exceptions = richExceptions()
	v := open(t, rec, view{width: 1280})
	look[bool](v, openProjects)
	pdf, err := chromedp.Run(v.ctx, chromedp.PrintToPDF())
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "report.pdf")
	if err := os.WriteFile(path, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("pdftotext", "-raw", path, "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	paper := string(out)
	at := -1
	for _, want := range []string{"Plan for Procore company", "Would be left undone", "new22@example.com", "Person 0000", "Person 0149", "About this run"} {
		i := strings.Index(paper, want)
		if i <= at {
			t.Errorf("on paper %q is missing or out of order", want)
		}
		at = i
	}
	for _, screen := range []string{"Show ", "Where", "Details", "preset 5000"} {
		if strings.Contains(paper, screen) {
			t.Errorf("the paper has %q, which is for the screen", screen)
		}
	}
}

// TestNothingSeriousKeepsAnybodyFromReadingThePage asks axe-core, as accessibility auditors do.
func TestNothingSeriousKeepsAnybodyFromReadingThePage(t *testing.T) {
	axe, err := os.ReadFile(filepath.Join("..", "..", ".ci", "browser", "node_modules", "axe-core", "axe.min.js"))
	if err != nil {
		missing(t, "axe-core is not installed, so nobody looked whether the page is accessible: npm ci in .ci/browser")
	}
	for _, how := range []view{{width: 1280}, {width: 1280, dark: true}, {width: 360}, {width: 360, dark: true}} {
		for name, rec := range map[string]sync.Record{"apply": richApply(), "large": manyPeople(110)} {
			t.Run(fmt.Sprintf("%s at %d, dark %v", name, how.width, how.dark), func(t *testing.T) {
				v := open(t, rec, how)
				look[bool](v, openProjects)
				look[bool](v, string(axe)+";true")
				found, err := chromedp.Run(v.ctx, chromedp.Evaluate[[]string](`axe.run().then(r => r.passes.length < 10 ? ["axe looked at next to nothing"] : r.violations
					.filter(v => ["serious", "critical"].includes(v.impact))
					.map(v => v.id + ": " + v.help + " " + v.nodes.slice(0, 3).map(n => n.html)))`,
					func(p *runtime.EvaluateParams) { p.AwaitPromise = new(true) }))
				if err != nil {
					t.Fatal(err)
				}
				for _, f := range found {
					t.Error(f)
				}
			})
		}
	}
}

// manyPeople is a plan with n changes of n people, each for a reason of their own.
func manyPeople(n int) sync.Record {
	rec := bigRecord(n)
	for i := range rec.Changes {
		c := &rec.Changes[i]
		c.LoginID, c.PersonName = procore.LoginID(fmt.Sprint(3008140000+i)), fmt.Sprintf("Person %04d", i)
		c.Login = fmt.Sprintf("person.number%04d@construction.example", i)
		c.EmployeeID, c.Source = fmt.Sprintf("%06d", i), sync.Positions{fmt.Sprintf("hr.csv:%d", i+2)}
		c.Reason = sync.CauseMoved.Reason(fmt.Sprintf(": now on team \"Project Management\" as \"Project Manager\" in project 24-%04d", i%500))
	}
	return rec
}

// largeApply is an apply of n changes, four to a preset, with an answer of its own for each preset.
func largeApply(n, people int) sync.Record {
	rec := manyPeople(n)
	rec.Run.Command, rec.Summary.Outcome, rec.Plan.Gates = "apply", sync.Done, nil
	for i := range rec.Changes {
		c := &rec.Changes[i]
		who := rec.Changes[i%people]
		c.LoginID, c.PersonName, c.Login, c.EmployeeID, c.Source, c.Reason = who.LoginID, who.PersonName, who.Login, who.EmployeeID, who.Source, who.Reason
		c.Project = procore.ProjectID(fmt.Sprint(9007201254740000 + i/40))
		c.ProjectNumber, c.ProjectName = fmt.Sprintf("24-%04d", i/40), fmt.Sprintf("Harbour Tower, phase %d", i/40)
		c.Preset = procore.PresetID(fmt.Sprint(9007203254740000 + i/4))
		c.GroupUUID, c.GroupName = procore.GroupUUID(fmt.Sprint("g-", i%4)), fmt.Sprintf("Approvers of stage %d", i%4+1)
		c.Status, c.Time, c.HTTPStatus = sync.Applied, started.Add(time.Duration(i/4)*time.Second), 200
		c.RequestID = fmt.Sprintf("%08x-aaaa-bbbb-cccc-dddddddddddd", i/4)
	}
	return rec
}

func TestAPageOfTenThousandChangesStaysUnderTwoMegabytes(t *testing.T) {
	for _, people := range []int{500, 10_000} {
		var buf bytes.Buffer
		if err := HTML(&buf, largeApply(10_000, people)); err != nil {
			t.Fatal(err)
		}
		if buf.Len() >= 2_000_000 {
			t.Errorf("with %d people the page has %d bytes", people, buf.Len())
		}
		t.Logf("%d people: %d bytes", people, buf.Len())
	}
}

// BenchmarkOpenTheLargePage says how long a browser takes for 10,000 changes in 2,500 presets until the first screen with
// its people stands, and how many nodes it then has.
func BenchmarkOpenTheLargePage(b *testing.B) {
	v := open(b, largeApply(10_000, 500), view{width: 1280})
	type cost struct{ Nodes, Millis float64 }
	var got cost
	for b.Loop() {
		v.show(view{width: 1280})
		got = look[cost](v, `({
			Nodes: document.querySelectorAll("*").length,
			Millis: performance.getEntriesByType("navigation")[0].domContentLoadedEventEnd,
		})`)
	}
	b.ReportMetric(got.Nodes, "nodes")
	b.ReportMetric(got.Millis, "ms-to-ready")
}
