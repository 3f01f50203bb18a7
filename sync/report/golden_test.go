package report

import (
	"bytes"
	"flag"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"procore-assignee-sync/sync"
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
