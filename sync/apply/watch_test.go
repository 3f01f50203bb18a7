package apply

import (
	"context"
	"maps"
	"slices"
	gosync "sync"

	"pgregory.net/rapid"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
)

// history is what people did to the presets by hand, and how they were at first.
type history struct {
	mu    gosync.Mutex
	first map[procore.PresetRef]procore.Preset
	last  map[seat]map[procore.LoginID]bool // by group, what somebody last put there
}

func newHistory(f *fakeProcore) *history {
	return &history{first: maps.Clone(f.presets), last: map[seat]map[procore.LoginID]bool{}}
}

// watched checks each write against the rules that hold before it.
type watched struct {
	*fakeProcore
	t       *rapid.T
	j       *journalFake
	someone *history
	plan    *sync.Plan
	read    procore.Preset // as last read
}

func (w *watched) Pause(context.Context, int, error) error { return nil }

func (w *watched) Preset(ctx context.Context, ref procore.PresetRef) (procore.Preset, error) {
	p, err := w.fakeProcore.Preset(ctx, ref)
	w.read = p
	return p, err
}

func (w *watched) UpdateAssignees(ctx context.Context, ref procore.PresetRef, list []procore.GroupWrite) (procore.AssigneesResult, error) {
	w.journalled(ref, list)
	w.unmanagedAsRead(list)
	w.nothingButThePlan(ref, list)
	return w.fakeProcore.UpdateAssignees(ctx, ref, list)
}

// journalled: the last line of the journal announces this write, with the preset as last read.
func (w *watched) journalled(ref procore.PresetRef, list []procore.GroupWrite) {
	last := w.j.intents[len(w.j.intents)-1]
	if last.Ref != ref || !slices.EqualFunc(last.Send, list, sameWrite) {
		w.t.Fatalf("preset %s is sent without having been journalled", ref.Preset)
	}
	if len(differing(peopleRead(last.Before), peopleRead(w.read.Memberships))) > 0 || w.read.ID != ref.Preset {
		w.t.Fatalf("the journal of preset %s has not what was read", ref.Preset)
	}
}

func sameWrite(a, b procore.GroupWrite) bool {
	return a.UUID == b.UUID && slices.Equal(a.LoginIDs, b.LoginIDs)
}

// unmanagedAsRead: groups that are not managed are sent in their place, with the people and the order just read.
func (w *watched) unmanagedAsRead(list []procore.GroupWrite) {
	read := asWrites(w.read.Memberships)
	if len(list) < len(read) {
		w.t.Fatalf("%d groups are sent of %d", len(list), len(read))
	}
	for i, g := range read {
		if list[i].UUID != g.UUID || list[i].LoginIDs == nil {
			w.t.Fatalf("group %s is not in its place, or null", g.UUID)
		}
		if g.UUID != reviewers && g.UUID != approvers && !sameWrite(g, list[i]) {
			w.t.Fatalf("group %s, which is not managed, is sent as %v instead of %v", g.UUID, list[i].LoginIDs, g.LoginIDs)
		}
	}
}

// nothingButThePlan: managed groups are sent as planned, and only where they held what the plan was made from.
func (w *watched) nothingButThePlan(ref procore.PresetRef, list []procore.GroupWrite) {
	sent, read := peopleSent(list), peopleRead(w.read.Memberships)
	for _, p := range w.plan.Presets {
		if p.Ref != ref {
			continue
		}
		for _, g := range p.Groups {
			if !sent.holds(g.UUID, g.After) {
				w.t.Fatalf("group %s is sent as %v, planned is %v", g.UUID, sent[g.UUID], g.After)
			}
			if !read.holds(g.UUID, g.Before) && !read.holds(g.UUID, g.After) {
				w.t.Fatalf("group %s moved, and is sent all the same", g.UUID)
			}
		}
	}
	if len(differing(sent, read)) == 0 {
		w.t.Fatalf("preset %s is sent and has no difference", ref.Preset)
	}
}
