package procore

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"
)

func half() float64 { return 0.5 }

func TestTimeIsWithinThreePercentOfWhatTheLimitsAllowAndNothingIsThrottled(t *testing.T) {
	for _, test := range []struct {
		name          string
		hourly, short int
		requests      int
		latency       time.Duration
		skew          time.Duration
		noDate        bool
		byEnd         bool // headers speak of the window that ends first
		throttled     int  // at most, where no answer speaks of the hour before it is used up
		ideal         time.Duration
	}{
		{"ten seconds alone", 0, 25, 1000, 120 * time.Millisecond, 0, false, false, 0, 390 * time.Second},
		{"an hour alone", 600, 0, 1500, 120 * time.Millisecond, 0, false, false, 0, 2 * time.Hour},
		{"both", 3600, 25, 8000, 120 * time.Millisecond, 0, false, false, 0, 2*time.Hour + 310*time.Second},
		{"both, the one that ends first is told", 3600, 25, 8000, 120 * time.Millisecond, 0, false, true, 45, 2*time.Hour + 310*time.Second},
		{"slow answers", 0, 25, 500, 700 * time.Millisecond, 0, false, false, 0, 190 * time.Second},
		{"a server 90.7 s ahead", 0, 25, 1000, 120 * time.Millisecond, 90*time.Second + 700*time.Millisecond, false, false, 0, 390 * time.Second},
		{"a server 90.3 s behind", 0, 25, 1000, 120 * time.Millisecond, -90*time.Second - 300*time.Millisecond, false, false, 0, 390 * time.Second},
		{"a server an hour ahead, both", 3600, 25, 4000, 120 * time.Millisecond, time.Hour + 500*time.Millisecond, false, false, 0, time.Hour + 150*time.Second},
		{"no Date", 0, 25, 1000, 120 * time.Millisecond, 0, true, false, 0, 390 * time.Second},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newLimitServer(test.hourly, test.short)
				s.skew, s.noDate = test.skew, test.noDate
				if test.byEnd {
					s.reports = func(hourly, short simWindow, _ time.Time) int {
						if hourly.end().Before(short.end()) {
							return 0
						}
						return 1
					}
				}
				p := newPacer(8, 0, seeded(1))
				took := s.run(t, p, test.requests, 20, always(test.latency))
				if len(s.refused) > test.throttled {
					t.Errorf("%d requests were throttled, at %v", len(s.refused), s.refused)
				}
				if most := test.ideal + test.ideal*3/100 + 10*test.latency; took > most {
					t.Errorf("took %v, the limits allow it in %v", took, test.ideal)
				}
				if got := p.pacing().Requests; got != test.requests+len(s.refused) {
					t.Errorf("counted %d requests", got)
				}
			})
		})
	}
}

