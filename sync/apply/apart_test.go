package apply

import (
	"context"
	"testing"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
)

// keptApart has reviewers, who are to lose 2 and gain 4, kept apart from those who create, whom Procore fills.
func keptApart() (*fakeProcore, *sync.Plan) {
	f, plan := manyPresets(1)
	plan.Presets[0].Apart = []sync.GroupPair{{creators, reviewers}}
	return f, plan
}

func TestAWriteByWhichSomebodyWouldSitInTwoGroupsThatAreKeptApartIsAConflict(t *testing.T) {
	f, plan := keptApart()
	f.faults = readFault(1, fault{edit: set(creators, "8", "4")})
	a := apply(context.Background(), f, plan, Options{})
	want(t, "statuses", a.statuses(t, plan), map[sync.Status]int{sync.Conflict: 2})
	want(t, "writes", len(f.writes), 0)
	mentions(t, a.Changes[0].Error, "p4@example.com", "Reviewers", "SYNC_SEPARATION")
}

func TestWhoSitsInTwoGroupsThatAreKeptApartByAnothersHandKeepsNobodyElseAway(t *testing.T) {
	f, plan := keptApart()
	f.faults = readFault(1, fault{edit: set(creators, "1", "2")})
	a := apply(context.Background(), f, plan, Options{})
	want(t, "statuses", a.statuses(t, plan), map[sync.Status]int{sync.Applied: 2})
	a.holds(t, "1", reviewers, "1", "4")
	a.holds(t, "1", creators, "1", "2")
}

func TestARollbackPutsNobodyBackIntoAGroupThatIsKeptApartFromTheirs(t *testing.T) {
	f, plan := keptApart()
	a := apply(context.Background(), f, plan, Options{})
	f.edit(refOf("1"), set(creators, "2"))
	back := a.undo(t, plan)
	want(t, "exceptions", len(back.Exceptions), 1)
	e := back.Exceptions[0]
	want(t, "kind", e.Kind, sync.HeldSeparation)
	want(t, "who", e.Subject, "p2@example.com")
	want(t, "group", e.GroupName, "Reviewers")
	want(t, "incomplete", e.Incomplete, true)
	again := apply(context.Background(), f, back, Options{})
	want(t, "statuses", again.statuses(t, back), map[sync.Status]int{sync.Applied: 1})
	again.holds(t, "1", reviewers, "1")
}

func TestWhoWouldComeToTwoGroupsThatAreKeptApartMayComeToNeither(t *testing.T) {
	after := peopleSent([]procore.GroupWrite{{UUID: reviewers, LoginIDs: []procore.LoginID{"4", "5"}}, {UUID: creators, LoginIDs: []procore.LoginID{"4"}}})
	want(t, "joinings", len(joinings([]sync.GroupPair{{creators, reviewers}, {reviewers, creators}}, peopleByGroup{}, after)), 2)
}
