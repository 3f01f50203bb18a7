package sandbox

import (
	"net/http"
	"strconv"
	"sync"
	"time"
)

// limiter keeps the hourly and the ten-second window. Windows are fixed: one starts with the first call after the
// previous one ended, on a whole second, so that the reported reset is exact.
type limiter struct {
	mu      sync.Mutex
	windows [2]window
}

type window struct {
	length time.Duration
	limit  int // zero means none
	used   int
	start  time.Time
}

// budget is what one answer's headers say.
type budget struct {
	limit     int
	remaining int
	reset     time.Time
}

// unlimited is what headers say about the ten seconds if there are no limits: far more than anybody can request.
const unlimited = 1_000_000

func (l *limiter) set(hourly, tenSecond int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.windows[0].length, l.windows[0].limit = time.Hour, hourly
	l.windows[1].length, l.windows[1].limit = 10*time.Second, tenSecond
}

// take counts one call. It returns the window with fewer calls left, and whether the call may proceed; a call that may
// not is not counted.
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
	if allowed {
		for i := range l.windows {
			l.windows[i].used++
		}
	}
	return l.nearest(now), allowed
}

// look returns what headers say for a call that does not count.
func (l *limiter) look(now time.Time) budget {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.nearest(now)
}

// nearest returns the window with fewer calls left. The caller holds the lock.
func (l *limiter) nearest(now time.Time) budget {
	var nearest budget
	for _, w := range l.windows {
		if w.limit == 0 {
			continue
		}
		if !now.Before(w.start.Add(w.length)) {
			w.start, w.used = now.Truncate(time.Second), 0
		}
		b := budget{limit: w.limit, remaining: max(w.limit-w.used, 0), reset: w.start.Add(w.length)}
		if nearest.limit == 0 || b.remaining < nearest.remaining {
			nearest = b
		}
	}
	if nearest.limit == 0 {
		return budget{unlimited, unlimited, now.Truncate(time.Second).Add(10 * time.Second)}
	}
	return nearest
}

// tell writes a budget to an answer's headers.
func (b budget) tell(header http.Header) {
	header.Set("X-Rate-Limit-Limit", strconv.Itoa(b.limit))
	header.Set("X-Rate-Limit-Remaining", strconv.Itoa(b.remaining))
	header.Set("X-Rate-Limit-Reset", strconv.FormatInt(b.reset.Unix(), 10))
}
