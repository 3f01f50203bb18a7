package procore

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
)

// outcomes are all ways in which one request can go wrong.
var outcomes = map[string]struct {
	answer                  http.HandlerFunc
	retryable, maybeApplied bool
}{
	"400":          {status(400, `{"errors":"no"}`), false, false},
	"403":          {status(403, `{"errors":["no"]}`), false, false},
	"404":          {status(404, `{"message":"no"}`), false, true},
	"408":          {status(408, `{}`), true, true},
	"405":          {status(405, `{}`), false, false},
	"409":          {status(409, `{}`), false, true},
	"410":          {status(410, `{}`), false, false},
	"413":          {status(413, `{}`), false, false},
	"422":          {status(422, `{"error":{"code":"X","message":"no"}}`), false, false},
	"429":          {status(429, `{}`), true, false},
	"499":          {status(499, `{}`), false, true},
	"500":          {status(500, `{}`), true, true},
	"501":          {status(501, `{}`), false, true},
	"502":          {status(502, "<html>"), true, true},
	"503":          {status(503, ""), true, true},
	"504":          {status(504, ""), true, true},
	"reset":        {gone(&net.OpError{Op: "read", Err: syscall.ECONNRESET}), true, true},
	"EOF":          {gone(io.EOF), true, true},
	"refused":      {gone(&net.OpError{Op: "dial", Err: os.NewSyscallError("connect", syscall.ECONNREFUSED)}), true, false},
	"unknown host": {gone(&net.DNSError{Err: "no such host", Name: "api.procore.test", IsNotFound: true}), true, false},
	"timeout":      {takes(time.Hour, status(200, `{}`)), true, true},
	"HTML":         {header(200, "<html>sign in</html>", "X-Other", "1"), true, true},
	"other type": {func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		_, _ = io.WriteString(w, `{"data":{}}`)
	}, true, true},
	"cut off":        {status(200, `{"data":{"id":"812","responsible_gro`), true, true},
	"empty":          {status(200, ``), true, true},
	"wrong shape":    {status(200, `{"data":[]}`), false, true},
	"no data":        {status(200, `{}`), false, true},
	"not modified":   {status(304, ``), false, true},
	"many choices":   {status(300, ``), false, true},
	"two documents":  {status(200, `{"data":{}}{"data":{}}`), true, true},
	"a strange body": {status(500, "\x00\x1b[31m\xff"), true, true},
}

func TestAReadIsSentAgainOnlyWhereThatCanHelp(t *testing.T) {
	for name, outcome := range outcomes {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := newFake(t)
				f.inTurn(endpointProjectPreset, outcome.answer, status(200, presetBody))
				_, err := f.client().Preset(t.Context(), PresetRef{"24", "812"})
				if n := len(f.seen(endpointProjectPreset)); (n == 2) != outcome.retryable || (err == nil) != outcome.retryable {
					t.Errorf("sent %d times, error %v", n, err)
				}
			})
		})
	}
}

func TestAWriteIsSentOnceAndItsErrorSaysWhetherItMayHaveBeenApplied(t *testing.T) {
	for name, outcome := range outcomes {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := newFake(t)
				f.on(endpointProjectAssignees, outcome.answer)
				_, err := f.client().UpdateAssignees(t.Context(), PresetRef{"24", "812"}, []GroupWrite{{UUID: "aaaaaaaa-0000-4000-8000-000000000001"}})
				if n := len(f.seen(endpointProjectAssignees)); n != 1 {
					t.Errorf("sent %d times", n)
				}
				if err == nil && name == "no data" {
					return
				}
				if err == nil || Retryable(err) != outcome.retryable || MaybeApplied(err) != outcome.maybeApplied {
					t.Errorf("retryable %v, maybe applied %v, error %v", Retryable(err), MaybeApplied(err), err)
				}
			})
		})
	}
}

