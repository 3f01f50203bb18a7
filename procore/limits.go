package procore

import "time"

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
	WaitedSeconds float64 `json:"waited_seconds"` // time in which requests were ready to go and none was allowed to
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
