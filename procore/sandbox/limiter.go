package sandbox

import (
	"sync"
	"time"
)

// limiter keeps the hourly and the ten-second window. Windows are fixed: one starts with the first call after the last
// one ended, on a whole second, so that the reset that is told is the true one.
type limiter struct {
	mu      sync.Mutex
	windows [2]window
}

type window struct {
	length time.Duration
	limit  int // zero: none
	used   int
	start  time.Time
}

// budget is what one answer's headers say.
type budget struct {
	limited   bool // false: there are no limits, and no headers
	limit     int
	remaining int
	reset     time.Time
}

func (l *limiter) set(hourly, tenSecond int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.windows[0].length, l.windows[0].limit = time.Hour, hourly
	l.windows[1].length, l.windows[1].limit = 10*time.Second, tenSecond
}

// take counts one call. It gives the window that is nearer to its end of calls, and whether the call may go on; one that
// may not is not counted.
func (l *limiter) take(now time.Time) (budget, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	allowed := true
	for i := range l.windows {
		w := &l.windows[i]
		if !now.Before(w.start.Add(w.length)) {
			w.start, w.used = now.Truncate(time.Second), 0
		}
		allowed = allowed && (w.limit == 0 || w.used < w.limit)
	}
	var nearest budget
	for i := range l.windows {
		w := &l.windows[i]
		if allowed {
			w.used++
		}
		if w.limit == 0 {
			continue
		}
		b := budget{limited: true, limit: w.limit, remaining: max(w.limit-w.used, 0), reset: w.start.Add(w.length)}
		if !nearest.limited || b.remaining < nearest.remaining {
			nearest = b
		}
	}
	return nearest, allowed
}
