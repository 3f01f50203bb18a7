package job_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"procore-assignee-sync/procore/sandbox"
	"procore-assignee-sync/sync"
	"procore-assignee-sync/sync/job"
)

// nightOf is what a night came to.
type nightOf struct {
	calls     int // those that the limits count
	fewest    int
	throttled int
	waiting   int           // rows of running.csv
	foretold  int           // calls, before the first preset was read
	took      time.Duration // in virtual time
	allowed   time.Duration // what the limits ask for that many calls
}

// extraCalls is how many more calls than the fewest were made, in percent of them.
func (n nightOf) extraCalls() float64 { return 100 * (float64(n.calls)/float64(n.fewest) - 1) }

// extraTime is how much longer than the limits ask it took, in percent of that.
func (n nightOf) extraTime() float64 { return 100 * (n.took.Seconds()/n.allowed.Seconds() - 1) }

func (n nightOf) String() string {
	return fmt.Sprintf("%d calls (%+.2f %% of %d), %s (%+.2f %% of %s), %d refused", n.calls, n.extraCalls(), n.fewest,
		n.took.Round(time.Second), n.extraTime(), n.allowed.Round(time.Second), n.throttled)
}

// night lets the job run once, in a bubble of virtual time. What it remembers from the night before is in dir.
func (c *bigCompany) night(t *testing.T, server *sandbox.Server, dir string, date int) nightOf {
	t.Helper()
	untilNight(date)
	j, err := c.job(dir, server)
	if err != nil {
		t.Fatal(err)
	}
	start := time.Now()
	rec, err := j.Apply(context.Background(), job.ApplyRequest{})
	took := time.Since(start)
	if err != nil || rec.Summary.ExitCode != sync.ExitDone {
		t.Fatalf("%s, error %v", rec.Summary.Message, err)
	}
	if n := c.differing(server); n > 0 || rec.Summary.Results.PresetsWritten != c.changed {
		t.Fatalf("%d of %d presets were written, and %d differ from HR", rec.Summary.Results.PresetsWritten, c.changed, n)
	}
	n := nightOf{fewest: c.fewestCalls(), throttled: rec.Summary.Pacing.Throttled, took: took}
	n.calls = countedCalls(server)
	n.allowed = allowedTime(n.calls, nightHourly-nightHourly*nightReserve/100)
	return n
}

// The nights, as dates in a month in which everyone whom a sample hires has begun to work.
const (
	firstNight = 24
	laterNight = 27 // the largest company's first one takes more than a day
)

// untilNight moves a bubble's clock to a night.
func untilNight(date int) {
	time.Sleep(time.Until(time.Date(2026, time.November, date, 2, 0, 0, 0, time.UTC)))
}

// countedCalls is how many calls a server's limits have counted; a token comes from elsewhere.
func countedCalls(server *sandbox.Server) int {
	n := 0
	for operation, calls := range server.CallCounts() {
		if operation != "createToken" {
			n += calls
		}
	}
	return n
}

// allowedTime is the soonest that so many calls can be made, with perHour allowed in an hour and 25 in ten seconds.
func allowedTime(calls, perHour int) time.Duration {
	hours, rest := (calls-1)/perHour, (calls-1)%perHour
	return time.Duration(hours)*time.Hour + time.Duration(rest/nightTenSecond)*10*time.Second
}