func TestAReadsErrorNeverSaysThatAnythingWasApplied(t *testing.T) {
	for name, outcome := range outcomes {
		synctest.Test(t, func(t *testing.T) {
			f := newFake(t)
			f.on(endpointProjectPreset, outcome.answer)
			_, err := f.client().Preset(t.Context(), PresetRef{"24", "812"})
			if err == nil || MaybeApplied(err) {
				t.Errorf("%s: error %v", name, err)
			}
			n := len(f.seen(endpointProjectPreset))
			if want := map[bool]int{true: defaultMaxAttempts, false: 1}[outcome.retryable]; n != want {
				t.Errorf("%s: sent %d times, want %d", name, n, want)
			}
		})
	}
}

func TestAWriteThatWasUnderWayWhenTheRunWasCancelledMayHaveBeenApplied(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(t)
		f.on(endpointProjectAssignees, takes(10*time.Second, status(200, `{"data":{}}`)))
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, cancel)
		_, err := f.client().UpdateAssignees(ctx, PresetRef{"24", "812"}, []GroupWrite{{UUID: "aaaaaaaa-0000-4000-8000-000000000001"}})
		if !errors.Is(err, context.Canceled) || !MaybeApplied(err) || Retryable(err) {
			t.Errorf("retryable %v, maybe applied %v, error %v", Retryable(err), MaybeApplied(err), err)
		}
		_, err = f.client().UpdateAssignees(ctx, PresetRef{"24", "812"}, []GroupWrite{{UUID: "aaaaaaaa-0000-4000-8000-000000000001"}})
		if !errors.Is(err, context.Canceled) || MaybeApplied(err) || Retryable(err) {
			t.Errorf("before it was sent: retryable %v, maybe applied %v, error %v", Retryable(err), MaybeApplied(err), err)
		}
	})
}

func TestTheTimeoutIsForOneRequestWithItsBody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(t)
		f.inTurn(endpointProjectPreset, takes(31*time.Second, status(200, presetBody)), takes(29*time.Second, status(200, presetBody)))
		start := time.Now()
		if _, err := f.client().Preset(t.Context(), PresetRef{"24", "812"}); err != nil {
			t.Fatal(err)
		}
		if took := time.Since(start); took < 59*time.Second || took > 60*time.Second {
			t.Errorf("took %v", took)
		}
	})
}

func TestPauseGrowsDoublesAndIsRandomAsAWhole(t *testing.T) {
	f := newFake(t)
	for _, part := range []float64{0, 0.25, 1} {
		c := f.client(func(cfg *Config) { cfg.Jitter = func() float64 { return part } })
		for failures, ceiling := range map[int]time.Duration{1: 500 * time.Millisecond, 2: time.Second, 3: 2 * time.Second, 6: 16 * time.Second, 7: 30 * time.Second, 100: 30 * time.Second} {
			if got, want := c.backoff(failures), time.Duration(part*float64(ceiling)); got != want {
				t.Errorf("after %d failures, random part %v: %v, want %v", failures, part, got, want)
			}
		}
	}
}

func TestPauseWaitsForAsLongAsTheAnswerAsks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newFake(t).client()
		start := time.Now()
		if err := c.Pause(t.Context(), 2, &APIError{Status: 503, RetryAfter: 40 * time.Second}); err != nil {
			t.Fatal(err)
		}
		if waited := time.Since(start); waited < 40*time.Second || waited > 41*time.Second {
			t.Errorf("waited %v", waited)
		}
	})
}

func TestPauseSaysAtOnceWhereTheWaitWouldPassTheDeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newFake(t).client()
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		start := time.Now()
		err := c.Pause(ctx, 2, &APIError{Status: 503, RetryAfter: 2 * time.Minute})
		var budget *BudgetError
		if !errors.As(err, &budget) || budget.Until.Before(start.Add(2*time.Minute)) || time.Since(start) != 0 {
			t.Errorf("after %v: %v", time.Since(start), err)
		}
	})
}

func TestPauseEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newFake(t).client()
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Millisecond, cancel)
		if err := c.Pause(ctx, 9, errors.New("reset")); !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	})
}

