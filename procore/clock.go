package procore

import "time"

// serverClock estimates how far a server's clock is from ours. Each answer's Date, truncated to the second, bounds the
// difference, since the server wrote it after the request was sent and before the answer came. Many answers together
// bring the bounds close.
type serverClock struct {
	known     bool
	low, high time.Duration // the server's time minus ours lies between them
}

// observe takes in one answer. If its bounds contradict the earlier ones, a clock has been set, and only the new ones
// count.
func (c *serverClock) observe(sent, received, date time.Time) {
	low, high := date.Sub(received), date.Add(time.Second).Sub(sent)
	if !c.known || low > c.high || high < c.low {
		*c = serverClock{known: true, low: low, high: high}
		return
	}
	c.low, c.high = max(c.low, low), min(c.high, high)
}

// ours returns the time on our clock at which, at the latest, the server's clock shows t.
func (c *serverClock) ours(t time.Time) time.Time {
	if !c.known {
		return t
	}
	return t.Add(-c.low)
}
