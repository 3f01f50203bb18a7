package running

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
)

func planned(f *fakeProcore) (*Plan, []sync.Waiting) {
	found := lookAt(f, watched())
	f.events = nil
	return PlanHandover("1", "api.example.com", found.Waiting, nil, 25)
}

func TestWhatBecomesOfOneInvitation(t *testing.T) {
	step := func(f *fakeProcore) *procore.StepOccurrence { return f.instances["700"].Step }
	onRead := func(n int, do func(*fakeProcore)) func(string, *fakeProcore) {
		return func(event string, f *fakeProcore) {
			if event == "read 700" {
				if n--; n == 0 {
					do(f)
				}
			}
		}
	}
	cases := []struct {
		rule   string
		change func(*fakeProcore)
		state  sync.WaitState
		gone   bool // the row
		events string
		says   string
	}{
		{rule: "it is read again, journalled, sent and compared", state: sync.WaitInvited, events: "read 700, intent, invite 700, outcome invited"},
		{
			rule: "a step that moved on is a conflict, and nothing is sent", state: sync.WaitConflict, events: "read 700", says: "moved on",
			change: func(f *fakeProcore) { f.before = onRead(1, func(f *fakeProcore) { step(f).ID = "901" }) },
		},
		{
			rule: "a workflow that ended is a conflict", state: sync.WaitConflict, events: "read 700", says: "ended",
			change: func(f *fakeProcore) { f.before = onRead(1, func(f *fakeProcore) { f.instances["700"].Ended = true }) },
		},
		{
			rule: "whoever has answered has no row any more", gone: true, events: "read 700",
			change: func(f *fakeProcore) {
				f.before = onRead(1, func(f *fakeProcore) { step(f).Responses[0].Submitted = true })
			},
		},
		{
			rule: "where all successors are there already nobody is invited", state: sync.Waits, events: "read 700",
			change: func(f *fakeProcore) {
				f.before = onRead(1, func(f *fakeProcore) {
					step(f).Responses = append(step(f).Responses, procore.ResponseOccurrence{Assignee: people("2")[0]})
				})
			},
		},
		{
			rule: "a refusal fails alone", state: sync.WaitFailed, events: "read 700, intent, invite 700, outcome failed", says: "eligible",
			change: func(f *fakeProcore) { f.inviteErr = []error{status(422)} },
		},
		{
			rule: "an invitation that was taken and whose answer was lost is not sent again", state: sync.WaitInvited,
			events: "read 700, intent, invite 700, pause, read 700, outcome invited",
			change: func(f *fakeProcore) { f.lost = []error{noAnswer()} },
		},
		{
			rule: "one that was not taken is sent again after a look", state: sync.WaitInvited,
			events: "read 700, intent, invite 700, pause, read 700, intent, invite 700, outcome invited",
			change: func(f *fakeProcore) { f.inviteErr = []error{status(503)} },
		},
		{
			rule: "after the last attempt there is a last look", state: sync.WaitFailed, says: "2 attempts",
			events: "read 700, intent, invite 700, pause, read 700, intent, invite 700, read 700, outcome failed",
			change: func(f *fakeProcore) { f.inviteErr = []error{status(503), status(503)} },
		},
		{
			rule: "an invitation that took somebody off the step is a failure", state: sync.WaitFailed, says: "gone from the step",
			events: "read 700, intent, invite 700, outcome failed",
			change: func(f *fakeProcore) { f.harm = true },
		},
		{
			rule: "one that is acknowledged and not done is a failure", state: sync.WaitFailed, says: "is not on the step",
			events: "read 700, intent, invite 700, outcome failed",
			change: func(f *fakeProcore) { f.ignored = true },
		},
		{
			rule: "a workflow that can't be read again gets no invitation", state: sync.WaitFailed, events: "read 700", says: "nobody was invited",
			change: func(f *fakeProcore) { f.before = onRead(1, func(f *fakeProcore) { f.readErr = status(404) }) },
		},
		{
			rule: "one that was refused for the limit's sake was not lost, and who is there then was not invited", state: sync.Waits,
			events: "read 700, intent, invite 700, pause, read 700, outcome waiting",
			change: func(f *fakeProcore) {
				f.inviteErr = []error{status(429)}
				f.before = onRead(2, func(f *fakeProcore) {
					step(f).Responses = append(step(f).Responses, procore.ResponseOccurrence{Assignee: people("2")[0]})
				})
			},
		},
		{
			rule: "of one that was refused for the limit's sake no answer was lost", state: sync.WaitConflict, says: "nobody was invited",
			events: "read 700, intent, invite 700, pause, read 700, outcome conflict",
			change: func(f *fakeProcore) {
				f.inviteErr = []error{status(429)}
				f.before = onRead(2, func(f *fakeProcore) { step(f).ID = "901" })
			},
		},
		{
			rule: "where it can't be read again then, nobody was invited", state: sync.WaitFailed, says: "not invited: ",
			events: "read 700, intent, invite 700, pause, read 700, outcome failed",
			change: func(f *fakeProcore) {
				f.inviteErr = []error{status(429)}
				f.before = onRead(2, func(f *fakeProcore) { f.readErr = status(404) })
			},
		},
		{
			rule: "whoever answers before another attempt has no row either", gone: true,
			events: "read 700, intent, invite 700, pause, read 700, outcome conflict",
			change: func(f *fakeProcore) {
				f.inviteErr = []error{status(429)}
				f.before = onRead(2, func(f *fakeProcore) { step(f).Responses[0].Submitted = true })
			},
		},
		{
			rule: "one whose fate can't be learned says so", state: sync.WaitFailed, says: "look in Procore",
			events: "read 700, intent, invite 700, pause, read 700, outcome failed",
			change: func(f *fakeProcore) {
				f.lost = []error{noAnswer()}
				f.before = onRead(2, func(f *fakeProcore) { f.readErr = status(500) })
			},
		},
	}
	for _, c := range cases {
		t.Run(c.rule, func(t *testing.T) {
			f := sample()
			plan, rows := planned(f)
			if c.change != nil {
				c.change(f)
			}
			out := HandOver(context.Background(), plan, rows, f, &fakeJournal{f: f}, HandoverOptions{MaxAttempts: 2})
			if f.log() != c.events {
				t.Errorf("what happened: %s\nwant:          %s", f.log(), c.events)
			}
			if c.gone {
				if len(out) != 0 {
					t.Errorf("rows %+v", out)
				}
				return
			}
			if len(out) != 1 || out[0].State != c.state || !strings.Contains(out[0].Error, c.says) {
				t.Errorf("rows %+v", out)
			}
		})
	}
}

