package apply

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
)

func writeFault(n int, f fault) func(string, procore.PresetRef, int) fault {
	return onlyOn("write", n, f)
}

func readFault(n int, f fault) func(string, procore.PresetRef, int) fault {
	return onlyOn("read", n, f)
}

// onlyOn faults the nth request of a kind to each preset.
func onlyOn(kind string, n int, f fault) func(string, procore.PresetRef, int) fault {
	return func(k string, _ procore.PresetRef, m int) fault {
		if k == kind && m == n {
			return f
		}
		return fault{}
	}
}

func always(kind string, f fault) func(string, procore.PresetRef, int) fault {
	return func(k string, _ procore.PresetRef, _ int) fault {
		if k == kind {
			return f
		}
		return fault{}
	}
}

// Each case writes one preset. The plan: reviewers lose 2 and gain 4.
func TestWhatBecomesOfOnePreset(t *testing.T) {
	late := status(503)
	cases := []struct {
		rule     string
		faults   func(string, procore.PresetRef, int) fault
		status   sync.Status
		events   string // reads, intents, writes and outcomes, in order
		written  int
		stopped  bool
		mentions []string // in the changes' error or the exception
	}{
		{
			rule:   "a write is journalled before it is sent, and the first is checked by reading again",
			status: sync.Applied, written: 1, events: "read intent write read outcome",
		},
		{
			rule:   "a managed group that moved is a conflict, and nothing is sent",
			faults: readFault(1, fault{edit: set(reviewers, "2")}),
			status: sync.Conflict, events: "read outcome", mentions: []string{"Reviewers", "it held login 1, p2@example.com and holds p2@example.com", "moved", "nothing was sent"},
		},
		{
			rule:   "a managed group that the plan leaves alone and that moved is a conflict too",
			faults: readFault(1, fault{edit: set(approvers, "3", "5")}),
			status: sync.Conflict, events: "read outcome", mentions: []string{"Approvers", "p5@example.com"},
		},
		{
			rule:   "a version published since the plan is a conflict",
			faults: readFault(1, fault{edit: func(p *procore.Preset) { p.Template.Published = "51" }}),
			status: sync.Conflict, events: "read outcome", mentions: []string{"51", "50"},
		},
		{
			rule:   "where all is as wanted already nothing is sent",
			faults: readFault(1, fault{edit: set(reviewers, "4", "1")}),
			status: sync.Applied, events: "read outcome",
		},
		{
			rule:   "a preset that can't be read before the write is not written",
			faults: readFault(1, fault{err: status(404)}),
			status: sync.Failed, events: "read outcome", mentions: []string{"nothing was sent", "404"},
		},
		{
			rule:   "a write that did not take effect and whose answer was lost is sent again after a look",
			faults: writeFault(1, fault{err: noAnswer()}),
			status: sync.Applied, written: 1, events: "read intent write pause read intent write read outcome",
		},
		{
			rule:   "a write that took effect and whose answer was lost is not sent again",
			faults: writeFault(1, fault{lost: noAnswer()}),
			status: sync.Applied, written: 1, events: "read intent write pause read outcome",
		},
		{
			rule:   "a 5xx is looked at before the write is sent again",
			faults: writeFault(1, fault{lost: late}),
			status: sync.Applied, written: 1, events: "read intent write pause read outcome",
		},
		{
			rule:   "a 429 is sent again after a pause",
			faults: writeFault(1, fault{err: status(429)}),
			status: sync.Applied, written: 1, events: "read intent write pause read intent write read outcome",
		},
		{
			rule:   "after the last attempt there is a last look, and no write",
			faults: always("write", fault{err: late}),
			status: sync.Failed, events: "read intent write pause read intent write pause read intent write read outcome",
			mentions: []string{"not applied in 3 attempts", "503"},
		},
		{
			rule: "a last attempt that took effect counts as applied",
			faults: func(kind string, _ procore.PresetRef, n int) fault {
				switch {
				case kind == "write" && n == 3:
					return fault{lost: late}
				case kind == "write":
					return fault{err: late}
				}
				return fault{}
			},
			status: sync.Applied, written: 1, events: "read intent write pause read intent write pause read intent write read outcome",
		},
		{
			rule: "a first write whose fate can't be learned says so and stops the run",
			faults: func(kind string, _ procore.PresetRef, n int) fault {
				switch {
				case kind == "write":
					return fault{lost: noAnswer()}
				case kind == "read" && n > 1:
					return fault{err: status(500)}
				}
				return fault{}
			},
			status: sync.Failed, stopped: true, events: "read intent write pause read outcome",
			mentions: []string{"answer was lost", "look in Procore"},
		},
		{
			rule: "a managed group that moved while an attempt failed is a conflict",
			faults: func(kind string, _ procore.PresetRef, n int) fault {
				switch {
				case kind == "write":
					return fault{err: late}
				case kind == "read" && n == 2:
					return fault{edit: set(approvers, "5")}
				}
				return fault{}
			},
			status: sync.Conflict, events: "read intent write pause read outcome", mentions: []string{"Approvers"},
		},
		{
			rule: "a group that somebody moved while the answer of its write was lost is a conflict",
			faults: func(kind string, _ procore.PresetRef, n int) fault {
				switch {
				case kind == "write":
					return fault{err: late}
				case kind == "read" && n == 2:
					return fault{edit: set(reviewers, "5")}
				}
				return fault{}
			},
			status: sync.Conflict, events: "read intent write pause read outcome", mentions: []string{"Reviewers", "no other was made"},
		},
		{
			rule:   "a write without an answer after which its group and another are neither as before nor as sent stops the run",
			faults: writeFault(1, fault{lost: late, after: func(p *procore.Preset) { set(reviewers)(p); set(creators)(p) }}),
			status: sync.Failed, written: 1, stopped: true, events: "read intent write pause read outcome",
		},
		{
			rule:   "an attempt that left the preset neither as it was nor as it was sent stops the run",
			faults: writeFault(1, fault{lost: late, after: set(creators)}),
			status: sync.Failed, written: 1, stopped: true, events: "read intent write pause read outcome",
			mentions: []string{"g-creators", "p8@example.com, p9@example.com", "nobody"},
		},
		{
			rule:   "other 4xx are not sent again",
			faults: writeFault(1, fault{err: status(403)}),
			status: sync.Failed, events: "read intent write outcome", mentions: []string{"403"},
		},
		{
			rule:   "a write that the client itself refuses was not sent",
			faults: writeFault(1, fault{err: errors.New("an id that is none")}),
			status: sync.Failed, events: "read intent write outcome", mentions: []string{"nothing was sent: an id that is none"},
		},
		{
			rule:   "a write that was acknowledged and not applied is a failure",
			faults: writeFault(1, fault{ignored: true}),
			status: sync.Failed, stopped: true, events: "read intent write read outcome",
			mentions: []string{"acknowledged", "did not apply"},
		},
		{
			rule:   "a write that wiped another group is a failure and stops the run",
			faults: writeFault(1, fault{after: set(creators)}),
			status: sync.Failed, written: 1, stopped: true, events: "read intent write read outcome",
			mentions: []string{"g-creators (not managed)", "was sent p8@example.com, p9@example.com and now holds nobody"},
		},
		{
			rule:   "a first write that changed the workflow manager does not pass its check",
			faults: writeFault(1, fault{after: func(p *procore.Preset) { p.Manager = "" }}),
			status: sync.Failed, written: 1, stopped: true, events: "read intent write read outcome",
			mentions: []string{"workflow manager", "nobody"},
		},
		{
			rule:   "a first write that changed people set straight on steps does not pass its check",
			faults: writeFault(1, fault{after: func(p *procore.Preset) { p.Individual = nil }}),
			status: sync.Failed, written: 1, stopped: true, events: "read intent write read outcome",
			mentions: []string{"steps"},
		},
		{
			rule:   "a first write that can't be checked is told as a failure and stops the run",
			faults: readFault(2, fault{err: status(500)}),
			status: sync.Failed, stopped: true, written: 1, events: "read intent write read outcome",
			mentions: []string{"acknowledged", "could not be read again to check"},
		},
		{
			rule:   "where the answer says nothing of groups the preset is read again",
			faults: writeFault(1, fault{silent: true}),
			status: sync.Applied, written: 1, events: "read intent write read outcome",
		},
		{
			rule: "an answer that is not what was sent is a failure even where the preset is right",
			faults: writeFault(1, fault{answer: func([]procore.GroupWrite) []procore.GroupWrite {
				return []procore.GroupWrite{}
			}}),
			status: sync.Failed, written: 1, stopped: true, events: "read intent write read outcome",
			mentions: []string{"answer differs"},
		},
		{
			rule: "a group missing from the answer is an empty one",
			faults: writeFault(1, fault{answer: func(list []procore.GroupWrite) []procore.GroupWrite {
				return slices.DeleteFunc(slices.Clone(list), func(g procore.GroupWrite) bool { return len(g.LoginIDs) == 0 })
			}}),
			status: sync.Applied, written: 1, events: "read intent write read outcome",
		},
		{
			rule: "an answer in another order is the same",
			faults: writeFault(1, fault{answer: func(list []procore.GroupWrite) []procore.GroupWrite {
				list = slices.Clone(list)
				slices.Reverse(list)
				return list
			}}),
			status: sync.Applied, written: 1, events: "read intent write read outcome",
		},
	}
	for _, c := range cases {
		t.Run(c.rule, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := newFake(samplePreset("1"))
				plan := planFor(samplePreset("1"))
				f.faults = c.faults
				a := apply(context.Background(), f, plan, Options{MaxAttempts: 3})
				want(t, "statuses", a.statuses(t, plan), map[sync.Status]int{c.status: 2})
				want(t, "events", kinds(f.events), c.events)
				want(t, "presets written", a.PresetsWritten, c.written)
				want(t, "stopped", a.Stopped != "", c.stopped)
				want(t, "exceptions", len(a.Exceptions), map[bool]int{false: 1}[c.status == sync.Applied])
				mentions(t, a.Changes[0].Error, c.mentions...)
				for _, e := range a.Exceptions {
					mentions(t, e.Detail, c.mentions...)
					mentions(t, e.Subject, "preset 1", "24-017 Harbour tower")
					want(t, "incomplete", e.Incomplete, true)
				}
			})
		})
	}
}

