package procore

import (
	"context"
	"testing"
	"testing/synctest"
	"time"
)

// heard keeps what an observer is told, and asks the pacer back each time, as an observer may.
type heard struct {
	pacer *pacer
	waits []Wait
}

func (h *heard) hear(w Wait) {
	_ = h.pacer.pacing()
	h.waits = append(h.waits, w)
}

func TestAnObserverIsToldWhenAWaitBeginsUntilWhenForWhichWindowAndWhenItIsOver(t *testing.T) {
	for name, test := range map[string]struct {
		hourly, short int
		window        WindowName
		least, most   time.Duration
	}{
		"the hour":        {5, 0, WindowHourly, 59 * time.Minute, time.Hour + 3*time.Second},
		"the ten seconds": {0, 5, WindowShort, 8 * time.Second, 12 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p := newPacer(2, 0, half)
				h := &heard{pacer: p}
				p.observer.hear = h.hear
				start := time.Now()
				newLimitServer(test.hourly, test.short).run(t, p, 8, 4, always(100*time.Millisecond))
				synctest.Wait()
				if len(h.waits) < 2 || !h.waits[len(h.waits)-1].Over() {
					t.Fatalf("told %+v", h.waits)
				}
				first := h.waits[0]
				if first.Window != test.window || first.Until.Sub(start) < test.least || first.Until.Sub(start) > test.most || first.Since.Before(start) {
					t.Errorf("told %+v, %v after the start", first, first.Until.Sub(start))
				}
			})
		})
	}
}

func TestAWaitThatThePlatformAsksForIsNoWindows(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(t)
		f.inTurn(endpointVersion, header(503, `{}`, "Retry-After", "30"), status(200, `{"data":{"id":"1"}}`))
		var waits []Wait
		c := f.client(func(cfg *Config) { cfg.OnWait = func(w Wait) { waits = append(waits, w) } })
		done := make(chan error)
		go func() { _, err := c.Version(t.Context(), "1"); done <- err }()
		time.Sleep(time.Second)
		start := time.Now()
		go func() { _, err := c.Version(t.Context(), "1"); done <- err }()
		if err1, err2 := <-done, <-done; err1 != nil || err2 != nil {
			t.Error(err1, err2)
		}
		synctest.Wait()
		if len(waits) < 2 || waits[0].Window != "" || waits[0].Until.Sub(start) < 25*time.Second || !waits[len(waits)-1].Over() {
			t.Errorf("told %+v", waits)
		}
	})
}

func TestAWaitIsOverWhenNobodyWaitsAnyMore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPacer(2, 0, half)
		h := &heard{pacer: p}
		p.observer.hear = h.hear
		p.holdUntil(time.Now().Add(time.Hour), nil)
		ctx, cancel := context.WithCancel(t.Context())
		gone := make(chan error)
		go func() { _, err := p.acquire(ctx); gone <- err }()
		synctest.Wait()
		cancel()
		<-gone
		synctest.Wait()
		if len(h.waits) != 2 || h.waits[0].Over() || !h.waits[1].Over() {
			t.Errorf("told %+v", h.waits)
		}
	})
}

func TestWhatIsInFlightEndsAWhileAfterItsContextAndWithItsOwnCancel(t *testing.T) {
	for name, c := range map[string]struct {
		end  func(context.Context) (context.Context, context.CancelFunc)
		ends time.Duration
	}{
		"told to stop": {func(ctx context.Context) (context.Context, context.CancelFunc) {
			ctx, cancel := context.WithCancel(ctx)
			time.AfterFunc(time.Minute, cancel)
			return ctx, cancel
		}, time.Minute + 30*time.Second},
		"out of time": {func(ctx context.Context) (context.Context, context.CancelFunc) {
			return context.WithTimeout(ctx, 10*time.Second)
		}, 40 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				began := time.Now()
				ctx, cancel := c.end(t.Context())
				defer cancel()
				landed, land := InFlight(ctx, 30*time.Second)
				land()
				if landed.Err() == nil {
					t.Error("it goes on after it was cancelled")
				}
				flight, land := InFlight(ctx, 30*time.Second)
				defer land()
				if _, bounded := ctx.Deadline(); bounded {
					if end, _ := flight.Deadline(); !end.Equal(began.Add(c.ends)) {
						t.Errorf("its deadline is %v after the beginning, want %v", end.Sub(began), c.ends)
					}
				}
				<-flight.Done()
				if took := time.Since(began); took != c.ends {
					t.Errorf("it ended after %v, want %v", took, c.ends)
				}
			})
		})
	}
}