// two makes the sample wait on two workflows.
func two() *fakeProcore {
	f := sample()
	other := *f.instances["700"]
	other.ID = "701"
	step := *other.Step
	step.ID, step.Responses = "990", slices.Clone(step.Responses)
	other.Step = &step
	f.instances["701"] = &other
	return f
}

func TestAfterHarmNothingMoreIsSent(t *testing.T) {
	f := two()
	plan, rows := planned(f)
	f.harm = true
	out := HandOver(context.Background(), plan, rows, f, &fakeJournal{f: f}, HandoverOptions{})
	if out[0].State != sync.WaitFailed || out[1].State != sync.WaitNotAttempted {
		t.Errorf("rows %+v", out)
	}
}

func TestWhereTheJournalCantBeWrittenNobodyIsInvited(t *testing.T) {
	f := two()
	plan, rows := planned(f)
	out := HandOver(context.Background(), plan, rows, f, &fakeJournal{f: f, err: errors.New("disk full")}, HandoverOptions{})
	for _, row := range out {
		if row.State != sync.WaitNotAttempted {
			t.Errorf("row %+v", row)
		}
	}
	if strings.Contains(f.log(), "invite") {
		t.Errorf("what happened: %s", f.log())
	}
}

// The journal takes the first intent and not the second: what was sent before has its outcome.
func TestAnInvitationThatWasSentIsNeverSaidNotToHaveBeenAttempted(t *testing.T) {
	f := sample()
	plan, rows := planned(f)
	f.inviteErr = []error{status(503)}
	j := &fakeJournal{f: f}
	f.before = func(event string, _ *fakeProcore) {
		if event == "pause" {
			j.err = errors.New("disk full")
		}
	}
	out := HandOver(context.Background(), plan, rows, f, j, HandoverOptions{})
	want := "read 700, intent, invite 700, pause, read 700, intent, outcome failed"
	if f.log() != want || out[0].State != sync.WaitFailed || !strings.Contains(out[0].Error, "disk full") {
		t.Errorf("rows %+v; what happened: %s\nwant: %s", out, f.log(), want)
	}
}

