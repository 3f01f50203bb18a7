package procore

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

const (
	hourlyPeriod = time.Hour
	shortPeriod  = 10 * time.Second

	// smallWait follows an answer that makes no sense: nothing remains, and the reset has passed. It doubles while that
	// continues, up to mostSmallWait.
	smallWait     = time.Second
	mostSmallWait = 10 * time.Second

	// farReset is how much more than an hour away a reset may be, since clocks differ.
	farReset = 5 * time.Minute
	// sameReset is how far apart two stated resets of the same window may be, since headers hold whole seconds.
	sameReset = time.Second
	// marginStep is added to a window's resets each time it turns out that the server had not reset yet.
	marginStep = 250 * time.Millisecond
	maxMargin  = time.Second
)

// window is our model of one rate limit window. It follows the answers; between them it counts by itself.
type window struct {
	period time.Duration
	spread time.Duration // the wait for a reset is up to this much longer, at random

	limit     int       // 0 means that nothing is known
	remaining int       // what the server would say now if nothing were in flight
	reset     time.Time // on our clock: when the window restarts, including margin and random part
	stated    time.Time // the last reset that the server gave, on its clock
	asOf      uint64    // the last request that had been sent when remaining was learned
	margin    time.Duration

	rolled   bool   // the stated reset has passed, and no answer has come since
	rolledAt uint64 // the last request sent before that

	lies       int  // answers that made no sense, in a row
	distrusted bool // waiting after such an answer
	probing    bool // after that wait, one request finds out
}

func (w *window) known() bool { return w.limit > 0 }

// roll restarts the window if its reset has passed, and reports whether it did. latest is the last request sent.
func (w *window) roll(now time.Time, latest uint64) bool {
	if !w.known() || now.Before(w.reset) {
		return false
	}
	w.remaining = w.limit
	w.reset = w.reset.Add((now.Sub(w.reset)/w.period + 1) * w.period)
	w.rolled, w.rolledAt = true, latest
	w.probing, w.distrusted = w.distrusted, false
	return true
}

// free returns how many more requests may be sent now, with inFlight of them in progress and reserve left to others.
func (w *window) free(inFlight, reserve int) int {
	if w.probing {
		return 1 - inFlight
	}
	return w.remaining - reserve - inFlight
}

// spent counts a request whose answer did not mention this window.
func (w *window) spent() {
	w.remaining = max(w.remaining-1, 0)
	w.probing = false
}

// exhaust records a 429: whatever the answer says, nothing remains before the reset.
func (w *window) exhaust() {
	if !w.rolled {
		w.remaining = 0
	}
}

// reading is what an answer says about a window, and when.
type reading struct {
	limitHeaders
	ours   time.Time // the reset on our clock
	seq    uint64    // the request that was answered
	latest uint64    // the last request sent by now
	now    time.Time
}

// isSensible reports whether the reset is possible for a window: neither in the past nor more than an hour away.
func (s reading) isSensible() bool {
	return s.ours.After(s.now) && s.ours.Before(s.now.Add(hourlyPeriod+farReset))
}

// learn takes in what an answer says. Answers overtake each other. So one that may be older than what is known counts
// only if it says that less remains; one whose request was sent after everything that is known counts fully.
func (w *window) learn(s reading, jitter float64) {
	newer := s.seq > w.asOf
	early := s.reset.Before(w.stated.Add(-sameReset))
	late := s.reset.After(w.stated.Add(sameReset))
	switch {
	case !w.known():
		w.restate(s, jitter)
	case w.rolled && !late && s.seq <= w.rolledAt, early && !newer:
		// The request was counted in a window that is over.
	case !s.isSensible():
		w.makeSense(s, newer, jitter)
	case late || w.rolled || early || newer && s.limit != w.limit:
		w.restate(s, jitter)
	case newer || s.remaining < w.remaining:
		w.limit, w.remaining, w.asOf = s.limit, s.remaining, s.latest
		w.probing, w.distrusted, w.lies = false, false, 0
	}
}

// restate takes over everything that an answer says.
func (w *window) restate(s reading, jitter float64) {
	w.limit, w.remaining, w.stated, w.asOf = s.limit, s.remaining, s.reset, s.latest
	w.rolled, w.probing, w.distrusted, w.lies = false, false, false, 0
	if !s.isSensible() {
		w.makeSense(s, true, jitter)
		return
	}
	w.reset = s.ours.Add(w.margin).Add(time.Duration(jitter * float64(w.spread)))
}

// makeSense handles a reset that is in the past or too far away. If requests remain, they may be used. If none do,
// either we have come a little early or the server is wrong: wait a little, then let one request find out.
func (w *window) makeSense(s reading, newer bool, jitter float64) {
	if !newer && (w.lies > 0 || s.remaining >= w.remaining) {
		return
	}
	w.limit, w.asOf = s.limit, s.latest
	w.stated = s.reset
	wait := smallWait
	if s.remaining > 0 {
		w.remaining, w.lies = s.remaining, 0
		w.probing, w.distrusted = false, false
	} else {
		wait = min(smallWait<<min(w.lies, 10), mostSmallWait)
		w.remaining, w.distrusted, w.probing = 0, true, false
		w.lies++
		w.margin = min(w.margin+marginStep, maxMargin)
	}
	w.rolled = false
	w.reset = s.now.Add(wait + time.Duration(jitter*float64(w.spread)))
}

// Window is what was last learned about one rate limit window.
type Window struct {
	Limit     int       `json:"limit"`     // requests allowed in the window
	Remaining int       `json:"remaining"` // still allowed, not counting those in flight
	Reset     time.Time `json:"reset,omitzero"`
}

// Known reports whether any answer has mentioned this window.
func (w Window) Known() bool { return w.Limit > 0 }

// PacingStats is what the rate limits have cost a client so far.
type PacingStats struct {
	Requests      int     `json:"requests"`
	Throttled     int     `json:"throttled"`      // answered 429
	WaitedSeconds float64 `json:"waited_seconds"` // total time in which a request was ready to be sent and the limits allowed none
	Hourly        Window  `json:"hourly,omitzero"`
	Short         Window  `json:"short,omitzero"` // the 10-second window
}

// Budget is what may still be sent in this hour.
type Budget struct {
	Window
	Reserve int // of Limit, left to others
}

// Free returns how many requests may still be sent before the hour's reset, or -1 if no limit is known.
func (b Budget) Free() int {
	if !b.Known() {
		return -1
	}
	return max(0, b.Remaining-b.Reserve)
}

// limitHeaders is what one answer says about one window.
//
// https://developers.procore.com/documentation/rate-limiting
type limitHeaders struct {
	limit, remaining int
	reset            time.Time // on the server's clock; zero if it does not say
}

// parseLimitHeaders parses X-Rate-Limit-*; it returns false if they are missing or not numbers.
func parseLimitHeaders(h http.Header) (limitHeaders, bool) {
	limit, err1 := strconv.Atoi(strings.TrimSpace(h.Get("X-Rate-Limit-Limit")))
	remaining, err2 := strconv.Atoi(strings.TrimSpace(h.Get("X-Rate-Limit-Remaining")))
	if err1 != nil || err2 != nil || limit < 1 {
		return limitHeaders{}, false
	}
	seen := limitHeaders{limit: limit, remaining: min(max(remaining, 0), limit)}
	if reset, err := strconv.ParseInt(strings.TrimSpace(h.Get("X-Rate-Limit-Reset")), 10, 64); err == nil && reset > 0 {
		seen.reset = time.Unix(reset, 0)
	}
	return seen, true
}
