package procore

import (
	"sync"
	"time"
)

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