// kinds cuts the presets out of events.
func kinds(events []string) string {
	var list []string
	for _, e := range events {
		list = append(list, strings.Fields(e)[0])
	}
	return strings.Join(list, " ")
}

func TestThePayloadIsTheWholePresetWithOnlyTheChangedGroupsPutIn(t *testing.T) {
	f := newFake(samplePreset("1"))
	plan := planFor(samplePreset("1"))
	a := apply(context.Background(), f, plan, Options{})
	want(t, "sent", f.writes[refOf("1")], [][]procore.GroupWrite{{
		{UUID: creators, LoginIDs: []procore.LoginID{"8", "9"}},
		{UUID: reviewers, LoginIDs: []procore.LoginID{"1", "4"}},
		{UUID: nobodies, LoginIDs: []procore.LoginID{}},
		{UUID: approvers, LoginIDs: []procore.LoginID{"3"}},
	}})
	want(t, "as planned", f.writes[refOf("1")][0], plan.Presets[0].Write)
	want(t, "journalled", a.journal.intents[0].Send, f.writes[refOf("1")][0])
	want(t, "before-image", a.journal.intents[0].Before, samplePreset("1").Memberships)
}

func TestOtherGroupsCarryTheirFreshValues(t *testing.T) {
	f := newFake(samplePreset("1"))
	f.faults = readFault(1, fault{edit: set(creators, "12", "8")})
	a := apply(context.Background(), f, planFor(samplePreset("1")), Options{})
	a.holds(t, "1", creators, "12", "8")
	a.holds(t, "1", reviewers, "1", "4")
}

