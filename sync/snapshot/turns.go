package snapshot

import "time"

// dayOf numbers the days of a place, so that the difference of two is how many days lie between them.
func dayOf(t time.Time, place *time.Location) int {
	if place == nil {
		place = time.UTC
	}
	year, month, date := t.In(place).Date()
	const secondsOfDay = 24 * 60 * 60
	return int(time.Date(year, month, date, 0, 0, 0, 0, time.UTC).Unix() / secondsOfDay)
}

// dueToday says how many of the things that were last looked at so many days ago have to be looked at again today, the
// longest ago first, so that each is looked at once in every turn of days, and on each day about as many as on another.
//
// After today's looks, of everything at least one part in turn was looked at today, two parts today or yesterday, and so
// on: a second run of a day has nothing left to do, and after missed days the next run makes up for them.
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