// stoppedAfterTheFirst hands over two workflows in a run that is told to stop while the first invitation is out.
func stoppedAfterTheFirst() []sync.Waiting {
	f := two()
	plan, rows := planned(f)
	ctx, stop := context.WithCancel(context.Background())
	f.before = func(event string, _ *fakeProcore) {
		if event == "invite 700" {
			stop()
		}
	}
	return HandOver(ctx, plan, rows, f, &fakeJournal{f: f}, HandoverOptions{})
}

func TestAHandOverThatWasNotAttemptedIsLeftUndone(t *testing.T) {
	out := stoppedAfterTheFirst()
	undone := slices.DeleteFunc(Exceptions(out, removedAt), func(e sync.Exception) bool { return !e.Incomplete })
	if len(undone) != 1 || undone[0].Kind != sync.NotAttemptedKind || !strings.Contains(undone[0].Detail, "701") {
		t.Errorf("left undone: %+v", undone)
	}
}

func TestARunThatIsToldToStopInvitesNobodyElse(t *testing.T) {
	out := stoppedAfterTheFirst()
	if out[0].State != sync.WaitInvited || out[1].State != sync.WaitNotAttempted {
		t.Errorf("rows %+v", out)
	}
}

func TestTheInvitationIsAsTheLeaversPlaceWas(t *testing.T) {
	f := sample()
	f.instances["700"].Step.Responses[0].Required = false
	plan, _ := planned(f)
	item := plan.Items[0]
	if item.Required || item.Reason != procore.ReasonLeftCompany || !slices.Equal(item.Invite, []procore.LoginID{"2"}) {
		t.Errorf("the plan is %+v", item)
	}
}

func TestAPersonNamedForOneLeaverIsInvitedInsteadOfTheSuccessors(t *testing.T) {
	found := lookAt(sample(), watched())
	to := &Named{Who: people("6")[0], Everywhere: true}
	plan, rows := PlanHandover("1", "h", found.Waiting, to, 25)
	if !slices.Equal(plan.Items[0].Invite, []procore.LoginID{"6"}) || rows[0].Successors[0].ID != "6" {
		t.Errorf("the plan is %+v", plan)
	}
}

func TestAPersonNamedForNoLeaverIsInvitedOnlyWhereThereIsNoSuccessor(t *testing.T) {
	waiting := []sync.Waiting{
		{Instance: "1", Person: people("1")[0], State: sync.Waits, Successors: people("2")},
		{Instance: "2", Person: people("1")[0], State: sync.Waits, Successors: people("3"), OnStep: true},
		{Instance: "3", Person: people("4")[0], State: sync.Waits},
	}
	plan, rows := PlanHandover("1", "h", waiting, &Named{Who: people("6")[0]}, 25)
	if len(plan.Items) != 1 || plan.Items[0].Ref.Instance != "3" || !slices.Equal(plan.Items[0].Invite, []procore.LoginID{"6"}) {
		t.Errorf("the plan is %+v", plan.Items)
	}
	if diff := cmp.Diff(waiting[:2], rows[:2]); diff != "" {
		t.Errorf("the other rows changed (-want +got):\n%s", diff)
	}
}