func TestAnAbsentGroupIsAnEmptyOneAndComesLast(t *testing.T) {
	preset := samplePreset("1")
	preset.Memberships = preset.Memberships[:1]
	f := newFake(preset)
	a := apply(context.Background(), f, planFor(preset), Options{})
	a.holds(t, "1", reviewers, "1", "4")
	want(t, "groups sent", len(f.writes[refOf("1")][0]), 2)
}

func TestStatusAndRequestIDAreThoseOfAWriteAlone(t *testing.T) {
	f := newFake(samplePreset("1"))
	f.faults = readFault(1, fault{err: status(404)})
	a := apply(context.Background(), f, planFor(samplePreset("1")), Options{})
	want(t, "status", a.Changes[0].Status, sync.Failed)
	want(t, "HTTP status", a.Changes[0].HTTPStatus, 0)
	want(t, "request id", a.Changes[0].RequestID, "")
	mentions(t, a.Changes[0].Error, "404", "nothing was sent")
}

func TestWhatWasSoAlreadySaysThatNothingWasSent(t *testing.T) {
	f := newFake(samplePreset("1"))
	f.faults = readFault(1, fault{edit: set(reviewers, "4", "1")})
	a := apply(context.Background(), f, planFor(samplePreset("1")), Options{})
	mentions(t, a.Changes[0].Reason.String(), "already so when read again; nothing sent")
	want(t, "sent", a.WriteSent, false)
	want(t, "error", a.Changes[0].Error, "")
}

