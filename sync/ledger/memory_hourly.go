package ledger

import "time"

const hourlyFile = "hourly.json"

// hourlyKept is how long the hour's limit is believed: not for ever, for a run that believes in a limit that has been
// raised since never uses enough to be told.
const hourlyKept = 7 * 24 * time.Hour

type hourlyLimit struct {
	Limit     int       `json:"limit"`
	LearnedAt time.Time `json:"learned_at"`
}

// Hourly gives the limit of calls in an hour that a run learned in the last week; zero where none did.
func (m *Memory) Hourly(now time.Time) int {
	var h hourlyLimit
	if !m.read(hourlyFile, &h) || h.LearnedAt.After(now) || now.Sub(h.LearnedAt) >= hourlyKept {
		return 0
	}
	return max(0, h.Limit)
}

// KeepHourly stores the limit that a run learned or has believed; the latter is not learned anew. Zero is nothing to
// store.
func (m *Memory) KeepHourly(limit int, now time.Time) error {
	if limit == 0 || limit == m.Hourly(now) {
		return nil
	}
	return m.write(hourlyFile, hourlyLimit{limit, now})
}
