package apply

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
)

// slow lets every request take a second.
func slow(string, procore.PresetRef, int) fault { return fault{wait: time.Second} }

func TestAfterASignalNoWriteStartsAndThoseInFlightEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, plan := manyPresets(10)
		f.faults = slow
		ctx, cancel := context.WithCancelCause(context.Background())
		// The first takes three seconds; at 4.5 s two are being sent.
		time.AfterFunc(4500*time.Millisecond, func() { cancel(errors.New("SIGTERM")) })
		a := apply(ctx, f, plan, Options{Concurrency: 2})
		want(t, "statuses", a.statuses(t, plan), map[sync.Status]int{sync.Applied: 6, sync.NotAttempted: 14})
		mentions(t, a.Stopped, "told to stop", "SIGTERM")
		want(t, "exceptions", len(a.Exceptions), 7)
	})
}

func TestAReadForAWriteThatWasNotSentIsAbandonedByAStop(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, plan := manyPresets(3)
		f.faults = func(string, procore.PresetRef, int) fault { return fault{wait: time.Hour} }
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		start := time.Now()
		a := apply(ctx, f, plan, Options{})
		want(t, "took", time.Since(start), time.Minute)
		want(t, "statuses", a.statuses(t, plan), map[sync.Status]int{sync.NotAttempted: 6})
		want(t, "sent", a.WriteSent, false)
	})
}

func TestWhatIsInFlightIsBoundedAfterAStop(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, plan := manyPresets(3)
		f.faults = func(kind string, _ procore.PresetRef, _ int) fault {
			if kind == "write" {
				return fault{wait: time.Hour}
			}
			return fault{}
		}
		ctx, cancel := context.WithCancel(context.Background())
		time.AfterFunc(time.Minute, cancel)
		start := time.Now()
		a := apply(ctx, f, plan, Options{Grace: 20 * time.Second})
		want(t, "took", time.Since(start), 80*time.Second)
		want(t, "preset 1", a.Changes[0].Status != sync.Applied, true)
		want(t, "all are told", len(a.Exceptions), 3)
	})
}

func TestNoWriteStartsAfterTheDeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, plan := manyPresets(10)
		f.faults = slow
		a := apply(context.Background(), f, plan, Options{Concurrency: 1, Deadline: time.Now().Add(4500 * time.Millisecond)})
		want(t, "statuses", a.statuses(t, plan), map[sync.Status]int{sync.Applied: 4, sync.NotAttempted: 16})
		mentions(t, a.Stopped, "SYNC_MAX_DURATION")
	})
}

func TestABudgetThatDoesNotLastStopsCleanly(t *testing.T) {
	spent := &procore.BudgetError{Until: time.Now().Add(time.Hour)}
	for _, kind := range []string{"read", "write"} {
		t.Run(kind, func(t *testing.T) {
			f, plan := manyPresets(4)
			f.faults = func(k string, ref procore.PresetRef, n int) fault {
				if k == kind && ref.Preset != "1" {
					return fault{err: spent}
				}
				return fault{}
			}
			a := apply(context.Background(), f, plan, Options{Concurrency: 1})
			want(t, "statuses", a.statuses(t, plan), map[sync.Status]int{sync.Applied: 2, sync.NotAttempted: 6})
			mentions(t, a.Stopped, "rate limit")
		})
	}
}

func TestRefusedCredentialsStopTheRun(t *testing.T) {
	f, plan := manyPresets(4)
	f.faults = func(k string, ref procore.PresetRef, n int) fault {
		if k == "read" && ref.Preset == "2" {
			return fault{err: &procore.AuthError{Host: "login.example.com"}}
		}
		return fault{}
	}
	a := apply(context.Background(), f, plan, Options{Concurrency: 1})
	want(t, "statuses", a.statuses(t, plan), map[sync.Status]int{sync.Applied: 2, sync.NotAttempted: 6})
	mentions(t, a.Stopped, "credentials")
}

func TestAStopWhileWaitingForAnotherAttemptLooksAtWhatBecameOfTheLast(t *testing.T) {
	for name, f := range map[string]fault{"applied": {lost: noAnswer()}, "failed": {err: noAnswer()}} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				fake, plan := manyPresets(2)
				fake.faults = always("write", f)
				ctx, cancel := context.WithCancel(context.Background())
				time.AfterFunc(500*time.Millisecond, cancel) // in the middle of the pause
				a := apply(ctx, fake, plan, Options{})
				want(t, "statuses", a.statuses(t, plan), map[sync.Status]int{sync.Status(name): 2, sync.NotAttempted: 2})
				want(t, "outcomes", len(a.journal.outcomes), 1)
			})
		})
	}
}

func TestApplyLeavesNoGoroutineBehind(t *testing.T) {
	defer goleak.VerifyNone(t)
	for range 3 {
		f, plan := manyPresets(20)
		ctx, cancel := context.WithCancel(context.Background())
		f.faults = func(kind string, ref procore.PresetRef, n int) fault {
			if ref.Preset == "7" {
				cancel()
			}
			return fault{}
		}
		a := apply(ctx, f, plan, Options{Deadline: time.Now().Add(time.Hour)})
		a.statuses(t, plan)
		cancel()
	}
}

func TestAStopBetweenTheReadAndTheWriteSendsNothing(t *testing.T) {
	f, plan := manyPresets(3)
	ctx, cancel := context.WithCancel(context.Background())
	f.faults = readFault(1, fault{edit: func(*procore.Preset) { cancel() }})
	a := apply(ctx, f, plan, Options{})
	want(t, "events", f.events, []string{"read 1"})
	want(t, "statuses", a.statuses(t, plan), map[sync.Status]int{sync.NotAttempted: 6})
}
