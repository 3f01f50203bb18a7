package snapshot

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// look lets one day pass: what is due is looked at, the longest ago first. It gives how many that were.
func look(days []int, today, turn int) int {
	slices.Sort(days)
	ago := make([]int, len(days))
	for i, day := range days {
		ago[i] = today - day
	}
	due := dueToday(ago, turn)
	for i := range due {
		days[i] = today
	}
	return due
}

func TestEverythingIsLookedAtOnceInATurnAndAboutAsMuchEachDay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		things, turn := rapid.IntRange(0, 300).Draw(t, "things"), rapid.IntRange(1, 30).Draw(t, "turn")
		days := make([]int, things) // all on day 0, as after a first run
		for today := 1; today <= 3*turn; today++ {
			due := look(days, today, turn)
			if most := (things+turn-1)/turn + 1; due > most {
				t.Fatalf("day %d: %d of %d are due, more than %d", today, due, things, most)
			}
			if again := look(days, today, turn); again != 0 {
				t.Fatalf("day %d: a second run has %d to look at", today, again)
			}
			if things > 0 && today-slices.Min(days) >= turn {
				t.Fatalf("day %d: something was last looked at on day %d, with a turn of %d", today, slices.Min(days), turn)
			}
		}
	})
}

func TestMissedDaysAreMadeUpForAtOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		things, turn := rapid.IntRange(1, 200).Draw(t, "things"), rapid.IntRange(1, 20).Draw(t, "turn")
		days := rapid.SliceOfN(rapid.IntRange(0, 40), things, things).Draw(t, "days")
		today := 40
		for range 5 {
			today += rapid.IntRange(0, 2*turn).Draw(t, "days that pass")
			look(days, today, turn)
			if oldest := today - slices.Min(days); oldest >= turn {
				t.Fatalf("something was last looked at %d days ago, with a turn of %d", oldest, turn)
			}
		}
	})
}

func TestADayIsThatOfItsPlace(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	night := time.Date(2026, 3, 28, 23, 30, 0, 0, time.UTC) // half past midnight in Berlin
	for _, tc := range []struct {
		place *time.Location
		then  time.Time
		days  int
	}{
		{nil, night.Add(20 * time.Minute), 0},
		{nil, night.Add(time.Hour), 1},
		{berlin, night.Add(20 * time.Hour), 0},
		{berlin, night.Add(22 * time.Hour), 0}, // the day on which clocks are put forward has 23 hours
		{berlin, night.Add(23 * time.Hour), 1},
		{berlin, night.AddDate(0, 0, 30), 30},
	} {
		if got := dayOf(tc.then, tc.place) - dayOf(night, tc.place); got != tc.days {
			t.Errorf("in %v, from %v to %v: %d days, not %d", tc.place, night, tc.then, got, tc.days)
		}
	}
}