func TestAConflictNamesTheGroupThatMoved(t *testing.T) {
	f := newFake(samplePreset("1"))
	f.faults = readFault(1, fault{edit: set(approvers, "5")})
	a := apply(context.Background(), f, planFor(samplePreset("1")), Options{})
	want(t, "group", a.Exceptions[0].GroupName, "Approvers")
	want(t, "template", a.Exceptions[0].TemplateName, "Change orders")
	want(t, "project", a.Exceptions[0].Project, "9")
}

func TestHeldChangesStayHeld(t *testing.T) {
	f := newFake(samplePreset("1"))
	plan := planFor(samplePreset("1"))
	plan.Changes = append(plan.Changes, sync.Change{Project: "9", Preset: "1", GroupUUID: approvers, Status: sync.Held})
	a := apply(context.Background(), f, plan, Options{})
	want(t, "statuses", a.statuses(t, plan), map[sync.Status]int{sync.Applied: 2, sync.Held: 1})
}

func TestAChangeThatThePlanHasNoWriteForIsNotAttempted(t *testing.T) {
	plan := planFor(samplePreset("1"))
	plan.Presets[0].Write = nil
	a := apply(context.Background(), newFake(samplePreset("1")), plan, Options{})
	want(t, "statuses", a.statuses(t, plan), map[sync.Status]int{sync.NotAttempted: 2})
}

func TestA422NamesThoseWhoAreNotAssignable(t *testing.T) {
	f := newFake(samplePreset("1"))
	f.faults = writeFault(1, fault{err: status(422)})
	scope := procore.AssigneeScope{Project: "9", Tool: procore.ToolRef{Type: "commitments"}}
	f.possible[scope] = []procore.Login{login("1"), login("3"), login("4"), login("8")}
	a := apply(context.Background(), f, planFor(samplePreset("1")), Options{})
	mentions(t, a.Changes[0].Error, "422", "not assignable there: p9@example.com")
	want(t, "http status", a.Changes[0].HTTPStatus, 422)
	want(t, "request id", a.Changes[0].RequestID, "req-err")
}

func TestAfterACleanFailureTheNextWriteGoesAloneToo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(samplePreset("1"), samplePreset("2"), samplePreset("3"), samplePreset("4"))
		f.faults = func(kind string, ref procore.PresetRef, n int) fault {
			if kind == "write" && ref.Preset == "1" {
				return fault{err: status(422)}
			}
			return fault{wait: time.Second}
		}
		plan := planFor(samplePreset("1"), samplePreset("2"), samplePreset("3"), samplePreset("4"))
		a := apply(context.Background(), f, plan, Options{})
		want(t, "events of the first two", f.events[:8], []string{
			"read 1", "intent 1", "write 1", "outcome 1 failed", "read 2", "intent 2", "write 2", "read 2",
		})
		want(t, "statuses", a.statuses(t, plan), map[sync.Status]int{sync.Failed: 2, sync.Applied: 6})
		want(t, "most at once", f.most, 2)
	})
}

func TestConcurrencyIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, plan := manyPresets(40)
		f.faults = func(string, procore.PresetRef, int) fault { return fault{wait: time.Second} }
		a := apply(context.Background(), f, plan, Options{Concurrency: 5})
		want(t, "most at once", f.most, 5)
		want(t, "statuses", a.statuses(t, plan), map[sync.Status]int{sync.Applied: 80})
	})
}

