package apply

import (
	"context"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
)

// undo plans the way back from what a has done, with the presets as they are now.
func (a applied) undo(t tester, plan *sync.Plan) *sync.Plan {
	t.Helper()
	in := RollbackInput{
		Company: plan.Company, Host: plan.Host, Run: sync.Run{ID: testRunID}, Plan: plan, Changes: a.Changes,
		Steps: a.journal.file(), Now: map[procore.PresetRef]procore.Preset{},
	}
	for _, ref := range RollbackRefs(in.Steps) {
		in.Now[ref] = clonePreset(a.fake.presets[ref])
	}
	scopes, err := RollbackScopes(in)
	if err != nil {
		t.Fatalf("%v", err)
	}
	in.Possible = map[procore.AssigneeScope][]procore.Login{}
	for _, scope := range scopes {
		in.Possible[scope] = everybodyBut(a.fake.departed...)
	}
	back, err := BuildRollback(in)
	if err != nil {
		t.Fatalf("%v", err)
	}
	return back
}

func TestARollbackPutsBackWhatTheRunChanged(t *testing.T) {
	f, plan := manyPresets(3)
	a := apply(context.Background(), f, plan, Options{})
	back := a.undo(t, plan)
	want(t, "rollback of", back.RollbackOf, testRunID)
	want(t, "changes", len(back.Changes), 6)
	want(t, "reason", back.Changes[0].Reason.String(), "rollback of "+testRunID)
	want(t, "name", back.Changes[0].GroupName, "Reviewers")
	want(t, "project", back.Changes[0].ProjectName, "Harbour tower")
	want(t, "login", back.Changes[0].Login, "p2@example.com")
	want(t, "counts", back.Counts, sync.PlanCounts{
		Projects: 1, Presets: 3, ManagedGroups: 3, Memberships: 6, PresetsToWrite: 3,
		Additions: 3, Removals: 3, WantedRemovals: 3,
	})
	again := apply(context.Background(), f, back, Options{})
	want(t, "statuses", again.statuses(t, back), map[sync.Status]int{sync.Applied: 6})
	again.holds(t, "2", reviewers, "1", "2")
	again.holds(t, "2", creators, "8", "9")
}

func TestARollbackCanBeRolledBack(t *testing.T) {
	f, plan := manyPresets(2)
	first := apply(context.Background(), f, plan, Options{})
	back := first.undo(t, plan)
	second := apply(context.Background(), f, back, Options{})
	forth := second.undo(t, back)
	apply(context.Background(), f, forth, Options{}).holds(t, "1", reviewers, "1", "4")
}

func TestWhatIsPutBackAlreadyIsNoConflict(t *testing.T) {
	f, plan := manyPresets(2)
	a := apply(context.Background(), f, plan, Options{})
	apply(context.Background(), f, a.undo(t, plan), Options{})
	back := a.undo(t, plan)
	want(t, "changes", len(back.Changes), 0)
	want(t, "exceptions", len(back.Exceptions), 0)
}

func TestAGroupThatMovedSinceTheRunIsAConflictAndLeftAlone(t *testing.T) {
	f, plan := manyPresets(2)
	a := apply(context.Background(), f, plan, Options{})
	f.edit(refOf("1"), set(reviewers, "1", "4", "7"))
	back := a.undo(t, plan)
	want(t, "presets", len(back.Presets), 1)
	want(t, "exceptions", len(back.Exceptions), 1)
	e := back.Exceptions[0]
	want(t, "kind", e.Kind, sync.ConflictKind)
	want(t, "incomplete", e.Incomplete, true)
	mentions(t, e.Detail, "p7@example.com", "p1@example.com, p2@example.com")
	counts := map[sync.Status]int{}
	for _, c := range back.Changes {
		counts[c.Status]++
	}
	want(t, "statuses", counts, map[sync.Status]int{sync.Conflict: 2, sync.Planned: 2})
	apply(context.Background(), f, back, Options{}).holds(t, "1", reviewers, "1", "4", "7")
}

