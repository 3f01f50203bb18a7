package apply

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
)

// trouble draws what goes wrong with the requests of one run.
func trouble(t *rapid.T, someone *history) func(string, procore.PresetRef, int) fault {
	return func(kind string, ref procore.PresetRef, n int) fault {
		someone.mu.Lock()
		defer someone.mu.Unlock()
		var ft fault
		if rapid.IntRange(0, 9).Draw(t, "edited") == 0 {
			group := rapid.SampledFrom([]procore.GroupUUID{creators, nobodies, reviewers, approvers}).Draw(t, "group")
			ids := drawPeople(t)
			ft.edit = func(p *procore.Preset) {
				set(group, ids...)(p)
				someone.last[seat{ref, group}] = sync.LoginSet(ids)
			}
		}
		switch rapid.SampledFrom([]string{"", "", "", "", "lost", "err", "429", "422", "ignored", "silent"}).Draw(t, kind) {
		case "lost":
			ft.lost = noAnswer()
		case "err":
			ft.err = status(503)
		case "429":
			ft.err = status(429)
		case "422":
			ft.err = status(422)
		case "ignored":
			ft.ignored = true
		case "silent":
			ft.silent = true
		}
		return ft
	}
}

func drawPeople(t *rapid.T) []procore.LoginID {
	return rapid.SliceOfNDistinct(rapid.SampledFrom([]procore.LoginID{"1", "2", "3", "4", "5", "6"}), 0, 4,
		func(id procore.LoginID) procore.LoginID { return id }).Draw(t, "people")
}

type seat struct {
	ref   procore.PresetRef
	group procore.GroupUUID
}

func drawPlan(t *rapid.T) (*fakeProcore, *sync.Plan) {
	var presets []procore.Preset
	for i := range rapid.IntRange(1, 5).Draw(t, "presets") {
		p := samplePreset(procore.PresetID(itoa(i + 1)))
		p.Memberships = nil
		for _, group := range rapid.Permutation([]procore.GroupUUID{creators, nobodies, reviewers, approvers}).Draw(t, "order") {
			if rapid.IntRange(0, 4).Draw(t, "absent") > 0 {
				p.Memberships = append(p.Memberships, members(group, drawPeople(t)...))
			}
		}
		presets = append(presets, p)
	}
	plan := &sync.Plan{Company: "1", Host: "api.example.com"}
	for _, state := range presets {
		p := sync.PresetPlan{Ref: refOf(state.ID), TemplateID: "5", TemplateName: "Change orders", VersionID: "50"}
		lists := inLists(state.Memberships)
		for _, group := range []procore.GroupUUID{reviewers, approvers} {
			p.Groups = append(p.Groups, sync.GroupPlan{
				UUID: group, Name: string(group), Before: lists[group],
				After: sync.InOrder(lists[group], drawPeople(t)),
			})
		}
		addToPlan(plan, p, state)
	}
	return newFake(presets...), plan
}

func TestWhateverGoesWrong(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		f, plan := drawPlan(t)
		someone := newHistory(f)
		j := &journalFake{f: f}
		if rapid.IntRange(0, 9).Draw(t, "disk fills") == 0 {
			room := rapid.IntRange(0, 6).Draw(t, "room")
			j.full = func(string) error {
				if room--; room < 0 {
					return errors.New("no space left on device")
				}
				return nil
			}
		}
		f.faults = trouble(t, someone)
		w := &watched{fakeProcore: f, t: t, j: j, someone: someone, plan: plan}
		a := applied{Plan(context.Background(), plan, w, j, Options{Concurrency: 1, MaxAttempts: 3}), f, j}

		a.statuses(t, plan)
		eachPresetHasOneOutcome(t, a)
		statusesAgreeWithPresets(t, a, plan, someone)
		wantOneExceptionEach(t, a)
	})
}

// eachPresetHasOneOutcome: exactly one where there was an intent, at most one anywhere.
func eachPresetHasOneOutcome(t *rapid.T, a applied) {
	outcomes := map[procore.PresetRef]int{}
	for _, o := range a.journal.outcomes {
		outcomes[o.Ref]++
	}
	for ref, n := range outcomes {
		if n > 1 {
			t.Fatalf("preset %s has %d outcomes", ref.Preset, n)
		}
	}
	for _, i := range a.journal.intents {
		if outcomes[i.Ref] == 0 && a.journal.full == nil {
			t.Fatalf("preset %s was announced and has no outcome", i.Ref.Preset)
		}
	}
}

// statusesAgreeWithPresets: where nobody edited a group, applied means that it is as planned, and a conflict, or what
// was not attempted, that it is as it was.
func statusesAgreeWithPresets(t *rapid.T, a applied, plan *sync.Plan, someone *history) {
	groups := map[seat]sync.GroupPlan{}
	for _, p := range plan.Presets {
		for _, g := range p.Groups {
			groups[seat{p.Ref, g.UUID}] = g
		}
	}
	for _, c := range a.Changes {
		at := seat{c.Ref(), c.GroupUUID}
		if _, edited := someone.last[at]; edited {
			continue
		}
		g, now := groups[at], peopleRead(a.fake.presets[c.Ref()].Memberships)
		switch {
		case c.Status == sync.Applied && !now.holds(g.UUID, g.After):
			t.Fatalf("%s of preset %s is told as applied and holds %v", g.Name, c.Preset, now[g.UUID])
		case c.Status == sync.NotAttempted && !now.holds(g.UUID, g.Before):
			t.Fatalf("%s of preset %s is told as not attempted and holds %v", g.Name, c.Preset, now[g.UUID])
		}
	}
}

func wantOneExceptionEach(t *rapid.T, a applied) {
	notApplied := map[procore.PresetRef]bool{}
	for _, c := range a.Changes {
		if c.Status != sync.Applied {
			notApplied[c.Ref()] = true
		}
	}
	if len(a.Exceptions) != len(notApplied) {
		t.Fatalf("%d exceptions for %d presets: %s", len(a.Exceptions), len(notApplied),
			strings.Join(slices.Sorted(maps.Keys(exceptionKinds(a))), ", "))
	}
}

func exceptionKinds(a applied) map[string]bool {
	set := map[string]bool{}
	for _, e := range a.Exceptions {
		set[string(e.Kind)] = true
	}
	return set
}

// Where nothing moved since the plan was made, each preset gets exactly the list that its plan shows, once.
func TestApplySendsExactlyWhatThePlanShows(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		f, plan := drawPlan(t)
		apply(context.Background(), f, plan, Options{})
		for _, p := range plan.Presets {
			sent := f.writes[p.Ref]
			if !p.Changed() && len(sent) == 0 {
				continue
			}
			if !p.Changed() || len(sent) != 1 || !equalWrites(sent[0], p.Write) {
				t.Fatalf("preset %s: planned %v, sent %v", p.Ref.Preset, p.Write, sent)
			}
		}
	})
}
