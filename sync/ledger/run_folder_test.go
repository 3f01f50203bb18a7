package ledger

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"procore-assignee-sync/sync"
)

func TestFoldersAreForTheJobAloneAndFilesToo(t *testing.T) {
	l := tempLedger(t)
	f := create(t, l, runOf(1, sync.CommandApply))
	must(t, f.writePlan(sync.PlanFile{RunID: f.runID, CreatedAt: night(1), Plan: samplePlan("1")}))
	finish(t, f, runOf(1, sync.CommandApply), true)
	release, err := l.lock(company, host, Holder{})
	must(t, err)
	defer func() { must(t, release()) }()
	seen := map[string]bool{}
	must(t, filepath.WalkDir(l.dir, func(path string, d fs.DirEntry, err error) error {
		must(t, err)
		info, err := d.Info()
		must(t, err)
		wanted := fs.FileMode(0o600)
		if d.IsDir() {
			wanted = 0o700
		}
		if info.Mode().Perm() != wanted {
			t.Errorf("%s has mode %o, want %o", path, info.Mode().Perm(), wanted)
		}
		seen[d.Name()] = true
		return nil
	}))
	for _, name := range []string{"plan.json", "journal.jsonl", "changes.csv", "exceptions.csv", "summary.json", "report.html", "report.xlsx"} {
		if !seen[name] {
			t.Errorf("%s is missing", name)
		}
	}
}

func TestARunsFolderIsMadeOnceOnly(t *testing.T) {
	l := tempLedger(t)
	create(t, l, runOf(1, sync.CommandApply))
	if _, err := l.create(runOf(1, sync.CommandApply)); err == nil {
		t.Error("the same folder was made twice")
	}
}

func TestARunWithoutAProperIdGetsNoFolder(t *testing.T) {
	l := tempLedger(t)
	for _, id := range []string{"", "..", "../x", "20261123T020000Z-3f9a1c/x"} {
		if _, err := l.create(sync.Run{ID: id}); err == nil {
			t.Errorf("a folder was made for run %q", id)
		}
	}
}

func TestOpeningALedgerWritesNothing(t *testing.T) {
	l := tempLedger(t)
	runs, err := l.runs(Filter{})
	must(t, err)
	want(t, "runs", len(runs), 0)
	if _, err := l.baseline(company, host, "x"); err != nil {
		t.Error(err)
	}
	if exists(l.dir) {
		t.Error("the folder was made")
	}
}

func TestALedgerThatIsAFileIsRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "runs")
	must(t, os.WriteFile(path, nil, 0o600))
	if _, err := openFolder(path); err == nil || !strings.Contains(err.Error(), "LEDGER_DIR") {
		t.Errorf("got %v", err)
	}
}

func TestAFileIsWrittenWholeOrNotAtAll(t *testing.T) {
	dir := t.TempDir()
	must(t, writeWhole(dir, "a", func(w io.Writer) error { _, err := io.WriteString(w, "old"); return err }))
	full := errors.New("no space left on device")
	err := writeWhole(dir, "a", func(w io.Writer) error {
		_, _ = io.WriteString(w, "ne")
		return full
	})
	if !errors.Is(err, full) {
		t.Errorf("got %v", err)
	}
	text, err := os.ReadFile(filepath.Join(dir, "a"))
	must(t, err)
	want(t, "content", string(text), "old")
	entries, err := os.ReadDir(dir)
	must(t, err)
	want(t, "files", len(entries), 1)
}

func TestARunWhoseReportsCantBeWrittenIsLeftToBeClosed(t *testing.T) {
	l := tempLedger(t)
	run := runOf(1, sync.CommandApply)
	f := create(t, l, run)
	must(t, os.Mkdir(filepath.Join(f.dir, changesFile), 0o700)) // in the way
	if err := f.finish(sync.Record{Run: run, Plan: &sync.Plan{}}); err == nil || !strings.Contains(err.Error(), changesFile) {
		t.Errorf("got %v", err)
	}
	if exists(filepath.Join(f.dir, summaryFile)) {
		t.Error("there is a summary although the reports are not whole")
	}
	open, err := l.interrupted(company, host)
	must(t, err)
	want(t, "to be closed", len(open), 1)
}

func TestAFolderIsPreparedOrSaidToBeNone(t *testing.T) {
	dir := t.TempDir()
	must(t, os.WriteFile(filepath.Join(dir, "file"), nil, 0o600))
	l := &folder{dir: filepath.Join(dir, "new", "runs")}
	must(t, l.prepare())
	entries, err := os.ReadDir(l.dir)
	must(t, err)
	want(t, "files left", len(entries), 0)
	if err := (&folder{dir: filepath.Join(dir, "file", "runs")}).prepare(); err == nil || !strings.Contains(err.Error(), "set LEDGER_DIR") {
		t.Errorf("got %v", err)
	}
}

func TestWhetherRunsCanBeKeptIsKnownWithoutWriting(t *testing.T) {
	dir := t.TempDir()
	must(t, os.WriteFile(filepath.Join(dir, "file"), nil, 0o600))
	must(t, os.Mkdir(filepath.Join(dir, "closed"), 0o500))
	for _, c := range []struct {
		dir  string
		fits bool
	}{
		{dir, true},
		{filepath.Join(dir, "new", "runs"), true},
		{filepath.Join(dir, "file", "runs"), false},
		{filepath.Join(dir, "closed", "runs"), os.Getuid() == 0}, // root may write anywhere
	} {
		l, err := openFolder(c.dir)
		if err == nil {
			err = l.canWrite()
		}
		if (err == nil) != c.fits {
			t.Errorf("%s: %v", c.dir, err)
		}
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 2 {
		t.Errorf("%d entries are left, %v", len(left), err)
	}
}