func TestATemplateWithAnotherVersionNowIsAConflict(t *testing.T) {
	f, plan := manyPresets(1)
	a := apply(context.Background(), f, plan, Options{})
	f.edit(refOf("1"), func(p *procore.Preset) { p.Template.Published = "51" })
	back := a.undo(t, plan)
	want(t, "presets", len(back.Presets), 0)
	mentions(t, back.Exceptions[0].Detail, "51")
}

func TestWhatTheRunDidNotChangeIsNotRolledBack(t *testing.T) {
	f, plan := manyPresets(3)
	f.faults = func(kind string, ref procore.PresetRef, n int) fault {
		switch {
		case kind == "write" && ref.Preset == "2":
			return fault{err: status(422)}
		case kind == "read" && ref.Preset == "3" && n == 1:
			return fault{edit: set(reviewers, "1", "4")} // already so: nothing is sent
		}
		return fault{}
	}
	a := apply(context.Background(), f, plan, Options{})
	want(t, "to be read", RollbackRefs(a.journal.file()), []procore.PresetRef{refOf("1")})
}

func TestAWriteOfUnknownFateIsRolledBackWhereItTookEffect(t *testing.T) {
	f, plan := manyPresets(1)
	a := apply(context.Background(), f, plan, Options{})
	a.journal.outcomes = nil
	want(t, "presets", len(a.undo(t, plan).Presets), 1)
	f.presets[refOf("1")] = samplePreset("1")
	want(t, "presets", len(a.undo(t, plan).Presets), 0)
}

func TestGroupsThatAWriteChangedWithoutMeaningToAreToldAndLeftToPeople(t *testing.T) {
	f, plan := manyPresets(1)
	f.faults = writeFault(1, fault{after: set(creators)})
	a := apply(context.Background(), f, plan, Options{})
	back := a.undo(t, plan)
	want(t, "groups", len(back.Presets[0].Groups), 1)
	want(t, "exceptions", len(back.Exceptions), 1)
	mentions(t, back.Exceptions[0].Detail, "p8@example.com, p9@example.com", "by hand")
	f.faults = nil
	again := apply(context.Background(), f, back, Options{})
	again.holds(t, "1", creators)
	again.holds(t, "1", reviewers, "1", "2")
}

