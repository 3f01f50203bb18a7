package procore

import (
	"context"
	"net/http"
	"time"
)

// turn is permission to send one request. It must be returned with release.
type turn struct {
	seq   uint64
	probe bool
}

// waiter is somebody who asked for a turn.
type waiter struct {
	ready    chan struct{} // closed when turn or err is set
	turn     turn
	err      error
	deadline time.Time // zero means none
}

// observation is what became of a request.
type observation struct {
	sent     time.Time // zero means that nothing was sent
	received time.Time
	status   int         // 0 means no answer
	header   http.Header // nil means no answer
}

// acquire waits for a turn. It returns a *BudgetError at once if none can come before the context's deadline.
func (p *pacer) acquire(ctx context.Context) (turn, error) {
	if ctx.Err() != nil {
		return turn{}, context.Cause(ctx)
	}
	w := &waiter{ready: make(chan struct{})}
	w.deadline, _ = ctx.Deadline()
	p.mu.Lock()
	place := p.queue.PushBack(w)
	p.pump()
	p.mu.Unlock()
	p.tell()
	select {
	case <-w.ready:
		return w.turn, w.err
	case <-ctx.Done():
	}
	defer p.tell()
	p.mu.Lock()
	defer p.mu.Unlock()
	select {
	case <-w.ready: // at the same moment
		if w.err == nil {
			p.giveBack(w.turn)
		}
	default:
		p.queue.Remove(place)
	}
	p.pump()
	return turn{}, context.Cause(ctx)
}

// release returns a turn, with what became of its request.
func (p *pacer) release(t turn, seen observation) {
	defer p.tell()
	p.mu.Lock()
	defer p.mu.Unlock()
	p.giveBack(t)
	if !seen.sent.IsZero() {
		p.stats.Requests++
		p.learn(t, seen)
	}
	if t.seq > p.probeAfter {
		p.probing = false
	}
	p.pump()
}

func (p *pacer) giveBack(t turn) {
	p.inFlight--
	if t.probe {
		p.probes--
	}
}

// pump gives turns to the first waiters in the queue as long as the limits allow, and sets the timer for the next one.
func (p *pacer) pump() {
	now := time.Now()
	for p.queue.Len() > 0 {
		coming := p.next(now)
		if coming.now {
			p.start(now)
			continue
		}
		if coming.limits {
			p.refuse(coming.at)
		}
		if p.queue.Len() == 0 {
			break
		}
		if coming.limits {
			p.block(coming, now)
		}
		p.wakeAt(coming.at, now)
		return
	}
	p.endBlock(now)
	p.wakeAt(time.Time{}, now)
}

// start gives the first waiter in the queue its turn.
func (p *pacer) start(now time.Time) {
	if p.endBlock(now) {
		p.spreadLeft = p.concurrency
	}
	if p.spreadLeft > 0 {
		p.spreadLeft--
		p.nextStart = now.Add(time.Duration(p.jitter() * float64(startGap)))
	}
	w, _ := p.queue.Remove(p.queue.Front()).(*waiter) // the queue holds nothing else
	p.latest++
	p.inFlight++
	w.turn = turn{seq: p.latest, probe: p.probing}
	if p.probing {
		p.probes++
	}
	close(w.ready)
}

// refuse turns away waiters whose deadline is before the limits allow anything.
func (p *pacer) refuse(until time.Time) {
	for e := p.queue.Front(); e != nil; {
		following := e.Next()
		if w, _ := e.Value.(*waiter); !w.deadline.IsZero() && w.deadline.Before(until) {
			p.queue.Remove(e)
			w.err = &BudgetError{Until: until}
			close(w.ready)
		}
		e = following
	}
}

// wakeAt sets the timer; a zero time stops it.
func (p *pacer) wakeAt(t, now time.Time) {
	if p.timer != nil {
		p.timer.Stop()
		p.timer = nil
	}
	if t.IsZero() {
		return
	}
	p.timer = time.AfterFunc(t.Sub(now), func() {
		defer p.tell()
		p.mu.Lock()
		defer p.mu.Unlock()
		p.pump()
	})
}
