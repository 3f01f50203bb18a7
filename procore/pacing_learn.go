package procore

import (
	"net/http"
	"time"
)

const (
	// resetSlack is how much farther away than ten seconds the reset of the short window may seem.
	resetSlack = 2 * time.Second
	// hourlyRatio is how many times the short window's limit a limit must be to count as the hourly one.
	hourlyRatio = 20
	// maxBlindWait bounds the wait for the hour's reset if no answer says when it is.
	maxBlindWait = 2 * time.Minute
)

// learn takes in the answer to a request.
func (p *pacer) learn(t turn, seen observation) {
	p.observeDate(seen)
	now := time.Now()
	heard, ok := parseLimitHeaders(seen.header)
	var spoken *window
	if ok {
		s := reading{limitHeaders: heard, ours: p.clock.ours(heard.reset), seq: t.seq, latest: p.latest, now: now}
		spoken = p.windowOf(s)
		spoken.roll(now, p.latest)
		spoken.learn(s, p.jitter())
	}
	for _, w := range []*window{&p.hourly, &p.short} {
		if w != spoken {
			p.roll(w, now)
			w.spent()
		}
	}
	switch {
	case seen.status == http.StatusTooManyRequests:
		p.throttled(t, seen, heard, spoken, now)
	case seen.status == http.StatusServiceUnavailable && retryAfter(seen.header) > 0:
		p.holdUntil(now.Add(retryAfter(seen.header)), nil)
	}
	if seen.status != 0 && seen.status != http.StatusTooManyRequests && t.seq > p.throttledAt {
		p.throttles = 0
	}
}

func (p *pacer) observeDate(seen observation) {
	if date, err := http.ParseTime(seen.header.Get("Date")); err == nil {
		p.clock.observe(seen.sent, seen.received, date)
	}
}

// windowOf determines which window an answer is about. A reset more than ten seconds away belongs to the hourly window.
// A nearer one may belong to either, since the hour has its last ten seconds too; then the limit decides, as far as the
// limits are known.
func (p *pacer) windowOf(s reading) *window {
	hourly, short := &p.hourly, &p.short
	switch {
	case s.isSensible() && s.ours.Sub(s.now) > shortPeriod+resetSlack:
		return hourly
	case short.known() && s.limit == short.limit:
		return short
	case hourly.known() && s.limit == hourly.limit, short.known() && s.limit >= hourlyRatio*short.limit:
		return hourly
	}
	return short
}

// throttled makes every request wait after a 429: for as long as it asks, or until the reset that it names, or else for
// a random time that grows with the number of 429s in a row. If it names a window in which requests remain, it was
// about the other window, of which it says nothing; then the time after that reset grows too.
func (p *pacer) throttled(t turn, seen observation, heard limitHeaders, spoken *window, now time.Time) {
	p.stats.Throttled++
	if t.seq > p.throttledAt {
		p.throttles++
		p.throttledAt = p.latest
	}
	p.probe()
	wait := retryAfter(seen.header)
	switch {
	case wait > 0:
		p.holdUntil(now.Add(wait), spoken)
	case spoken != nil && spoken.reset.After(now):
		if heard.remaining > 0 && p.throttles > 1 {
			p.holdUntil(now.Add(min(shortPeriod<<min(p.throttles-1, 10), maxBlindWait)), nil)
		}
		spoken.exhaust()
	default:
		p.holdUntil(now.Add(smallWait/4+time.Duration(p.jitter()*float64(backoffCeiling(p.throttles+1)))), nil)
	}
}

// holdUntil lets nothing start before t and a random moment after it. spoken is the window because of which it does, or
// nil if that is not known.
func (p *pacer) holdUntil(t time.Time, spoken *window) {
	t = t.Add(time.Duration(p.jitter() * float64(shortSpread)))
	if t.After(p.hold) {
		p.hold, p.holdFor = t, p.nameOf(spoken)
	}
}