func TestWhatCantBeReadIsToldAndLeft(t *testing.T) {
	f, plan := manyPresets(1)
	a := apply(context.Background(), f, plan, Options{})
	back, err := BuildRollback(RollbackInput{
		Run: sync.Run{ID: testRunID}, Steps: a.journal.file(),
		Unreadable: []sync.Unreadable{{Subject: "preset 1", Detail: "404", Project: "9", Preset: "1"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	want(t, "exceptions", back.Exceptions, []sync.Exception{
		{Kind: sync.UnreadableKind, Subject: "preset 1", Detail: "404", Project: "9", Incomplete: true},
	})
}

func TestNothingIsPutBackFromADamagedJournal(t *testing.T) {
	_, err := BuildRollback(RollbackInput{Run: sync.Run{ID: testRunID}, Steps: JournalFile{Damaged: []int{4, 9}}})
	if err == nil || !strings.Contains(err.Error(), "line 4") {
		t.Errorf("got %v", err)
	}
}

func TestARollbackNamesPeopleAsTheRunDid(t *testing.T) {
	f, plan := manyPresets(1)
	plan.Changes[0].PersonName, plan.Changes[0].EmployeeID = "Paul Kim", "00540"
	a := apply(context.Background(), f, plan, Options{})
	for _, preset := range f.presets {
		for _, m := range preset.Memberships {
			for i, who := range m.Assignees {
				m.Assignees[i] = procore.Login{ID: who.ID} // an answer may name nobody
			}
		}
	}
	back := a.undo(t, plan)
	for _, c := range back.Changes {
		if c.LoginID == plan.Changes[0].LoginID {
			want(t, "name", c.PersonName, "Paul Kim")
			want(t, "employee id", c.EmployeeID, "00540")
			want(t, "login", c.Login, plan.Changes[0].Login)
			return
		}
	}
	t.Error("the person is in no change")
}

func TestARollbackWithoutAPlanNamesWhatItKnows(t *testing.T) {
	f, plan := manyPresets(1)
	a := apply(context.Background(), f, plan, Options{})
	back, err := BuildRollback(RollbackInput{Run: sync.Run{ID: testRunID}, Steps: a.journal.file(), Now: f.presets})
	if err != nil {
		t.Fatal(err)
	}
	want(t, "changes", len(back.Changes), 2)
}

// Whatever was planned and whatever order the people stand in, going there and back ends where it began, as sets.
func TestThereAndBackEndsWhereItBegan(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		f, plan := drawPlan(t)
		before := newHistory(f)
		a := apply(context.Background(), f, plan, Options{})
		back := a.undo(t, plan)
		again := apply(context.Background(), f, back, Options{})
		for ref, p := range before.first {
			if groups := differing(peopleRead(p.Memberships), peopleRead(f.presets[ref].Memberships)); len(groups) > 0 {
				t.Fatalf("preset %s differs in %v", ref.Preset, groups)
			}
		}
		for _, p := range back.Presets {
			if sent := f.writes[p.Ref]; !equalWrites(sent[len(sent)-1], p.Write) {
				t.Fatalf("sent %v, planned %v", sent[len(sent)-1], p.Write)
			}
		}
		want(t, "exceptions", len(again.Exceptions), 0)
	})
}

func equalWrites(a, b []procore.GroupWrite) bool {
	for i := range a {
		if len(a) != len(b) || !sameWrite(a[i], b[i]) {
			return false
		}
	}
	return len(a) == len(b)
}

// everybodyBut lists who may be assigned when some may no longer be.
func everybodyBut(departed ...procore.LoginID) []procore.Login {
	var list []procore.Login
	for i := range 10 {
		if id := procore.LoginID(itoa(i)); !slices.Contains(departed, id) {
			list = append(list, procore.Login{ID: id})
		}
	}
	return list
}

func TestWhoCantComeBackIsToldAndTheOthersArePutBack(t *testing.T) {
	preset := samplePreset("1")
	preset.Memberships[1] = members(reviewers, "2", "1", "5")
	f, plan := newFake(preset), planFor(preset)
	a := apply(context.Background(), f, plan, Options{})
	a.holds(t, "1", reviewers, "1", "4")
	f.departed = []procore.LoginID{"2"}
	back := a.undo(t, plan)
	want(t, "exceptions", len(back.Exceptions), 1)
	e := back.Exceptions[0]
	want(t, "kind", e.Kind, sync.NotAssignable)
	want(t, "who", e.Subject, "p2@example.com")
	want(t, "incomplete", e.Incomplete, true)
	again := apply(context.Background(), f, back, Options{})
	want(t, "statuses", again.statuses(t, back), map[sync.Status]int{sync.Applied: 2})
	again.holds(t, "1", reviewers, "1", "5")
}

func TestWhereNobodyElseIsToComeBackNothingIsSent(t *testing.T) {
	preset := samplePreset("1")
	preset.Memberships[1] = members(reviewers, "2", "1", "4")
	f, plan := newFake(preset), planFor(preset)
	a := apply(context.Background(), f, plan, Options{})
	f.departed = []procore.LoginID{"2"}
	back := a.undo(t, plan)
	want(t, "presets", len(back.Presets), 0)
	want(t, "exceptions", len(back.Exceptions), 1)
}

func TestAPresetWhosePossibleAssigneesCantBeReadIsLeftOut(t *testing.T) {
	f, plan := manyPresets(1)
	a := apply(context.Background(), f, plan, Options{})
	back, err := BuildRollback(RollbackInput{Run: sync.Run{ID: testRunID}, Plan: plan, Steps: a.journal.file(), Now: f.presets})
	if err != nil {
		t.Fatal(err)
	}
	want(t, "presets", len(back.Presets), 0)
	want(t, "kind", back.Exceptions[0].Kind, sync.UnreadableKind)
}