func TestOnePresetsFailureDoesNotStopTheOthers(t *testing.T) {
	f, plan := manyPresets(10)
	f.faults = func(kind string, ref procore.PresetRef, n int) fault {
		if kind == "write" && ref.Preset == "5" {
			return fault{err: status(403)}
		}
		return fault{}
	}
	a := apply(context.Background(), f, plan, Options{})
	want(t, "statuses", a.statuses(t, plan), map[sync.Status]int{sync.Applied: 18, sync.Failed: 2})
	want(t, "stopped", a.Stopped, "")
}

func TestALaterWriteThatIsNotAppliedDoesNotStopTheOthers(t *testing.T) {
	f, plan := manyPresets(10)
	f.faults = func(kind string, ref procore.PresetRef, n int) fault {
		return fault{ignored: kind == "write" && ref.Preset == "5"}
	}
	a := apply(context.Background(), f, plan, Options{})
	want(t, "statuses", a.statuses(t, plan), map[sync.Status]int{sync.Applied: 18, sync.Failed: 2})
}

func TestAnUnintendedEffectStopsAllFurtherWrites(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, plan := manyPresets(10)
		f.faults = func(kind string, ref procore.PresetRef, n int) fault {
			if kind == "write" && ref.Preset == "3" {
				return fault{after: set(nobodies, "8")}
			}
			return fault{}
		}
		a := apply(context.Background(), f, plan, Options{Concurrency: 1})
		want(t, "statuses", a.statuses(t, plan), map[sync.Status]int{sync.Applied: 4, sync.Failed: 2, sync.NotAttempted: 14})
		mentions(t, a.Stopped, "preset 3")
		want(t, "unintended", a.journal.outcomes[2].Unintended, true)
		want(t, "what is left", inLists(a.journal.outcomes[2].Left)[nobodies], []procore.LoginID{"8"})
	})
}

func TestHalfAWriteIsAFailureThatStopsTheRunAndCanBeRolledBack(t *testing.T) {
	preset := samplePreset("1")
	f, plan := newFake(preset), planFor(preset, samplePreset("2"))
	f.presets[refOf("2")] = samplePreset("2")
	for i := range plan.Presets {
		plan.Presets[i].Groups[1].After = []procore.LoginID{"3", "5"} // approvers gain 5
	}
	f.faults = func(kind string, _ procore.PresetRef, n int) fault {
		if kind == "write" {
			return fault{after: set(approvers, "3")}
		}
		return fault{}
	}
	a := apply(context.Background(), f, plan, Options{})
	want(t, "statuses", a.statuses(t, plan), map[sync.Status]int{sync.Failed: 2, sync.NotAttempted: 2})
	want(t, "presets written", a.PresetsWritten, 1)
	mentions(t, a.Changes[0].Error, "a part of it only", "Approvers", "still holds")
	mentions(t, a.Stopped, "preset 1")
	f.faults = nil
	apply(context.Background(), f, a.undo(t, plan), Options{}).holds(t, "1", reviewers, "1", "2")
}

func TestAWriteThatTookEffectAndFailedItsCheckIsRolledBack(t *testing.T) {
	f, plan := manyPresets(1)
	f.faults = writeFault(1, fault{answer: func([]procore.GroupWrite) []procore.GroupWrite { return []procore.GroupWrite{} }})
	a := apply(context.Background(), f, plan, Options{})
	want(t, "statuses", a.statuses(t, plan), map[sync.Status]int{sync.Failed: 2})
	f.faults = nil
	apply(context.Background(), f, a.undo(t, plan), Options{}).holds(t, "1", reviewers, "1", "2")
}

func TestWhereTheJournalCantBeWrittenNothingIsSent(t *testing.T) {
	f, plan := manyPresets(5)
	full := errors.New("no space left on device")
	j := &journalFake{f: f, full: func(string) error { return full }}
	r := Plan(context.Background(), plan, f, j, Options{})
	a := applied{r, f, j}
	want(t, "statuses", a.statuses(t, plan), map[sync.Status]int{sync.NotAttempted: 10})
	want(t, "sent", r.WriteSent, false)
	want(t, "written", len(f.writes), 0)
	mentions(t, r.Stopped, "journal", "no space left")
	want(t, "why in short", r.StoppedShort, "the journal can't be written")
}

