package procore

import "time"

// serverClock knows how far a server's clock is from ours. Each answer's Date, cut to the second, puts the difference
// between two bounds: the server wrote it after the request was sent and before the answer came. Many answers together
// bring the bounds close.
type serverClock struct {
	known     bool
	low, high time.Duration // server's time minus ours lies between them
}

// observe takes in one answer. Bounds that contradict those before mean that a clock was set: then only the new count.
func (c *serverClock) observe(sent, received, date time.Time) {
	low, high := date.Sub(received), date.Add(time.Second).Sub(sent)
	if !c.known || low > c.high || high < c.low {
		*c = serverClock{known: true, low: low, high: high}
		return
	}
	c.low, c.high = max(c.low, low), min(c.high, high)
}

// ours is the time on our clock at which, at the latest, the server's clock shows t.
func (c *serverClock) ours(t time.Time) time.Time {
	if !c.known {
		return t
	}
	return t.Add(-c.low)
}
