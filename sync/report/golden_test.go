package report

import (
	"bytes"
	"flag"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"procore-assignee-sync/sync"
	"procore-assignee-sync/sync/report/guide"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// records are what every format is shown.
func records() map[string]sync.Record {
	return map[string]sync.Record{
		"plan": richPlan(), "apply": richApply(), "quiet": quietNight(), "noplan": noPlan(), "zero": {},
	}
}

type writer func(io.Writer, sync.Record) error

func formats() map[string]writer {
	return map[string]writer{
		"changes.csv":    ChangesCSV,
		"exceptions.csv": ExceptionsCSV,
		"md":             func(w io.Writer, r sync.Record) error { return Markdown(w, r, DetailAuto) },
		"json":           JSON,
		"html":           HTML,
		"xlsx":           XLSX,
		"txt":            func(w io.Writer, r sync.Record) error { return Text(w, r, TextOptions{}) },
	}
}

func TestEveryFormatShowsEachRecordAsItsGoldenFileSays(t *testing.T) {
	for name, rec := range records() {
		for format, write := range formats() {
			if format == "xlsx" {
				continue // no text; its cells are tested by themselves
			}
			t.Run(name+"."+format, func(t *testing.T) { golden(t, name+"."+format, render(t, write, rec)) })
		}
	}
}

func TestTheEndOfAnApplyShowsOnlyWhatDidNotGoAsPlanned(t *testing.T) {
	golden(t, "apply.result.txt", render(t, func(w io.Writer, r sync.Record) error {
		return Text(w, r, TextOptions{ResultOnly: true})
	}, richApply()))
}

func TestColorIsThereOnlyWhenAskedFor(t *testing.T) {
	colored := render(t, func(w io.Writer, r sync.Record) error { return Text(w, r, TextOptions{Color: true}) }, richPlan())
	golden(t, "plan.color.txt", colored)
	if plain := render(t, formats()["txt"], richPlan()); bytes.ContainsRune(plain, '\x1b') {
		t.Error("the plain report has an escape in it")
	}
}

func TestTheOrderOfTheRecordDoesNotChangeTheReport(t *testing.T) {
	for _, format := range []string{"txt", "md", "html"} {
		rec := richApply()
		want := render(t, formats()[format], rec)
		reverse(rec.Changes)
		reverse(rec.Exceptions)
		if diff := cmp.Diff(string(want), string(render(t, formats()[format], rec))); diff != "" {
			t.Errorf("%s changed with the record's order:\n%s", format, diff)
		}
	}
}

func TestAFullDiskIsReportedByEveryFormat(t *testing.T) {
	for format, write := range formats() {
		if err := write(fullDisk{}, richApply()); err == nil {
			t.Errorf("%s: no error although nothing could be written", format)
		}
	}
}

type fullDisk struct{}

func (fullDisk) Write([]byte) (int, error) { return 0, io.ErrShortWrite }

func reverse[T any](list []T) {
	for i, j := 0, len(list)-1; i < j; i, j = i+1, j-1 {
		list[i], list[j] = list[j], list[i]
	}
}

func render(t *testing.T, write writer, rec sync.Record) []byte {
	t.Helper()
	var buf bytes.Buffer
	if err := write(&buf, rec); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v: make it with go test ./sync/report -update", err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s (-want +got):\n%s", name, diff)
	}
}

func TestARefusedRunBeginsWithThatAndSaysItOnce(t *testing.T) {
	apply := richPlan()
	apply.Run.Command, apply.Summary.Outcome = sync.CommandApply, sync.Refused
	bare := noPlan()
	bare.Run.Command, bare.Summary.Outcome = sync.CommandApply, sync.Refused
	invites := sync.Record{Run: sync.Run{Command: sync.CommandHandover}, Summary: sync.Summary{Outcome: sync.Refused}, Waiting: []sync.Waiting{{Instance: "1", State: sync.WaitPlanned}}}
	for want, rec := range map[string]sync.Record{
		"Refused: 3 to add, 3 to remove in 3 presets of 2 projects and the company (6 people); 2 held and not removed; nothing was written": apply,
		"Refused: No plan was made: nothing was written":                                                    bare,
		"Refused: 1 running workflow waits for somebody who left; 1 to be handed over; nothing was written": invites,
	} {
		text := string(render(t, func(w io.Writer, rec sync.Record) error { return Text(w, rec, TextOptions{}) }, rec))
		markdown := string(render(t, func(w io.Writer, rec sync.Record) error { return Markdown(w, rec, DetailAuto) }, rec))
		if line, _, _ := strings.Cut(text, "\n"); line != want {
			t.Errorf("the text begins with %q, want %q", line, want)
		}
		if !strings.Contains(markdown, "**"+want+"**") {
			t.Errorf("Markdown lacks %q", want)
		}
	}
	if line := read(richPlan()).totals; !strings.HasPrefix(line, "Plan: ") {
		t.Errorf("a dry run that a limit would refuse begins with %q", line)
	}
}

func TestWhatAGateSaysItselfWinsOverTheGuide(t *testing.T) {
	if got := GateTodo(sync.TrippedGate{Gate: sync.GateMaxAge, Allow: "look at the clocks"}); got != "look at the clocks" {
		t.Error(got)
	}
	if got := GateTodo(sync.TrippedGate{Gate: sync.GateMaxAge}); got != guide.ToGate(sync.GateMaxAge).Todo {
		t.Error(got)
	}
}

func TestASuggestedApprovalNamesWhatOnlyAPersonCanSayAndAsksNobodyWhereNobodyIs(t *testing.T) {
	plan := &sync.Plan{Digest: strings.Repeat("ab", 32)}
	for want, run := range map[string]sync.Run{
		`assignee-sync apply --env-file a.env --approve abababababab --approved-by "…" --reason "…"`: {Command: sync.CommandPlan, Flags: "--env-file a.env"},
		`assignee-sync handover --approve abababababab --yes --approved-by "…" --reason "…"`:         {Command: sync.CommandHandover, Unattended: true},
	} {
		if got := Approval(plan, run); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

func TestATitleNamesTheCompanyWhereItsNameIsKnown(t *testing.T) {
	rec := sync.Record{Run: sync.Run{Company: "8812", CompanyName: "Harbour\nBuilders", Command: sync.CommandPlan}}
	if got := title(rec); got != "Plan for Harbour Builders (Procore company 8812)" {
		t.Error(got)
	}
	rec.Run.CompanyName = ""
	if got := title(rec); got != "Plan for Procore company 8812" {
		t.Error(got)
	}
}

// What is shown at the question of an approved apply does not ask for the approval once more.
func TestAPlanThatIsApprovedDoesNotAskForItsApproval(t *testing.T) {
	rec := richPlan()
	rec.Run.Command, rec.Run.Approved, rec.Summary.Outcome = sync.CommandApply, rec.Plan.Digest, ""
	for format, write := range formats() {
		if format == "json" {
			continue // it has the gates as they were judged
		}
		if shown := string(render(t, write, rec)); strings.Contains(shown, "--approve ") || strings.Contains(shown, "approve this plan") {
			t.Errorf("%s asks to approve what is approved", format)
		}
	}
	rec.Run.Approved = ""
	if shown := string(render(t, formats()["txt"], rec)); !strings.Contains(shown, "--approve ") || !strings.Contains(shown, "approve this plan") {
		t.Error("a plan that is refused does not say how to approve it")
	}
}
