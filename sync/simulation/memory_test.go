package simulation_test

import (
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"time"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync/ledger"
	"procore-assignee-sync/sync/snapshot"
)

// tamperWithMemory damages what the ledger remembers of Procore, puts an old one of it back, or forges it. That may cost
// calls, or let an edit by hand or a new preset be seen later.
func (s *simulation) tamperWithMemory() {
	found, _ := filepath.Glob(filepath.Join(s.dir, ".cache", "*", "memory"))
	if len(found) == 0 {
		return
	}
	path := found[0]
	text, err := os.ReadFile(path)
	if err != nil || len(text) == 0 {
		return
	}
	now := slices.Clone(text)
	s.tampered = len(s.nights)
	switch s.rnd.IntN(6) {
	case 0:
		text = text[:s.rnd.IntN(len(text))]
		s.tally.add("memories cut")
	case 1:
		text[s.rnd.IntN(len(text))] ^= 1 << s.rnd.IntN(8)
		s.tally.add("memories damaged")
	case 2:
		_ = os.Remove(path)
		s.tally.add("memories deleted")
		return
	case 3:
		if s.oldCache != nil {
			text = s.oldCache
			s.tally.add("memories put back")
		}
	default:
		s.forgeMemory(forgeries)
		s.oldCache, s.stale = now, true
		return
	}
	_ = os.WriteFile(path, text, 0o600)
	s.oldCache, s.stale = now, true
}

// What may be forged, by number; and what of that keeps no preset from being read in its turn.
var (
	forgeries = []int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}
	unmissed  = []int{0, 1, 2, 3, 5, 7}
)

// forgeMemory makes a memory say something else, sealed as it should be.
func (s *simulation) forgeMemory(kinds []int) {
	led, err := ledger.Open(context.Background(), ledger.Options{Dir: s.dir})
	if err != nil {
		return
	}
	m := led.Memory(s.company.ID, "127.0.0.1")
	remembered, err := m.Recall(context.Background(), time.Now())
	if err != nil || remembered == nil {
		return
	}
	for range 1 + s.rnd.IntN(4) {
		s.forge(remembered, kinds[s.rnd.IntN(len(kinds))])
	}
	s.tampered = len(s.nights)
	if m.Keep(context.Background(), remembered, time.Now(), false) == nil {
		s.tally.add("memories forged")
	}
}

func (s *simulation) forge(m *snapshot.Memory, what int) {
	if len(m.Presets) == 0 {
		return
	}
	p := &m.Presets[s.rnd.IntN(len(m.Presets))]
	somebody := func() procore.Login {
		a, b := s.company.Users[s.rnd.IntN(len(s.company.Users))], s.company.Users[s.rnd.IntN(len(s.company.Users))]
		return procore.Login{ID: a.ID, Login: b.Login, Name: "Somebody else"}
	}
	switch what {
	case 0: // read a moment ago
		p.ReadAt = time.Now()
	case 1: // read in times to come
		p.ReadAt = time.Now().AddDate(1, 0, 0)
	case 2, 3: // other people in a group, under others' addresses
		if len(p.Preset.Memberships) > 0 {
			g := &p.Preset.Memberships[s.rnd.IntN(len(p.Preset.Memberships))]
			g.Assignees = append([]procore.Login{somebody()}, g.Assignees[:len(g.Assignees)/2]...)
		}
	case 4: // a preset that is not there
		p.Ref.Preset += "9"
	case 5: // another version
		p.Preset.Template.Published += "1"
	case 6: // a preset is forgotten
		at := s.rnd.IntN(len(m.Presets))
		m.Presets = slices.Delete(m.Presets, at, at+1)
	case 7:
		for i := range m.Templates {
			m.Templates[i].Found += s.rnd.IntN(3) - 1
		}
	case 8: // what was about to be written is not in doubt
		m.MustRead = nil
	case 9: // all lists were read a moment ago
		for scope := range m.Lists {
			m.Lists[scope] = time.Now()
		}
	}
}

// memoryFiles reads what the ledger remembers of Procore.
func (s *simulation) memoryFiles() map[string][]byte {
	files := readTree(filepath.Join(s.dir, ".cache"))
	maps.DeleteFunc(files, func(path string, _ []byte) bool { return filepath.Base(path) != "memory" })
	return files
}

// forgetNight puts into a tree what was remembered before a night.
func (n *night) forgetNight(tree map[string][]byte) {
	maps.DeleteFunc(tree, func(path string, _ []byte) bool { return filepath.Base(path) == "memory" })
	maps.Copy(tree, n.memoryBefore)
}

// checkReading: what a run says to have read it has asked for, what it remembers is not older than it may be, and what it
// writes it had read before it planned.
func (s *simulation) checkReading(n *night) []string {
	p := n.rec.Summary.Presets
	var breaches []string
	if p.Read > n.count["GET preset"] {
		breaches = append(breaches, fmt.Sprintf("%d presets are said to be read, and %d were asked for", p.Read, n.count["GET preset"]))
	}
	if p.Remembered > 0 {
		s.tally.add("nights that remember presets")
		if s.readDays == 1 || n.refresh || n.onlyProject != "" || s.passed == nil {
			breaches = append(breaches, fmt.Sprintf("%d presets are only remembered", p.Remembered))
		}
	}
	if days := daysBetween(p.OldestRead, n.start); days >= s.readDays && p.Remembered > 0 {
		breaches = append(breaches, fmt.Sprintf("a preset is planned from what was read %d days ago, with SYNC_READ_DAYS=%d", days, s.readDays))
	}
	for _, preset := range n.rec.Plan.Presets {
		if preset.Changed() && (!preset.ReadAt.IsZero() || n.readFirst != nil && !n.readFirst[preset.Ref]) {
			breaches = append(breaches, fmt.Sprintf("preset %s would be written, and is only remembered", preset.Ref.Preset))
		}
	}
	return breaches
}

// daysBetween counts the days in UTC between two times.
func daysBetween(a, b time.Time) int {
	day := func(t time.Time) time.Time { return t.UTC().Truncate(24 * time.Hour) }
	return int(day(b).Sub(day(a)).Hours() / 24)
}
