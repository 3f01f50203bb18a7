package job

import (
	"time"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
)

// callSeconds is what one call takes where no limit makes it wait: an assumption, for the estimate alone.
const callSeconds = 0.2

// estimate says what applying a plan will take under what is known of the limits: the calls that the hour still allows
// go at once, the others wait for the next hours.
func estimate(presets int, budget procore.Budget, concurrency int, now, deadline time.Time) *sync.Estimate {
	if presets == 0 {
		return nil
	}
	e := &sync.Estimate{Calls: 2*presets + 1}
	seconds := float64(e.Calls) * callSeconds / float64(max(1, concurrency))
	if free := budget.Free(); free >= 0 {
		fits := e.Calls <= free
		e.FitsHour = &fits
		if !fits {
			perHour := max(1, budget.Limit-budget.Reserve)
			waits := (e.Calls - free + perHour - 1) / perHour
			seconds = max(0, budget.Reset.Sub(now).Seconds()) + float64(waits-1)*time.Hour.Seconds()
		}
	}
	e.Seconds = seconds
	if !deadline.IsZero() {
		fits := !now.Add(time.Duration(seconds * float64(time.Second))).After(deadline)
		e.FitsDeadline = &fits
	}
	return e
}