func TestWhereAnOutcomeCantBeJournalledNoOtherWriteStarts(t *testing.T) {
	f, plan := manyPresets(5)
	j := &journalFake{f: f, full: func(kind string) error {
		if kind == "outcome" {
			return errors.New("no space left on device")
		}
		return nil
	}}
	a := applied{Plan(context.Background(), plan, f, j, Options{}), f, j}
	want(t, "statuses", a.statuses(t, plan), map[sync.Status]int{sync.Applied: 2, sync.NotAttempted: 8})
}

func TestProgressCountsEveryPresetOnce(t *testing.T) {
	f, plan := manyPresets(12)
	var seen []int
	apply(context.Background(), f, plan, Options{Progress: func(done, total int) {
		want(t, "total", total, 12)
		seen = append(seen, done)
	}})
	want(t, "progress", seen, []int{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
}

func TestASecondApplyOfTheSamePlanSendsNothing(t *testing.T) {
	f, plan := manyPresets(5)
	apply(context.Background(), f, plan, Options{})
	clear(f.writes)
	a := apply(context.Background(), f, plan, Options{})
	want(t, "writes", len(f.writes), 0)
	want(t, "statuses", a.statuses(t, plan), map[sync.Status]int{sync.Applied: 10})
	want(t, "presets written", a.PresetsWritten, 0)
}

func manyPresets(n int) (*fakeProcore, *sync.Plan) {
	var list []procore.Preset
	for i := range n {
		list = append(list, samplePreset(procore.PresetID(itoa(i+1))))
	}
	return newFake(list...), planFor(list...)
}

func TestThoseWhoStayKeepTheFreshOrder(t *testing.T) {
	preset := samplePreset("1")
	set(reviewers, "1", "5", "2")(&preset)
	f := newFake(preset)
	plan := planFor(preset)
	plan.Presets[0].Groups[0].After = []procore.LoginID{"1", "5", "4"}
	f.faults = readFault(1, fault{edit: set(reviewers, "5", "2", "1")})
	a := apply(context.Background(), f, plan, Options{})
	a.holds(t, "1", reviewers, "5", "1", "4")
}

func TestTenPresetsInARowThatFailAlikeStopTheRun(t *testing.T) {
	cases := []struct {
		rule    string
		fails   func(preset int) error
		stopped bool
	}{
		{"the same refusal", func(int) error { return status(403) }, true},
		{"no answer", func(int) error { return noAnswer() }, true},
		{"other refusals in between", func(n int) error { return status(400 + n%2*3) }, false},
		{"one that goes well in between", func(n int) error {
			if n%9 == 0 {
				return nil
			}
			return status(403)
		}, false},
	}
	for _, c := range cases {
		t.Run(c.rule, func(t *testing.T) {
			f, plan := manyPresets(30)
			f.faults = func(kind string, ref procore.PresetRef, _ int) fault {
				n, _ := strconv.Atoi(string(ref.Preset))
				if kind != "write" {
					return fault{}
				}
				return fault{err: c.fails(n)}
			}
			synctest.Test(t, func(t *testing.T) {
				a := apply(context.Background(), f, plan, Options{Concurrency: 1})
				want(t, "stopped", a.Stopped != "", c.stopped)
				if c.stopped {
					want(t, "statuses", a.statuses(t, plan), map[sync.Status]int{sync.Failed: 20, sync.NotAttempted: 40})
					mentions(t, a.StoppedShort, "10 presets in a row")
				}
			})
		})
	}
}

// What stands between us and Procore may answer in its place, after Procore has done the write.
func TestAWriteThatTookEffectIsNeverCalledRefused(t *testing.T) {
	for _, code := range []int{302, 304, 307, 404, 408, 409, 499, 500, 502, 503, 504} {
		f, plan := manyPresets(1)
		f.faults = writeFault(1, fault{lost: status(code)})
		var a applied
		synctest.Test(t, func(*testing.T) { a = apply(context.Background(), f, plan, Options{}) })
		want(t, itoa(code), a.statuses(t, plan), map[sync.Status]int{sync.Applied: 2})
		want(t, itoa(code), len(f.writes[refOf("1")]), 1)
		want(t, "to undo", RollbackRefs(a.journal.file()), []procore.PresetRef{refOf("1")})
	}
}
