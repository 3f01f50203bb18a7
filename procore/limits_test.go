package procore

import (
	"net/http"
	"testing"
	"time"
)

func TestLimitHeadersThatMakeNoSenseAreNone(t *testing.T) {
	for _, h := range []http.Header{
		{},
		{"X-Rate-Limit-Limit": {"25"}},
		{"X-Rate-Limit-Limit": {"many"}, "X-Rate-Limit-Remaining": {"3"}},
		{"X-Rate-Limit-Limit": {"0"}, "X-Rate-Limit-Remaining": {"0"}},
		{"X-Rate-Limit-Limit": {"99999999999999999999"}, "X-Rate-Limit-Remaining": {"0"}},
	} {
		if got, ok := parseLimitHeaders(h); ok {
			t.Errorf("%v: %+v", h, got)
		}
	}
	got, ok := parseLimitHeaders(http.Header{"X-Rate-Limit-Limit": {"25"}, "X-Rate-Limit-Remaining": {"-3"}, "X-Rate-Limit-Reset": {"1795000000"}})
	if !ok || got.limit != 25 || got.remaining != 0 || got.reset.Unix() != 1795000000 {
		t.Errorf("%v, %+v", ok, got)
	}
}

func FuzzRetryAfter(f *testing.F) {
	for _, seed := range []string{"", "7", "-1", "1e400", "NaN", "Tue, 24 Nov 2026 10:00:30 GMT", "Tuesday, 24-Nov-26 10:00:30 GMT", "0x1p-2"} {
		f.Add(seed)
	}
	now := time.Date(2026, 11, 24, 10, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, value string) {
		if got := parseRetryAfter(value, now); got < 0 || got > maxRetryAfter {
			t.Errorf("%q: %v", value, got)
		}
	})
}

// Whatever a server claims, the next request is neither sent at once for ever nor put off for more than an hour and a
// little.
func FuzzLimitHeaders(f *testing.F) {
	f.Add("25", "0", "1795000000", 200)
	f.Add("3600", "0", "99999999999999", 429)
	f.Add("1", "0", "0", 429)
	f.Add("25", "25", "-7", 503)
	f.Fuzz(func(t *testing.T, limit, remaining, reset string, status int) {
		p := newPacer(8, 10, half)
		h := http.Header{"X-Rate-Limit-Limit": {limit}, "X-Rate-Limit-Remaining": {remaining}, "X-Rate-Limit-Reset": {reset}}
		for range 5 {
			p.mu.Lock()
			p.latest++
			now := time.Now()
			p.learn(turn{seq: p.latest}, observation{sent: now, received: now, status: status, header: h})
			coming := p.next(now)
			p.mu.Unlock()
			if wait := coming.at.Sub(now); !coming.now && (coming.at.IsZero() || wait > hourlyPeriod+farReset+maxMargin+hourlySpread) {
				t.Fatalf("%s/%s/%s: not before %v", limit, remaining, reset, wait)
			}
		}
	})
}
