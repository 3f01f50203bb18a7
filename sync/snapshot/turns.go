package snapshot

import "time"

// dayOf numbers the days at a place, so that the difference of two numbers is the number of days between them.
func dayOf(t time.Time, place *time.Location) int {
	if place == nil {
		place = time.UTC
	}
	year, month, date := t.In(place).Date()
	const secondsOfDay = 24 * 60 * 60
	return int(time.Date(year, month, date, 0, 0, 0, 0, time.UTC).Unix() / secondsOfDay)
}

// dueToday returns how many things must be looked at today, those not looked at for longest first. daysAgo says how
// many days ago each was last looked at. Each is then looked at once in every turn of days, and about the same number
// on each day.
//
// After today's looks, at least one in turn of all things was looked at today, two in turn today or yesterday, and so
// on: a second run on the same day has nothing left to do, and after missed days the next run catches up.
func dueToday(daysAgo []int, turn int) int {
	byAge := make([]int, turn)
	for _, days := range daysAgo {
		if days < turn {
			byAge[max(0, days)]++
		}
	}
	due, since := 0, 0
	for days, looks := range byAge {
		since += looks
		due = max(due, (len(daysAgo)*(days+1)+turn-1)/turn-since)
	}
	return due
}
