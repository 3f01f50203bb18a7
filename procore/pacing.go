package procore

import (
	"container/list"
	"sync"
	"time"
)

const (
	// The random part of a wait for a reset: a hundredth of the short window, so that little of it is lost.
	shortSpread  = 100 * time.Millisecond
	hourlySpread = time.Second
	// startGap is the longest random gap between the first requests after a wait.
	startGap = 20 * time.Millisecond
)

// pacer decides when a request may be sent: in the order in which they were asked for, no more at a time than the
// concurrency and the rest of both rate limit windows allow, and none while Procore has asked to wait. It starts no
// goroutine of its own, except a timer's while somebody waits.
type pacer struct {
	concurrency int
	reserve     int // percent of the hourly window
	jitter      func() float64

	mu       sync.Mutex
	queue    list.List // of *waiter
	timer    *time.Timer
	inFlight int
	latest   uint64 // number of the last request sent
	clock    serverClock
	hourly   window
	short    window

	hold        time.Time  // nothing is sent before this time
	holdFor     WindowName // the window because of which hold is set, if known
	throttles   int        // number of 429s in a row
	throttledAt uint64     // the last request that had been sent before the last of them

	// At the start, after a reset and after a 429 it is not known how many requests remain. Then one request at a time
	// is sent, until one that was sent after probeAfter has succeeded.
	probing    bool
	probeAfter uint64
	probes     int // such requests in flight

	spreadLeft   int       // requests after a wait whose start is still to be spread
	nextStart    time.Time // start of the next one of those
	blockedSince time.Time
	wait         Wait // zero while the limits let requests through
	stats        PacingStats

	observer waitObserver
}

func newPacer(concurrency, reservePercent int, jitter func() float64) *pacer {
	return &pacer{
		concurrency: concurrency,
		reserve:     reservePercent,
		jitter:      jitter,
		probing:     true,
		hourly:      window{period: hourlyPeriod, spread: hourlySpread},
		short:       window{period: shortPeriod, spread: shortSpread},
	}
}

// prospect says whether a request may be sent now and, if not, what has to happen first.
type prospect struct {
	now    bool
	at     time.Time  // when to check again; zero means when an answer comes
	limits bool       // the limits allow nothing until then
	window WindowName // if limits is set: which window, if known
}

// next reports whether a request may be sent.
func (p *pacer) next(now time.Time) prospect {
	if p.inFlight >= p.concurrency {
		return prospect{}
	}
	blocked := prospect{at: p.hold, limits: p.hold.After(now), window: p.holdFor}
	crowded := time.Time{}
	for _, w := range []*window{&p.hourly, &p.short} {
		if !w.known() {
			continue
		}
		p.roll(w, now)
		reserve := p.reserveOf(w)
		switch {
		case w.free(p.inFlight, reserve) > 0:
		case w.free(0, reserve) > 0:
			crowded = w.reset
		case !blocked.limits || w.reset.After(blocked.at):
			blocked = prospect{at: w.reset, limits: true, window: p.nameOf(w)}
		}
	}
	switch {
	case blocked.limits:
		return blocked
	case !crowded.IsZero():
		return prospect{at: crowded}
	case p.probing && p.probes > 0:
		return prospect{}
	case p.nextStart.After(now):
		return prospect{at: p.nextStart}
	}
	return prospect{now: true}
}

// roll restarts a window if its reset has passed.
func (p *pacer) roll(w *window, now time.Time) {
	if w.roll(now, p.latest) {
		p.probe()
	}
}

// probe lets one request at a time find out how many remain.
func (p *pacer) probe() { p.probing, p.probeAfter = true, p.latest }

func (p *pacer) reserveOf(w *window) int {
	if w != &p.hourly {
		return 0
	}
	return w.limit * p.reserve / 100
}

// endBlock ends a period in which the limits allowed nothing, and reports whether there was one.
func (p *pacer) endBlock(now time.Time) bool {
	if p.blockedSince.IsZero() {
		return false
	}
	p.stats.WaitedSeconds += now.Sub(p.blockedSince).Seconds()
	p.blockedSince, p.wait = time.Time{}, Wait{}
	return true
}

// pacing returns what the limits have cost so far.
func (p *pacer) pacing() PacingStats {
	p.mu.Lock()
	defer p.mu.Unlock()
	s := p.stats
	if now := time.Now(); !p.blockedSince.IsZero() {
		s.WaitedSeconds += now.Sub(p.blockedSince).Seconds()
	}
	s.Hourly, s.Short = p.show(&p.hourly), p.show(&p.short)
	return s
}

// hourlyBudget returns what may still be sent in this hour.
func (p *pacer) hourlyBudget() Budget {
	p.mu.Lock()
	defer p.mu.Unlock()
	return Budget{Window: p.show(&p.hourly), Reserve: p.reserveOf(&p.hourly)}
}

func (p *pacer) show(w *window) Window {
	if !w.known() {
		return Window{}
	}
	p.roll(w, time.Now())
	return Window{Limit: w.limit, Remaining: max(0, w.remaining-p.inFlight), Reset: w.reset}
}

// WindowName says which of the two rate limit windows is meant. It is empty if that is not known, or if it is neither
// of them, as when the platform itself asks to wait.
type WindowName string

// The windows of Procore's rate limit.
const (
	WindowHourly WindowName = "hourly"
	WindowShort  WindowName = "ten seconds"
)

// Wait is a period in which requests are ready to be sent and the rate limit, or a platform under load, allows none.
// The zero Wait says that it is over.
type Wait struct {
	Since  time.Time
	Until  time.Time // when the next request goes, as far as is known
	Window WindowName
}

// Over reports whether the wait has ended.
func (w Wait) Over() bool { return w.Until.IsZero() }

// waitObserver reports waits. It always reports the present state: of two changes at once, it may leave out the first.
type waitObserver struct {
	hear func(Wait)
	mu   sync.Mutex // held while hear is called
	told Wait
}

// tell reports what has changed. It is called without the pacer's lock, so that the observer may ask the client for its
// pacing.
func (p *pacer) tell() {
	o := &p.observer
	if o.hear == nil {
		return
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	p.mu.Lock()
	wait := p.wait
	p.mu.Unlock()
	if wait != o.told {
		o.told = wait
		o.hear(wait)
	}
}

// block records that the limits allow nothing until coming.
func (p *pacer) block(coming prospect, now time.Time) {
	if p.blockedSince.IsZero() {
		p.blockedSince = now
	}
	p.wait = Wait{Since: p.blockedSince, Until: coming.at, Window: coming.window}
}

func (p *pacer) nameOf(w *window) WindowName {
	switch w {
	case &p.hourly:
		return WindowHourly
	case &p.short:
		return WindowShort
	}
	return ""
}
