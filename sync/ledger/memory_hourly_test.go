package ledger_test

import (
	"testing"
	"time"

	"procore-assignee-sync/sync/ledger"
)

func TestTheHoursLimitIsBelievedForAWeekFromWhenItWasLearned(t *testing.T) {
	led, err := ledger.Open(t.Context(), ledger.Options{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	m := led.Memory("8812", "api.procore.com")
	monday := time.Date(2026, 11, 23, 2, 0, 0, 0, time.UTC)
	day := func(n int) time.Time { return monday.AddDate(0, 0, n) }
	for _, step := range []struct {
		day, learned, believed int // each night believes, then learns
	}{
		{0, 0, 0}, {1, 3600, 0}, {2, 3600, 3600}, {3, 0, 3600}, {7, 3600, 3600}, {8, 3600, 0}, {9, 7200, 3600}, {10, 0, 7200}, {5, 0, 0},
	} {
		if got := m.Hourly(day(step.day)); got != step.believed {
			t.Errorf("day %d: %d is believed, not %d", step.day, got, step.believed)
		}
		if err := m.KeepHourly(step.learned, day(step.day)); err != nil {
			t.Fatal(err)
		}
	}
	if other := led.Memory("8813", "api.procore.com"); other.Hourly(day(10)) != 0 {
		t.Error("another company's limit is believed")
	}
}
