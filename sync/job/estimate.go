package job

import (
	"time"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
)

// callSeconds is how long a call takes when no limit makes it wait. It is an assumption, used for the estimate only.
const callSeconds = 0.2

// estimate estimates how long applying a plan will take, given what is known about the rate limit and the number of
// calls needed to look for running workflows. The calls that this hour still allows go at once; the others wait for the
// following hours. It is nil if there is nothing to do.
func estimate(presets, looks int, budget procore.Budget, concurrency int, now, deadline time.Time) *sync.Estimate {
	if presets+looks == 0 {
		return nil
	}
	e := &sync.Estimate{Looks: looks, Calls: looks}
	if presets > 0 {
		e.Calls += 2*presets + 1
	}
	e.Seconds = secondsFor(e.Calls, budget, concurrency, now)
	if free := budget.Free(); free >= 0 {
		fits := e.Calls <= free
		e.FitsHour = &fits
	}
	if !deadline.IsZero() {
		fits := !now.Add(time.Duration(e.Seconds * float64(time.Second))).After(deadline)
		e.FitsDeadline = &fits
	}
	return e
}

// secondsFor returns how long the given number of calls takes.
func secondsFor(calls int, budget procore.Budget, concurrency int, now time.Time) float64 {
	free := budget.Free()
	if free < 0 || calls <= free {
		return float64(calls) * callSeconds / float64(max(1, concurrency))
	}
	perHour := max(1, budget.Limit-budget.Reserve)
	waits := (calls - free + perHour - 1) / perHour
	return max(0, budget.Reset.Sub(now).Seconds()) + float64(waits-1)*time.Hour.Seconds()
}

// forecast reports what the run is about to ask of Procore, before it reads the first preset.
func (r *run) forecast(f sync.Forecast) {
	if f.Looks += r.watched.Calls(r.now()); r.isDry() || !r.mayLook() {
		f.Looks = 0
	}
	f.Calls = f.Lists + f.Presets + f.Assignees + f.Looks
	if f.Writes > 0 && !r.isDry() {
		f.Calls += 2*f.Writes + 1
	}
	f.Seconds = secondsFor(f.Calls, r.Procore.HourlyBudget(), r.Concurrency, r.now())
	r.rec.Summary.Forecast = &f
	if r.OnForecast != nil {
		r.OnForecast(f)
	}
}
