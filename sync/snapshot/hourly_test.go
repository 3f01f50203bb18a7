package snapshot_test

import (
	"testing"
	"time"

	"procore-assignee-sync/sync/snapshot"
)

func TestTheHoursLimitIsBelievedForAWeekFromWhenItWasLearned(t *testing.T) {
	var h snapshot.HourlyLimit
	monday := time.Date(2026, 11, 23, 2, 0, 0, 0, time.UTC)
	day := func(n int) time.Time { return monday.AddDate(0, 0, n) }
	for _, step := range []struct {
		day, learned, believed int // each night believes, then learns
	}{
		{0, 0, 0}, {1, 3600, 0}, {2, 3600, 3600}, {3, 0, 3600}, {7, 3600, 3600}, {8, 3600, 0}, {9, 7200, 3600}, {10, 0, 7200}, {5, 0, 0},
	} {
		if got := h.At(day(step.day)); got != step.believed {
			t.Errorf("day %d: %d is believed, not %d", step.day, got, step.believed)
		}
		h.Learn(step.learned, day(step.day))
	}
}