// Each case shows in which second how many requests arrive at a server whose limits do something unexpected.
func TestRequestTimesUnderALimitThat(t *testing.T) {
	tenSeconds := func(s *limitServer) *simWindow { return &s.windows[1] }
	for _, test := range []struct {
		name     string
		requests int
		server   func(*limitServer)
		want     string
		refused  int
	}{
		{
			name: "stays", requests: 100,
			server: func(*limitServer) {},
			want:   "0s:25 10s:25 20s:25 30s:25",
		},
		{
			name: "shrinks between windows", requests: 80,
			server: func(s *limitServer) {
				s.change = func(s *limitServer, since time.Duration) {
					if since >= 15*time.Second {
						tenSeconds(s).limit = 10
					}
				}
			},
			want: "0s:25 10s:25 20s:10 30s:10 40s:10",
		},
		{
			name: "shrinks within a window", requests: 60,
			server: func(s *limitServer) {
				s.change = func(s *limitServer, since time.Duration) {
					if since >= 10*time.Second+150*time.Millisecond {
						tenSeconds(s).limit = 12
					}
				}
			},
			want: "0s:25 10s:12 20s:12 30s:11",
		},
		{
			name: "grows within a window", requests: 150,
			server: func(s *limitServer) {
				s.change = func(s *limitServer, since time.Duration) {
					if since >= 10*time.Second+150*time.Millisecond {
						tenSeconds(s).limit = 60
					}
				}
			},
			want: "0s:25 10s:57 11s:3 20s:57 21s:3 30s:5",
		},
		{
			name: "resets early", requests: 75,
			server: func(s *limitServer) {
				early := false
				s.change = func(s *limitServer, since time.Duration) {
					if w := tenSeconds(s); w.used == 20 && !early {
						early = true
						w.start, w.used = time.Now().Truncate(time.Second).Add(2*time.Second), 0
					}
				}
			},
			want: "0s:45 12s:25 22s:5",
		},
		{
			name: "lies: nothing remains and the reset is past", requests: 12,
			server: func(s *limitServer) {
				tenSeconds(s).limit = 1000
				s.lie = func(_ simWindow, now time.Time) (int, int64) { return 0, now.Unix() - 100 }
			},
			want: "0s:1 1s:1 3s:1 7s:1 15s:1 25s:1 35s:1 46s:1 56s:1 66s:1 76s:1 86s:1",
		},
		{
			name: "lies once", requests: 60,
			server: func(s *limitServer) {
				lied := false
				s.lie = func(w simWindow, now time.Time) (int, int64) {
					if w.used == 15 && !lied {
						lied = true
						return 0, 0
					}
					return w.left(), w.end().Unix()
				}
			},
			want: "0s:25 10s:25 20s:10",
		},
		{
			name: "lies: all remains, for ever", requests: 40,
			server: func(s *limitServer) {
				s.lie = func(w simWindow, now time.Time) (int, int64) { return w.limit, now.Unix() + 10 }
			},
			want:    "0s:33 10s:15",
			refused: 8,
		},
		{
			name: "is told in milliseconds", requests: 60,
			server: func(s *limitServer) {
				s.lie = func(w simWindow, _ time.Time) (int, int64) { return w.left(), w.end().UnixMilli() }
			},
			want:    "0s:25 1s:1 3s:1 7s:1 15s:1 16s:24 17s:1 19s:1 23s:1 31s:1 32s:9",
			refused: 6,
		},
		{
			name: "is never told, and is overstepped", requests: 60,
			server:  func(s *limitServer) { s.silent = true },
			want:    "0s:33 1s:1 2s:1 5s:1 9s:1 17s:1 18s:32 19s:1 20s:1 23s:1 27s:10",
			refused: 23,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newLimitServer(0, 25)
				test.server(s)
				took := s.run(t, newPacer(8, 0, half), test.requests, 20, always(100*time.Millisecond))
				if got := s.timeline(); got != test.want || len(s.refused) != test.refused {
					t.Errorf("in %v, %d throttled at %v\ngot  %s\nwant %s", took, len(s.refused), s.refused, got, test.want)
				}
			})
		})
	}
}

func TestNoMoreRequestsAreInFlightThanRemainAndThanTheConcurrency(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		hourly := rapid.IntRange(0, 200).Draw(rt, "hourly")
		short := rapid.IntRange(0, 30).Draw(rt, "short")
		concurrency := rapid.IntRange(1, 12).Draw(rt, "concurrency")
		slowest := rapid.IntRange(1, 3000).Draw(rt, "latency in ms")
		skew := rapid.IntRange(-5000, 5000).Draw(rt, "skew in ms")
		seed := rapid.Uint64().Draw(rt, "seed")
		requests := rapid.IntRange(1, 120).Draw(rt, "requests")
		if hourly > 0 && hourly < 20 {
			hourly = 20
		}
		synctest.Test(t, func(t *testing.T) {
			random := seeded(seed)
			s := newLimitServer(hourly, short)
			s.skew = time.Duration(skew) * time.Millisecond
			p := newPacer(concurrency, 0, random)
			s.change = func(*limitServer, time.Duration) {
				p.mu.Lock()
				defer p.mu.Unlock()
				if p.inFlight > concurrency {
					rt.Errorf("%d requests in flight of %d", p.inFlight, concurrency)
				}
			}
			s.run(t, p, requests, 16, func() time.Duration { return time.Duration(random() * float64(slowest) * float64(time.Millisecond)) })
			if len(s.refused) > 0 {
				rt.Errorf("throttled at %v; %s", s.refused, s.timeline())
			}
		})
	})
}

func TestTurnsAreGivenInTheOrderOfAsking(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newLimitServer(0, 5)
		p := newPacer(3, 0, seeded(3))
		turns := make([]uint64, 40)
		var all sync.WaitGroup
		for i := range turns {
			all.Go(func() {
				turn, err := p.acquire(t.Context())
				if err != nil {
					t.Error(err)
					return
				}
				turns[i] = turn.seq
				sent := time.Now()
				time.Sleep(50 * time.Millisecond)
				status, header := s.answer()
				p.release(turn, observation{sent: sent, received: time.Now(), status: status, header: header})
			})
			synctest.Wait()
		}
		all.Wait()
		if turns[0] != 1 || !slices.IsSorted(turns) {
			t.Errorf("got %v", turns)
		}
	})
}

