package procore

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// limitServer is a server with two fixed windows, in virtual time. Its clock may differ from ours.
type limitServer struct {
	mu      sync.Mutex
	skew    time.Duration
	windows []simWindow
	reports func(hourly, short simWindow, now time.Time) int // which window the headers speak of; nil: the one with less left
	noDate  bool
	silent  bool                                          // no limit headers
	exact   bool                                          // windows begin in the middle of a second
	change  func(s *limitServer, since time.Duration)     // before each request
	lie     func(w simWindow, now time.Time) (int, int64) // Remaining and Reset in place of the true ones
	start   time.Time
	arrived []time.Duration // since start
	refused []time.Duration
}

type simWindow struct {
	length time.Duration
	limit  int // 0: none
	used   int
	start  time.Time
}

func (w simWindow) left() int      { return max(0, w.limit-w.used) }
func (w simWindow) end() time.Time { return w.start.Add(w.length) }

func newLimitServer(hourly, short int) *limitServer {
	s := &limitServer{start: time.Now()}
	s.windows = []simWindow{{length: time.Hour, limit: hourly}, {length: 10 * time.Second, limit: short}}
	return s
}

// answer counts one request. Windows begin with the first request after the last one's end.
func (s *limitServer) answer() (int, http.Header) {
	s.mu.Lock()
	defer s.mu.Unlock()
	since := time.Since(s.start)
	if s.change != nil {
		s.change(s, since)
	}
	now := time.Now().Add(s.skew)
	ok := true
	for i := range s.windows {
		w := &s.windows[i]
		if !now.Before(w.end()) {
			w.start, w.used = now, 0
			if !s.exact {
				w.start = now.Truncate(time.Second)
			}
		}
		ok = ok && (w.limit == 0 || w.used < w.limit)
	}
	s.arrived = append(s.arrived, since)
	status := http.StatusOK
	if !ok {
		status = http.StatusTooManyRequests
		s.refused = append(s.refused, since)
	}
	for i := range s.windows {
		if ok {
			s.windows[i].used++
		}
	}
	return status, s.headers(now)
}

func (s *limitServer) headers(now time.Time) http.Header {
	h := http.Header{}
	if !s.noDate {
		h.Set("Date", now.UTC().Format(http.TimeFormat))
	}
	hourly, short := s.windows[0], s.windows[1]
	if s.silent || hourly.limit == 0 && short.limit == 0 {
		return h
	}
	spoken := short
	switch {
	case short.limit == 0:
		spoken = hourly
	case hourly.limit == 0:
	case s.reports != nil:
		spoken = s.windows[s.reports(hourly, short, now)]
	case hourly.left() <= short.left():
		spoken = hourly
	}
	remaining, reset := spoken.left(), spoken.end().Unix()
	if s.lie != nil {
		remaining, reset = s.lie(spoken, now)
	}
	h.Set("X-Rate-Limit-Limit", strconv.Itoa(spoken.limit))
	h.Set("X-Rate-Limit-Remaining", strconv.Itoa(remaining))
	h.Set("X-Rate-Limit-Reset", strconv.FormatInt(reset, 10))
	return h
}

// run sends n requests through the pacer with as many workers as are given, each request taking latency, 429s sent
// again; it returns how long all of that took.
func (s *limitServer) run(t testing.TB, p *pacer, n, workers int, latency func() time.Duration) time.Duration {
	t.Helper()
	work := make(chan struct{}, n)
	for range n {
		work <- struct{}{}
	}
	close(work)
	var all sync.WaitGroup
	for range workers {
		all.Go(func() {
			for range work {
				for s.request(t, p, latency()) == http.StatusTooManyRequests {
				}
			}
		})
	}
	all.Wait()
	return time.Since(s.start)
}

func (s *limitServer) request(t testing.TB, p *pacer, latency time.Duration) int {
	turn, err := p.acquire(context.Background())
	if err != nil {
		t.Error(err)
		return 0
	}
	sent := time.Now()
	time.Sleep(latency / 2)
	status, header := s.answer()
	time.Sleep(latency - latency/2)
	p.release(turn, observation{sent: sent, received: time.Now(), status: status, header: header})
	return status
}

// timeline tells how many requests arrived in which second.
func (s *limitServer) timeline() string {
	counts := map[int]int{}
	for _, at := range s.arrived {
		counts[int(at/time.Second)]++
	}
	var seconds []int
	for second := range counts {
		seconds = append(seconds, second)
	}
	slices.Sort(seconds)
	var out []string
	for _, second := range seconds {
		out = append(out, fmt.Sprintf("%ds:%d", second, counts[second]))
	}
	return strings.Join(out, " ")
}

func always(d time.Duration) func() time.Duration { return func() time.Duration { return d } }

func seeded(seed uint64) func() float64 {
	var mu sync.Mutex
	r := rand.New(rand.NewPCG(seed, 7))
	return func() float64 {
		mu.Lock()
		defer mu.Unlock()
		return r.Float64()
	}
}