func TestAReadThatWouldWaitPastItsDeadlineSaysUntilWhenAndIsNotTriedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(t)
		f.on(endpointProjectPreset, header(503, "", "Retry-After", "600"))
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		start := time.Now()
		_, err := f.client().Preset(ctx, PresetRef{"24", "812"})
		var budget *BudgetError
		if !errors.As(err, &budget) || Retryable(err) || time.Since(start) != 0 {
			t.Errorf("after %v: %v", time.Since(start), err)
		}
	})
}

func TestRetryAfterIsReadInSecondsAndAsADateByTheServersClock(t *testing.T) {
	const date = "Tue, 24 Nov 2026 10:00:00 GMT"
	for value, want := range map[string]time.Duration{
		"":                              0,
		"0":                             0,
		"-5":                            0,
		"NaN":                           0,
		"soon":                          0,
		"7":                             7 * time.Second,
		" 7 ":                           7 * time.Second,
		"1.5":                           1500 * time.Millisecond,
		"1e300":                         time.Hour,
		"Inf":                           time.Hour,
		"Tue, 24 Nov 2026 10:00:30 GMT": 30 * time.Second,
		"Tue, 24 Nov 2026 09:00:00 GMT": 0,
		"Tue, 24 Nov 2099 10:00:30 GMT": time.Hour,
	} {
		h := http.Header{"Date": {date}, "Retry-After": {value}}
		if got := retryAfter(h); got != want {
			t.Errorf("%q: %v, want %v", value, got, want)
		}
	}
}

func TestAnErrorNamesWhatWasAskedAndTheRequestID(t *testing.T) {
	f := newFake(t)
	f.on(endpointProjectPreset, status(403, `{"errors":["App is not connected to this company."]}`))
	_, err := f.client().Preset(t.Context(), PresetRef{"24", "812"})
	const want = "GET /eu/tenant/rest/v2.0/companies/" + company + "/projects/24/workflows/presets/812: 403 Forbidden: App is not connected to this company. (request id req-1)"
	if err == nil || err.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
	var api *APIError
	if !errors.As(err, &api) || api.Project != "24" || WrongCompany(err) {
		t.Errorf("%+v", api)
	}
}

func TestA403Or404ToAQuestionAboutTheWholeCompanyMeansTheWrongCompany(t *testing.T) {
	for _, code := range []int{403, 404} {
		f := newFake(t)
		f.on(endpointTools, status(code, `{}`))
		f.on(endpointProjects, status(code, `{}`))
		c := f.client()
		_, err1 := c.Tools(t.Context())
		_, err2 := collect(c.Projects(t.Context()))
		if !WrongCompany(err1) || !WrongCompany(err2) {
			t.Errorf("%d: %v, %v", code, err1, err2)
		}
	}
}

func TestAHostThatCannotBeReachedIsToldAsSuch(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := "http://" + listener.Addr().String()
	listener.Close()
	c, err := New(Config{Company: "1", APIURL: address, LoginURL: address, ClientID: "a", ClientSecret: "b", MaxAttempts: 2, Jitter: func() float64 { return 0 }})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	_, err = c.Tools(t.Context())
	if !Unreachable(err) || !Retryable(err) || !strings.Contains(err.Error(), "cannot reach "+listener.Addr().String()) {
		t.Errorf("error %v", err)
	}
}

func TestABodyThatIsTooLargeIsNotReadToItsEndNorAskedForAgain(t *testing.T) {
	f := newFake(t)
	f.always(endpointProjectPreset, presetBody+strings.Repeat(" ", 2000))
	c := f.client()
	c.maxBody = 2000
	_, err := c.Preset(t.Context(), PresetRef{"24", "812"})
	if err == nil || !strings.Contains(err.Error(), "larger than 2000 bytes") || Retryable(err) {
		t.Errorf("error %v", err)
	}
	c.maxBody = 4000
	if _, err := c.Preset(t.Context(), PresetRef{"24", "812"}); err != nil {
		t.Error(err)
	}
}
