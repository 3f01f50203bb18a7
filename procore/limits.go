package procore

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Window is what was last learned of one rate limit window.
type Window struct {
	Limit     int       `json:"limit"`     // requests allowed in the window
	Remaining int       `json:"remaining"` // still allowed, what is in flight subtracted
	Reset     time.Time `json:"reset,omitzero"`
}

// Known says whether any answer has spoken of this window.
func (w Window) Known() bool { return w.Limit > 0 }

// PacingStats is what the rate limits cost a client so far.
type PacingStats struct {
	Requests      int     `json:"requests"`
	Throttled     int     `json:"throttled"`      // answered 429
	WaitedSeconds float64 `json:"waited_seconds"` // time in which a request was ready to go and the limits allowed none
	Hourly        Window  `json:"hourly,omitzero"`
	Short         Window  `json:"short,omitzero"` // the 10-second window
}

// Budget is what may still be sent in this hour.
type Budget struct {
	Window
	Reserve int // of Limit, left to others
}

// Free is how many requests may still be sent before the hour's reset; -1 where no limit is known.
func (b Budget) Free() int {
	if !b.Known() {
		return -1
	}
	return max(0, b.Remaining-b.Reserve)
}

// limitHeaders is what one answer says of one window.
//
// https://developers.procore.com/documentation/rate-limiting
type limitHeaders struct {
	limit, remaining int
	reset            time.Time // on the server's clock; zero where it does not say
}

// parseLimitHeaders reads X-Rate-Limit-*; false where they are missing or no numbers.
func parseLimitHeaders(h http.Header) (limitHeaders, bool) {
	limit, err1 := strconv.Atoi(strings.TrimSpace(h.Get("X-Rate-Limit-Limit")))
	remaining, err2 := strconv.Atoi(strings.TrimSpace(h.Get("X-Rate-Limit-Remaining")))
	if err1 != nil || err2 != nil || limit < 1 {
		return limitHeaders{}, false
	}
	seen := limitHeaders{limit: limit, remaining: min(max(remaining, 0), limit)}
	if reset, err := strconv.ParseInt(strings.TrimSpace(h.Get("X-Rate-Limit-Reset")), 10, 64); err == nil && reset > 0 {
		seen.reset = time.Unix(reset, 0)
	}
	return seen, true
}