func TestWhereNobodyWouldBeInvitedTheWholeCommandIsSaid(t *testing.T) {
	tom := procore.Login{ID: "7", Login: "tom@example.com"}
	for _, c := range []struct {
		row        sync.Waiting
		want, none string
	}{
		{sync.Waiting{Person: tom}, "fill the team in HR, or invite somebody with `assignee-sync handover --person tom@example.com --to LOGIN`", "workflow manager"},
		{sync.Waiting{Person: tom, Error: notThroughHR}, "`assignee-sync handover --person tom@example.com --to LOGIN`, or let a workflow manager", "team"},
		{sync.Waiting{Person: procore.Login{ID: "7", Login: "o'neil@example.com"}}, "handover --person 7 --to", "neil"},
	} {
		c.row.State = sync.Waits
		exceptions := Exceptions([]sync.Waiting{c.row}, removedAt)
		if len(exceptions) != 2 || exceptions[0].Kind != sync.NoSuccessor || exceptions[1].Kind != sync.RunningWaits {
			t.Fatalf("told is %+v", exceptions)
		}
		for _, e := range exceptions {
			switch {
			case e.Kind == sync.RunningWaits && strings.Contains(e.Detail, "handover"):
				t.Errorf("successors are to be invited where there are none: %s", e.Detail)
			case e.Kind == sync.NoSuccessor && (!strings.Contains(e.Detail, c.want) || strings.Contains(e.Detail, c.none)):
				t.Errorf("said is %q, want %q and not %q", e.Detail, c.want, c.none)
			}
		}
	}
}

func TestMoreThanTheLimitIsRefusedAndHasADigestOfItsOwn(t *testing.T) {
	found := lookAt(two(), watched())
	one, _ := PlanHandover("1", "h", found.Waiting, nil, 1)
	enough, _ := PlanHandover("1", "h", found.Waiting, nil, 2)
	if !one.Refused || enough.Refused {
		t.Errorf("refused: %v, %v", one.Refused, enough.Refused)
	}
	if one.Digest == enough.Digest {
		t.Error("a plan under another limit has the same digest")
	}
	again, _ := PlanHandover("1", "h", found.Waiting, nil, 1)
	if again.Digest != one.Digest {
		t.Error("the same plan has two digests")
	}
}

func TestAKilledHandOverIsAccountedFor(t *testing.T) {
	f := two()
	plan, rows := planned(f)
	j := &fakeJournal{f: f}
	HandOver(context.Background(), plan, rows, f, j, HandoverOptions{})
	look := func(ref procore.InstanceRef) (procore.Instance, error) { return f.Instance(context.Background(), ref) }
	states := func(intents []Intent, outcomes []Outcome) []sync.WaitState {
		var list []sync.WaitState
		for _, row := range AccountInterrupted(rows, intents, outcomes, look) {
			list = append(list, row.State)
		}
		return list
	}
	for rule, c := range map[string]struct {
		intents  []Intent
		outcomes []Outcome
		want     []sync.WaitState
	}{
		"nothing was announced":       {nil, nil, []sync.WaitState{sync.WaitNotAttempted, sync.WaitNotAttempted}},
		"the first has its outcome":   {j.intents[:1], j.outcomes[:1], []sync.WaitState{sync.WaitInvited, sync.WaitNotAttempted}},
		"the second's fate is looked": {j.intents, j.outcomes[:1], []sync.WaitState{sync.WaitInvited, sync.WaitInvited}},
	} {
		if got := states(c.intents, c.outcomes); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", rule, got, c.want)
		}
	}
	f.instances["701"].Step.ID = "991"
	if got := states(j.intents, j.outcomes[:1]); got[1] != sync.WaitFailed {
		t.Errorf("a step that moved on: %v", got)
	}
}