func TestAfterA429EveryoneWaits(t *testing.T) {
	for name, test := range map[string]struct {
		header func() http.Header
		least  time.Duration
		most   time.Duration
	}{
		"as many seconds as it says": {func() http.Header { return http.Header{"Retry-After": {"7"}} }, 7 * time.Second, 7200 * time.Millisecond},
		"until the date that it says, by the server's clock": {func() http.Header {
			now := time.Now().Add(-time.Hour).UTC()
			return http.Header{"Date": {now.Format(http.TimeFormat)}, "Retry-After": {now.Add(20 * time.Second).Format(http.TimeFormat)}}
		}, 19 * time.Second, 21 * time.Second},
		"until the reset, whatever remains": {func() http.Header {
			return http.Header{"X-Rate-Limit-Limit": {"25"}, "X-Rate-Limit-Remaining": {"9"}, "X-Rate-Limit-Reset": {fmt.Sprint(time.Now().Unix() + 9)}}
		}, 8 * time.Second, 9200 * time.Millisecond},
		"a little where it says nothing": {func() http.Header { return nil }, 250 * time.Millisecond, 2 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p := newPacer(8, 0, seeded(5))
				first, _ := p.acquire(t.Context())
				start := time.Now()
				var mu sync.Mutex
				var starts []time.Duration
				for range 20 {
					go func() {
						turn, err := p.acquire(t.Context())
						if err != nil {
							t.Error(err)
							return
						}
						mu.Lock()
						starts = append(starts, time.Since(start))
						mu.Unlock()
						time.Sleep(30 * time.Millisecond)
						p.release(turn, observation{sent: time.Now(), received: time.Now(), status: 200})
					}()
				}
				synctest.Wait()
				p.release(first, observation{sent: start, received: start, status: 429, header: test.header()})
				time.Sleep(time.Minute)
				synctest.Wait()
				mu.Lock()
				defer mu.Unlock()
				if len(starts) != 20 || starts[0] < test.least || starts[0] > test.most {
					t.Errorf("started at %v", starts)
				}
				if len(starts) > 1 && starts[1] < starts[0]+30*time.Millisecond {
					t.Errorf("the second started before the first had passed: %v", starts)
				}
			})
		})
	}
}

func TestA503ThatAsksToWaitMakesEveryoneWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPacer(8, 0, half)
		first, _ := p.acquire(t.Context())
		p.release(first, observation{sent: time.Now(), received: time.Now(), status: 503, header: http.Header{"Retry-After": {"12"}}})
		start := time.Now()
		if _, err := p.acquire(t.Context()); err != nil || time.Since(start) < 12*time.Second || time.Since(start) > 13*time.Second {
			t.Errorf("after %v: %v", time.Since(start), err)
		}
	})
}

func TestTheReserveOfTheHourIsLeftToOthers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newLimitServer(100, 0)
		p := newPacer(4, 10, half)
		s.run(t, p, 200, 8, always(100*time.Millisecond))
		inHour := make([]int, 4)
		for _, at := range s.arrived {
			inHour[int(at/time.Hour)]++
		}
		if inHour[0] != 90 || inHour[1] != 90 || inHour[2] != 20 {
			t.Errorf("requests by the hour %v, want 90, 90, 20", inHour)
		}
		b := p.hourlyBudget()
		if b.Limit != 100 || b.Remaining != 80 || b.Reserve != 10 || b.Free() != 70 {
			t.Errorf("budget %+v, free %d", b, b.Free())
		}
	})
}

func TestTheHourIsCountedWhileAnswersSpeakOfTheTenSecondsAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newLimitServer(1000, 25)
		hours := 0
		s.reports = func(hourly, short simWindow, _ time.Time) int {
			if hourly.used == 1 && hours == 0 { // once, so that its limit is known
				hours++
				return 0
			}
			return 1
		}
		s.run(t, newPacer(8, 10, half), 2000, 16, always(100*time.Millisecond))
		inHour := make([]int, 3)
		for _, at := range s.arrived {
			inHour[int((at+time.Second)/time.Hour)]++
		}
		if inHour[0] != 900 || inHour[1] != 900 || inHour[2] != 200 || len(s.refused) > 0 {
			t.Errorf("requests by the hour %v, want 900, 900, 200; throttled at %v", inHour, s.refused)
		}
	})
}

