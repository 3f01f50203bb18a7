package ledger_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync/ledger"
	"procore-assignee-sync/sync/snapshot"
)

func openMemory(t *testing.T, dir string) (*ledger.Memory, string) {
	t.Helper()
	l, err := ledger.Open(t.Context(), ledger.Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	return l.Memory("42", "api.procore.com"), l.Cache("42", "api.procore.com")
}

func TestMemoryGivesBackWhatWasKept(t *testing.T) {
	dir := t.TempDir()
	want := &snapshot.Hints{
		LookedAt: time.Date(2026, 11, 23, 2, 0, 0, 0, time.UTC),
		Runs:     3,
		Scopes:   []snapshot.ScopeHint{{Project: "7", Tool: procore.ToolRef{Type: "rfis"}, Presets: []procore.PresetID{"1"}}},
	}
	version := procore.TemplateVersion{ID: "9", Groups: []procore.ResponsibleGroup{{UUID: "u", Name: "Legal", Type: "responsible_role"}}}
	m, _ := openMemory(t, dir)
	if err := m.KeepHints(want); err != nil {
		t.Fatal(err)
	}
	m.Keep(version)
	if err := m.KeepVersions(); err != nil {
		t.Fatal(err)
	}

	again, _ := openMemory(t, dir)
	if diff := cmp.Diff(want, again.Hints()); diff != "" {
		t.Errorf("hints (-kept +read):\n%s", diff)
	}
	got, ok := again.Version("9")
	if diff := cmp.Diff(version, got); !ok || diff != "" {
		t.Errorf("version known: %v (-kept +read):\n%s", ok, diff)
	}
}

func TestDamagedMemoryIsAsGoodAsNone(t *testing.T) {
	dir := t.TempDir()
	m, path := openMemory(t, dir)
	if err := m.KeepHints(&snapshot.Hints{Runs: 1}); err != nil {
		t.Fatal(err)
	}
	m.Keep(procore.TemplateVersion{ID: "9"})
	if err := m.KeepVersions(); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"presets.json", "versions.json"} {
		whole, err := os.ReadFile(filepath.Join(path, name))
		if err != nil {
			t.Fatal(err)
		}
		for i := range whole[:len(whole)-1] { // the last byte is a line feed, which says nothing
			damaged := append([]byte(nil), whole...)
			damaged[i] ^= 1
			if err := os.WriteFile(filepath.Join(path, name), damaged, 0o600); err != nil {
				t.Fatal(err)
			}
			m, _ := openMemory(t, dir)
			if _, known := m.Version("9"); name == "versions.json" && known {
				t.Fatalf("a version is believed with byte %d of %s changed: %s", i, name, damaged)
			}
			if name == "presets.json" && m.Hints() != nil {
				t.Fatalf("hints are believed with byte %d of %s changed: %s", i, name, damaged)
			}
		}
	}
}

func TestMemoryIsKeptByCompanyAndHost(t *testing.T) {
	l, err := ledger.Open(t.Context(), ledger.Options{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Memory("42", "api.procore.com").KeepHints(&snapshot.Hints{}); err != nil {
		t.Fatal(err)
	}
	if l.Memory("42", "sandbox.procore.com").Hints() != nil || l.Memory("43", "api.procore.com").Hints() != nil {
		t.Error("another company's or host's hints are given out")
	}
}
