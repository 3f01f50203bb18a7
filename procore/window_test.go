package procore

import (
	"testing"
	"time"
)

// says makes what an answer to request seq says, with latest the last request sent.
func says(limit, remaining int, reset time.Time, seq, latest uint64, now time.Time) reading {
	return reading{limitHeaders: limitHeaders{limit: limit, remaining: remaining, reset: reset}, ours: reset, seq: seq, latest: latest, now: now}
}

func TestAnAnswerThatWasOvertakenDoesNotGiveRequestsBack(t *testing.T) {
	now := time.Unix(1_000_000, 0)
	reset := now.Add(10 * time.Second)
	w := window{period: shortPeriod}
	w.learn(says(25, 20, reset, 5, 8, now), 0)
	w.learn(says(25, 23, reset, 2, 8, now), 0)
	if w.remaining != 20 {
		t.Errorf("an older answer: %d remain", w.remaining)
	}
	w.learn(says(25, 17, reset, 8, 8, now), 0)
	if w.remaining != 17 {
		t.Errorf("a newer answer: %d remain", w.remaining)
	}
	w.learn(says(25, 22, reset, 9, 9, now), 0)
	if w.remaining != 22 {
		t.Errorf("requests given back, in an answer to a later request: %d remain", w.remaining)
	}
}

func TestALateAnswerOfTheWindowBeforeChangesNothing(t *testing.T) {
	now := time.Unix(1_000_000, 0)
	w := window{period: shortPeriod}
	w.learn(says(25, 3, now.Add(10*time.Second), 5, 8, now), 0)
	now = now.Add(10 * time.Second)
	if !w.roll(now, 8) || w.remaining != 25 {
		t.Fatalf("after the reset %d remain", w.remaining)
	}
	w.learn(says(25, 0, now, 7, 8, now), 0)
	if w.remaining != 25 || w.distrusted {
		t.Errorf("late, before any of the new window: %d remain, distrusted %v", w.remaining, w.distrusted)
	}
	w.learn(says(25, 24, now.Add(10*time.Second), 9, 10, now), 0)
	w.learn(says(25, 1, now.Add(-time.Second), 8, 10, now.Add(time.Second)), 0)
	if w.remaining != 24 || !w.reset.Equal(now.Add(10*time.Second)) {
		t.Errorf("late, in the new window: %d remain until %v", w.remaining, w.reset)
	}
}

func TestALateAnswerThatStillNamesAComingResetDoesNotShortenTheWindow(t *testing.T) {
	now := time.Unix(1_000_000, 0)
	w := window{period: shortPeriod}
	w.learn(says(25, 20, now.Add(10*time.Second), 9, 12, now), 0)
	w.learn(says(25, 2, now.Add(3*time.Second), 8, 12, now), 0)
	if w.remaining != 20 || !w.reset.Equal(now.Add(10*time.Second)) {
		t.Errorf("%d remain until %v", w.remaining, w.reset)
	}
	w.learn(says(25, 2, now.Add(3*time.Second), 13, 13, now), 0)
	if w.remaining != 2 || !w.reset.Equal(now.Add(3*time.Second)) {
		t.Errorf("of a request that was sent later: %d remain until %v", w.remaining, w.reset)
	}
}

func TestAWindowThatNobodySpokeOfForLongIsWhole(t *testing.T) {
	now := time.Unix(1_000_000, 0)
	w := window{period: shortPeriod}
	w.learn(says(25, 0, now.Add(10*time.Second), 1, 1, now), 0)
	if !w.roll(now.Add(47*time.Minute+3*time.Second), 1) || w.remaining != 25 {
		t.Errorf("%d remain", w.remaining)
	}
	if left := w.reset.Sub(now.Add(47*time.Minute + 3*time.Second)); left <= 0 || left > shortPeriod {
		t.Errorf("the next reset is %v away", left)
	}
}
