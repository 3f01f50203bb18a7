package procore

import "time"

// ExpectHourly tells the client what an earlier run learned of the hour's limit. Answers speak of the hour only once
// less remains of it than of the ten seconds: until one does, the limit is taken to be still so, and the hour to have
// begun now, so that the reserve is kept and the budget known from the first request on. Zero tells nothing.
func (c *Client) ExpectHourly(limit int) { c.pacer.expectHourly(limit) }

func (p *pacer) expectHourly(limit int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if w := &p.hourly; limit > 0 && !w.known() {
		// No reset is stated, so the first answer that states one counts.
		w.limit, w.remaining, w.reset = limit, limit, time.Now().Add(w.period)
	}
}