func TestWhereResetsAreToldTooEarlyAFewAreMissedAndThenNoMore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newLimitServer(0, 25)
		s.exact = true
		time.Sleep(345 * time.Millisecond) // so that windows begin in the middle of a second
		took := s.run(t, newPacer(8, 0, seeded(9)), 1500, 16, always(100*time.Millisecond))
		if len(s.refused) > 6 {
			t.Errorf("%d were throttled, at %v", len(s.refused), s.refused)
		}
		if took > 590*time.Second*112/100 {
			t.Errorf("took %v", took)
		}
	})
}

func TestWhatOthersUseOfTheHourCounts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newLimitServer(100, 0)
		n := 0
		s.change = func(s *limitServer, _ time.Duration) {
			if n++; n == 11 {
				s.windows[0].used += 85
			}
		}
		s.run(t, newPacer(4, 0, half), 30, 8, always(100*time.Millisecond))
		if len(s.refused) > 3 {
			t.Errorf("throttled at %v", s.refused)
		}
		if got := s.timeline(); !strings.HasPrefix(got, "0s:") || len(s.arrived) > 33 {
			t.Errorf("requests %s", got)
		}
	})
}

func TestWhoCannotHaveATurnBeforeTheDeadlineIsToldAtOnceAndTheOthersWaitOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newLimitServer(2, 0)
		p := newPacer(8, 0, half)
		s.run(t, p, 2, 1, always(100*time.Millisecond))
		start := time.Now()
		patient := make(chan error)
		go func() {
			turn, err := p.acquire(t.Context())
			p.release(turn, observation{})
			patient <- err
		}()
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		_, err := p.acquire(ctx)
		var budget *BudgetError
		if !errors.As(err, &budget) || time.Since(start) != 0 || Retryable(err) || MaybeApplied(err) {
			t.Fatalf("after %v: %v", time.Since(start), err)
		}
		if wait := budget.Until.Sub(start); wait < 59*time.Minute || wait > time.Hour+2*time.Second {
			t.Errorf("until %v from now", wait)
		}
		if err := <-patient; err != nil || time.Since(start) < 59*time.Minute {
			t.Errorf("after %v: %v", time.Since(start), err)
		}
		if w := p.pacing().WaitedSeconds; w < 3500 || w > 3700 {
			t.Errorf("waited %v s", w)
		}
	})
}

func TestWhoGivesUpLeavesTheQueueAndNoTurnIsLost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPacer(1, 0, half)
		first, _ := p.acquire(t.Context())
		ctx, cancel := context.WithCancel(t.Context())
		gaveUp := make(chan error)
		go func() { _, err := p.acquire(ctx); gaveUp <- err }()
		synctest.Wait()
		next := make(chan error)
		go func() { _, err := p.acquire(t.Context()); next <- err }()
		synctest.Wait()
		cancel()
		if err := <-gaveUp; !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
		p.release(first, observation{})
		if err := <-next; err != nil {
			t.Error(err)
		}
		if _, err := p.acquire(ctx); !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	})
}

func TestWithoutLimitHeadersOnlyTheConcurrencyLimits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newLimitServer(0, 0)
		p := newPacer(8, 10, seeded(1))
		if took := s.run(t, p, 801, 30, always(100*time.Millisecond)); took > 10200*time.Millisecond {
			t.Errorf("took %v", took)
		}
		if b := p.hourlyBudget(); b.Known() || b.Free() != -1 {
			t.Errorf("budget %+v", b)
		}
	})
}

func TestTheServersClockIsKnownBetterWithEachAnswer(t *testing.T) {
	var c serverClock
	at := time.Unix(1_000_000, 0)
	const ahead = 3*time.Second + 400*time.Millisecond
	for i := range 50 {
		sent := at.Add(time.Duration(i) * 137 * time.Millisecond)
		received := sent.Add(40 * time.Millisecond)
		c.observe(sent, received, sent.Add(20*time.Millisecond).Add(ahead).Truncate(time.Second))
	}
	reset := at.Add(time.Minute)
	if late := c.ours(reset).Sub(reset.Add(-ahead)); late < 0 || late > 100*time.Millisecond {
		t.Errorf("a reset is thought %v late", late)
	}
	c.observe(at, at, at.Add(-time.Hour).Truncate(time.Second))
	if c.high > -time.Hour+time.Second {
		t.Error("a clock that was set back is not believed")
	}
}
