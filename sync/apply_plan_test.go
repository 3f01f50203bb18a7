package sync

import (
	"context"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"procore-assignee-sync/procore"
)

// drawCompany draws presets whose groups stand in any order, some of them absent, and HR rows that move people about.
func drawCompany(t *rapid.T) *company {
	c := newCompany(t).project("501", "24-001").users("1=ann", "2=bob", "3=cleo", "4=dan", "5=eve", "6=finn").
		rules("*,Legal,Legal,*", "*,Finance,Finance,*").
		policy(func(p *Policy) { p.MaxRemovalPercent, p.MaxGroupRemovalPercent, p.AllowEmptyGroups = 100, 100, true })
	people := []string{"1=ann", "2=bob", "3=cleo", "4=dan", "5=eve", "6=finn"}
	some := func(label string) string {
		return strings.Join(rapid.SliceOfNDistinct(rapid.SampledFrom(people), 0, 4, rapid.ID[string]).Draw(t, label), " ")
	}
	for i := range rapid.IntRange(1, 4).Draw(t, "presets") {
		var groups []string
		for _, g := range rapid.Permutation([]string{"g1", "g2", "g9", "old"}).Draw(t, "order") {
			if rapid.IntRange(0, 3).Draw(t, "there") > 0 {
				groups = append(groups, g+": "+some(g))
			}
		}
		c.preset("501", procore.PresetID(itoa(7001+i)), groups...)
	}
	for _, team := range []string{"Legal", "Finance"} {
		for _, name := range []string{"ann", "bob", "cleo", "dan", "eve", "finn"} {
			if rapid.Bool().Draw(t, name+" on "+team) {
				c.hr(name + "," + team)
			}
		}
	}
	return c.hr("ann,Other")
}

// Where nothing moved since the snapshot, each preset gets exactly the list that its plan shows, none is sent twice,
// and planning again from what is there then changes nothing.
func TestApplySendsExactlyWhatThePlanShows(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := drawCompany(t)
		plan := c.plan()
		f := newFake()
		for _, state := range c.in.Snapshot.Presets {
			f.presets[state.Ref] = clonePreset(state.Preset)
		}
		a := apply(context.Background(), f, plan, ApplyOptions{})
		for _, p := range plan.Presets {
			sent := f.writes[p.Ref]
			if !p.Changed() && len(sent) == 0 {
				continue
			}
			if !p.Changed() || len(sent) != 1 || !equalWrites(sent[0], p.Write) {
				t.Fatalf("preset %s: planned %v, sent %v", p.Ref.Preset, p.Write, sent)
			}
		}
		for status := range a.statuses(t, plan) {
			if status != Applied && status != Held {
				t.Fatalf("a change is %s", status)
			}
		}
		for i := range c.in.Snapshot.Presets {
			state := &c.in.Snapshot.Presets[i]
			state.Preset = f.presets[state.Ref]
		}
		if again := c.plan(); again.Counts.PresetsToWrite > 0 {
			t.Fatalf("planning again wants %v", changesOf(again))
		}
	})
}
