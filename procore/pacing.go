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

// pacer decides when a request may be sent: in the order of asking, no more at a time than the concurrency and what
// remains of both rate limit windows, and none while Procore has asked to wait. It starts no goroutine of its own but
// a timer's, while somebody waits.
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

	hold        time.Time  // nobody before this
	holdFor     WindowName // the window that hold is for, where that is known
	throttles   int        // 429s one after another
	throttledAt uint64     // the last request that was sent before the last of them

	// At the start, after a reset and after a 429 nobody knows what remains: one request at a time, until one that was
	// sent after probeAfter has passed.
	probing    bool
	probeAfter uint64
	probes     int // such requests in flight

	spreadLeft   int       // starts after a wait that are still to be spread
	nextStart    time.Time // of those
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

// prospect is whether a request may be sent now and, if not, what has to come first.
type prospect struct {
	now    bool
	at     time.Time  // when to look again; zero: when an answer comes
	limits bool       // it is the limits that allow nothing until then
	window WindowName // of limits: which one, where that is known
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

// roll starts a window anew if its reset has passed.
func (p *pacer) roll(w *window, now time.Time) {
	if w.roll(now, p.latest) {
		p.probe()
	}
}

// probe lets one request at a time find out what remains.
func (p *pacer) probe() { p.probing, p.probeAfter = true, p.latest }

func (p *pacer) reserveOf(w *window) int {
	if w != &p.hourly {
		return 0
	}
	return w.limit * p.reserve / 100
}

// endBlock closes a time in which the limits allowed nothing, and says whether there was one.
func (p *pacer) endBlock(now time.Time) bool {
	if p.blockedSince.IsZero() {
		return false
	}
	p.stats.WaitedSeconds += now.Sub(p.blockedSince).Seconds()
	p.blockedSince, p.wait = time.Time{}, Wait{}
	return true
}

// pacing returns what the limits cost so far.
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

// WindowName says which of the two rate limit windows is meant; empty: not known which, or neither of them, as where
// the platform itself asks to wait.
type WindowName string

// The windows of Procore's rate limit.
const (
	WindowHourly WindowName = "hourly"
	WindowShort  WindowName = "ten seconds"
)

// Wait is a time in which requests are ready to go and the rate limit, or a platform under load, lets none through.
// The zero Wait says that they go again.
type Wait struct {
	Since  time.Time
	Until  time.Time // when the next request goes, as far as is known
	Window WindowName
}

// Over reports whether the wait has ended.
func (w Wait) Over() bool { return w.Until.IsZero() }

// waitObserver tells somebody of waits. What is told is always how things are now: where two changes come at once, the
// first may be left out.
type waitObserver struct {
	hear func(Wait)
	mu   sync.Mutex // held while hear is called
	told Wait
}

// tell tells the observer what has changed. It is called without the pacer's lock, so that the observer may ask the
// client for its pacing.
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

// block notes that the limits let nothing through until coming.
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
