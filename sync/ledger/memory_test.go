package ledger_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
	"procore-assignee-sync/sync/ledger"
	"procore-assignee-sync/sync/snapshot"
)

var keptAt = time.Date(2026, 11, 23, 2, 0, 0, 0, time.UTC)

func openMemory(t testing.TB, dir string) (*ledger.Memory, string) {
	t.Helper()
	l, err := ledger.Open(context.Background(), ledger.Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	return l.Memory("42", "api.procore.com"), filepath.Join(l.Cache("42", "api.procore.com"), "memory")
}

// recall returns what is remembered an hour after keptAt.
func recall(t testing.TB, m *ledger.Memory) *snapshot.Memory {
	t.Helper()
	remembered, err := m.Recall(t.Context(), keptAt.Add(time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	return remembered
}

func keep(t testing.TB, m *ledger.Memory, remembered *snapshot.Memory) {
	t.Helper()
	if err := m.Keep(t.Context(), remembered, keptAt, false); err != nil {
		t.Fatal(err)
	}
}

// someMemory has a preset of each kind: remembered, doubted, never read.
func someMemory() *snapshot.Memory {
	rfis := procore.ToolRef{Type: "rfis", Subtype: "-12"}
	crew := []procore.Login{{ID: "9007199254740993", Login: "ada@example.com", Name: "Ada"}, {ID: "2"}}
	read := func(project procore.ProjectID, preset procore.PresetID) sync.PresetState {
		return sync.PresetState{
			Ref: procore.PresetRef{Project: project, Preset: preset}, Tool: rfis, TemplateID: "5", ReadAt: keptAt.Add(-time.Hour),
			Preset: procore.Preset{
				ID: preset, Valid: true, Template: procore.PresetTemplate{ID: "5", Published: "51"},
				Memberships: []procore.Membership{{Group: "g1", Assignees: crew}, {Group: "g2", Assignees: []procore.Login{}}, {Group: "g3", Assignees: crew[:1]}},
			},
		}
	}
	m := &snapshot.Memory{
		Templates: []snapshot.TemplateCount{{ID: "5", Assigned: procore.AssignedUnknown, Found: 3}},
		Lists:     map[procore.AssigneeScope]time.Time{{Project: "7", Tool: rfis}: keptAt, {Tool: rfis}: keptAt.AddDate(0, 0, -3)},
		Presets: []sync.PresetState{
			read("", "1"), read("7", "2"), read("7", "3"), {Ref: procore.PresetRef{Project: "7", Preset: "4"}, Tool: rfis, TemplateID: "5"},
		},
		Hourly: snapshot.HourlyLimit{Limit: 3600, LearnedAt: keptAt},
	}
	m.ReadNext([]procore.PresetRef{{Project: "7", Preset: "3"}})
	return m
}

func TestMemoryGivesBackWhatWasKept(t *testing.T) {
	dir := t.TempDir()
	m, _ := openMemory(t, dir)
	if recall(t, m) != nil {
		t.Error("something is remembered before anything was kept")
	}
	keep(t, m, someMemory())
	want := someMemory()
	doubted := &want.Presets[2] // the next run reads it: only where it is matters
	*doubted = sync.PresetState{Ref: doubted.Ref, Tool: doubted.Tool, TemplateID: doubted.TemplateID}
	want.MustRead = nil
	again, _ := openMemory(t, dir)
	if diff := cmp.Diff(want, recall(t, again), cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("(-kept +recalled):\n%s", diff)
	}
}

func TestDamagedMemoryIsAsGoodAsNone(t *testing.T) {
	m, path := openMemory(t, t.TempDir())
	keep(t, m, someMemory())
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for i := range whole {
		damaged := append([]byte(nil), whole...)
		damaged[i] ^= 1
		for _, text := range [][]byte{damaged, whole[:i]} {
			if err := os.WriteFile(path, text, 0o600); err != nil {
				t.Fatal(err)
			}
			// The time at which it was kept is no part of what is sealed: a memory is aged by what it says of each preset.
			if got := recall(t, m); got != nil && cmp.Diff(got, recall(t, m)) != "" {
				t.Fatalf("a memory is believed with byte %d changed", i)
			}
		}
	}
}

func TestMemoryOfAnotherCompanyOrHostOrOfTimesToComeIsAsGoodAsNone(t *testing.T) {
	l, err := ledger.Open(t.Context(), ledger.Options{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	m := l.Memory("42", "api.procore.com")
	keep(t, m, someMemory())
	text, err := os.ReadFile(filepath.Join(l.Cache("42", "api.procore.com"), "memory"))
	if err != nil {
		t.Fatal(err)
	}
	for _, other := range []struct {
		company procore.CompanyID
		host    string
	}{{"43", "api.procore.com"}, {"42", "sandbox.procore.com"}} {
		o := l.Memory(other.company, other.host)
		if recall(t, o) != nil {
			t.Error("another company's or host's memory is given out")
		}
		if err := os.MkdirAll(l.Cache(other.company, other.host), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(l.Cache(other.company, other.host), "memory"), text, 0o600); err != nil {
			t.Fatal(err)
		}
		if recall(t, o) != nil {
			t.Error("a memory that was copied from another company's or host's is believed")
		}
	}
	if got, err := m.Recall(t.Context(), keptAt.Add(-time.Second)); got != nil || err != nil {
		t.Errorf("a memory from times to come is believed: %+v, %v", got, err)
	}
}

func TestADryRunLeavesAloneWhatAnotherRunHasKeptMeanwhile(t *testing.T) {
	dir := t.TempDir()
	first, _ := openMemory(t, dir)
	keep(t, first, someMemory())
	dry, _ := openMemory(t, dir)
	remembered := recall(t, dry)
	other := someMemory()
	other.Hourly.Limit = 7200
	keep(t, first, other)
	remembered.Hourly.Limit = 600
	if err := dry.Keep(t.Context(), remembered, keptAt, true); err != nil {
		t.Fatal(err)
	}
	if got := recall(t, first).Hourly.Limit; got != 7200 {
		t.Errorf("what is kept is of %d calls an hour", got)
	}
	recall(t, dry)
	if err := dry.Keep(t.Context(), remembered, keptAt, true); err != nil || recall(t, first).Hourly.Limit != 600 {
		t.Errorf("a dry run keeps nothing where nobody else did: %v", err)
	}
}

func TestWhereNothingCanBeKeptNothingOldIsLeft(t *testing.T) {
	m, path := openMemory(t, t.TempDir())
	keep(t, m, someMemory())
	if err := os.Chmod(filepath.Dir(path), 0o500); err != nil {
		t.Fatal(err)
	}
	defer os.Chmod(filepath.Dir(path), 0o700) // so that the test's folder can be deleted
	if os.Geteuid() == 0 {
		t.Skip("a superuser may write anywhere")
	}
	other := someMemory()
	other.Hourly.Limit = 600
	if err := m.Keep(t.Context(), other, keptAt, false); err == nil {
		t.Error("a memory that could not be kept is said to be")
	}
}

func FuzzMemoryIsNeverReadBeyondItsEnd(f *testing.F) {
	m, path := openMemory(f, f.TempDir())
	if err := m.Keep(context.Background(), someMemory(), keptAt, false); err != nil {
		f.Fatal(err)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		f.Fatal(err)
	}
	_, content, _ := strings.Cut(string(text), "\n")
	f.Add([]byte(content))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, content []byte) {
		got, err := ledger.DecodeMemory(content, "42", "api.procore.com")
		if (got == nil) == (err == nil) {
			t.Errorf("%v and %v", got, err)
		}
	})
}

// bigMemory is of so many presets with 12 groups each, of which the people differ from project to project.
func bigMemory(presets int) *snapshot.Memory {
	const perProject, groups, people = 5, 12, 5
	m := &snapshot.Memory{Lists: map[procore.AssigneeScope]time.Time{}}
	for i := range presets {
		project := procore.ProjectID(fmt.Sprint(4_000_000 + i/perProject))
		p := sync.PresetState{
			Ref:  procore.PresetRef{Project: project, Preset: procore.PresetID(fmt.Sprint(9_007_199_254_000_000 + i))},
			Tool: procore.ToolRef{Type: fmt.Sprint("tool_", i%perProject)}, TemplateID: procore.TemplateID(fmt.Sprint(8_140_000 + i%perProject)), ReadAt: keptAt,
		}
		p.Preset = procore.Preset{ID: p.Ref.Preset, Valid: true, Template: procore.PresetTemplate{ID: p.TemplateID, Published: "51"}}
		for g := range groups {
			crew := make([]procore.Login, people)
			for n := range crew {
				who := (i*31 + g*7 + n) % 20_000
				crew[n] = procore.Login{
					ID: procore.LoginID(fmt.Sprint(1_000_000 + who)), Login: fmt.Sprintf("somebody.%d@example.com", who), Name: fmt.Sprint("Somebody ", who),
				}
			}
			p.Preset.Memberships = append(p.Preset.Memberships, procore.Membership{
				Group: procore.GroupUUID(fmt.Sprintf("00000000-0000-4000-8000-%06d%06d", i%perProject, g)), Assignees: crew,
			})
		}
		m.Presets = append(m.Presets, p)
		m.Lists[p.Scope()] = keptAt
	}
	return m
}

func BenchmarkMemoryOf50000Presets(b *testing.B) {
	m, path := openMemory(b, b.TempDir())
	big := bigMemory(50_000)
	b.Run("keep", func(b *testing.B) {
		for b.Loop() {
			big.Hourly.Limit++
			keep(b, m, big)
		}
		info, err := os.Stat(path)
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(info.Size())/1e6, "MB")
	})
	b.Run("recall", func(b *testing.B) {
		keep(b, m, big)
		for b.Loop() {
			if got := recall(b, m); len(got.Presets) != 50_000 {
				b.Fatal(len(got.Presets))
			}
		}
	})
}

func TestTheMemoryOfManyPresetsIsSmall(t *testing.T) {
	const presets = 5_000
	m, path := openMemory(t, t.TempDir())
	keep(t, m, bigMemory(presets))
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if most := int64(40_000_000 / 50_000 * presets); info.Size() > most {
		t.Errorf("%d presets take %d bytes, more than %d", presets, info.Size(), most)
	}
}
