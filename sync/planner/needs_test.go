package planner

import (
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
)

// misremember makes some presets remembered ones that may say anything: other people, under others' addresses.
func (w *world) misremember(t *rapid.T) {
	logins := slices.SortedFunc(maps.Values(w.logins), func(a, b procore.Login) int { return procore.CompareIDs(a.ID, b.ID) })
	presets := slices.Clone(w.in.Snapshot.Presets)
	for i := range presets {
		if !chance(t, 60, "remembered") {
			continue
		}
		p := &presets[i]
		p.Remembered, p.Preset.Memberships = true, slices.Clone(p.Preset.Memberships)
		for j := range p.Preset.Memberships {
			if len(logins) == 0 || !chance(t, 40, "another group") {
				continue
			}
			people := []procore.Login{}
			for range evenly(t, 4, "people") {
				who := pick(t, logins, "who")
				if chance(t, 20, "forged") {
					who.Login = pick(t, logins, "whose").Login
				}
				people = append(people, who)
			}
			p.Preset.Memberships[j].Assignees = people
		}
	}
	w.in.Snapshot.Presets = presets
}

// complete reads what a plan needs, as a run would: presets as they really are.
func (w *world) complete(t tester, truth []sync.PresetState) {
	for range 100 {
		needs := Needed(w.in)
		if len(needs.Presets)+len(needs.People)+len(needs.Lists) == 0 {
			return
		}
		for _, ref := range slices.Concat(needs.Presets, needs.People) {
			at := slices.IndexFunc(w.in.Snapshot.Presets, func(p sync.PresetState) bool { return p.Ref == ref && p.Remembered })
			if at < 0 {
				t.Fatalf("preset %v is needed, and is not one that is remembered", ref)
			}
			w.in.Snapshot.Presets[at] = truth[at]
		}
		for _, scope := range needs.Lists {
			w.in.Snapshot.Possible[scope] = w.lists[scope]
		}
	}
	t.Fatalf("Needed asks for ever")
}

func TestWhatARunOnlyRemembersIsNeverWrittenAndLeadsToNobody(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := drawWorld(t, false)
		w.unread = nil
		truth := w.in.Snapshot.Presets
		w.misremember(t)
		w.complete(t, truth)
		plan, err := Build(w.in)
		if err != nil {
			t.Fatal(err)
		}
		for i := range plan.Presets {
			p := &plan.Presets[i]
			at := slices.IndexFunc(w.in.Snapshot.Presets, func(s sync.PresetState) bool { return s.Ref == p.Ref })
			if p.Changed() && w.in.Snapshot.Presets[at].Remembered {
				t.Fatalf("preset %v would be written, and is only remembered", p.Ref)
			}
			if w.in.Snapshot.Presets[at].Remembered == p.ReadAt.IsZero() && !w.in.Snapshot.Presets[at].ReadAt.IsZero() {
				t.Fatalf("preset %v is said to be read at %v", p.Ref, p.ReadAt)
			}
		}
		for _, r := range newPlanner(w.in).roster.rows {
			if r.who != nil && r.who.remembered {
				t.Fatalf("an HR row leads to %s by an address that is only remembered", r.who.label())
			}
		}
	})
}

// Where the directory knows everybody, a plan from whatever memory does to the presets that it has read exactly what one
// does that has read them all.
func TestAPlanFromMemoryDoesWhatOneThatHasReadEverythingDoes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := drawWorld(t, true)
		w.unread = nil
		truth := w.in.Snapshot.Presets
		whole := w.plan(t)

		possible := w.in.Snapshot.Possible
		w.in.Snapshot.Possible = map[procore.AssigneeScope][]procore.Login{}
		w.misremember(t)
		w.complete(t, truth)
		maps.Copy(w.in.Snapshot.Possible, possible)
		plan, err := Build(w.in)
		if err != nil {
			t.Fatal(err)
		}
		remembered := map[procore.PresetRef]bool{}
		for _, p := range w.in.Snapshot.Presets {
			remembered[p.Ref] = p.Remembered
		}
		ofRead := func(p *sync.Plan) (list []sync.PresetPlan) {
			for _, preset := range p.Presets {
				if !remembered[preset.Ref] {
					list = append(list, preset)
				}
			}
			return list
		}
		if diff := cmp.Diff(ofRead(whole), ofRead(plan)); diff != "" {
			t.Fatalf("of the presets that were read (-all read +from memory):\n%s", diff)
		}
	})
}

func TestAPresetThatIsOnlyRememberedIsLeftOutRatherThanWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := drawWorld(t, true)
		whole := w.plan(t)
		for i := range w.in.Snapshot.Presets {
			w.in.Snapshot.Presets[i].Remembered = true
		}
		plan, err := Build(w.in)
		if err != nil {
			t.Fatal(err)
		}
		if plan.Counts.PresetsToWrite > 0 {
			t.Fatalf("%d presets would be written, and none was read", plan.Counts.PresetsToWrite)
		}
		if whole.Counts.PresetsToWrite > 0 && !slices.ContainsFunc(plan.Exceptions, func(e sync.Exception) bool {
			return e.Kind == sync.UnreadableKind && e.Incomplete
		}) {
			t.Fatal("nobody is told of what is left out")
		}
	})
}
