package ledger

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"procore-assignee-sync/sync"
	"procore-assignee-sync/sync/report"
)

func TestChangesAreReadBackAsTheyWereMeant(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`'?[=+\-@]?[a-z"]([ -~]|[;\n\t]'?[ "]?[=+\-@]?){0,12}`)
		change := sync.Change{
			Time: night(1), Project: "9", Preset: "1", GroupName: text.Draw(t, "group"), PersonName: text.Draw(t, "name"),
			Error: text.Draw(t, "error"), Action: sync.Remove, Status: sync.Failed, Source: sync.Positions{"hr;1.csv:14", "hr;1.csv:15"}, HTTPStatus: rapid.IntRange(0, 599).Draw(t, "status"),
		}
		for _, cell := range []*string{&change.GroupName, &change.PersonName, &change.Error} {
			*cell = strings.TrimSpace(*cell)
		}
		path := filepath.Join(dir, changesFile)
		f, err := os.Create(path)
		if err != nil {
			t.Fatal(err)
		}
		err = report.ChangesCSV(f, sync.Record{Run: runOf(1, sync.CommandApply), Changes: []sync.Change{change}})
		if err != nil || f.Close() != nil {
			t.Fatal("the file can't be written", err)
		}
		got, err := readChanges(path)
		if err != nil || len(got) != 1 || !reflect.DeepEqual(got[0], change) {
			t.Fatalf("wrote %+v, read %+v, %v", change, got, err)
		}
	})
}

func TestACSVFileThatIsDamagedSaysWhere(t *testing.T) {
	path := filepath.Join(t.TempDir(), changesFile)
	for text, where := range map[string]string{
		"":                             "no header",
		"time,status\nyesterday,x\n":   changesFile + ":2",
		"time,status\n\"2026":          changesFile,
		"http_status,status\nmany,x\n": changesFile + ":2",
	} {
		must(t, os.WriteFile(path, []byte(text), 0o600))
		if _, err := readChanges(path); err == nil || !strings.Contains(err.Error(), where) {
			t.Errorf("%q: %v does not mention %q", text, err, where)
		}
	}
}
