package procore_test

import (
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/procore/sandbox"
)

// A night of reads under limits like Procore's, in virtual time.
func TestANightOfReadsTakesNoLongerThanTheLimitsAllowAndIsNeverThrottled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sample := sandbox.NewSample(sandbox.SampleOptions{Seed: 1, Projects: 40})
		server := sandbox.New(sample.Company, sandbox.Options{Hourly: 1200, TenSecond: 25, Latency: 120 * time.Millisecond})
		c, err := procore.New(procore.Config{
			Company: sample.Company.ID, APIURL: "https://api.sandbox.test", LoginURL: "https://login.sandbox.test",
			ClientID: sandbox.DefaultClientID, ClientSecret: sandbox.DefaultClientSecret,
			ReservePercent: 10, Transport: server.Transport(),
		})
		if err != nil {
			t.Fatal(err)
		}
		presets := server.Snapshot()
		start := time.Now()
		work := make(chan procore.PresetRef)
		var all sync.WaitGroup
		for range 16 {
			all.Go(func() {
				for ref := range work {
					if _, err := c.Preset(t.Context(), ref); err != nil {
						t.Error(err)
					}
				}
			})
		}
		const reads = 2500
		for i := range reads {
			p := presets[i%len(presets)]
			work <- p.PresetRef
		}
		close(work)
		all.Wait()
		stats := c.Pacing()
		// Some 1,175 in the first hour, of which no answer speaks until it is nearly used up; 1,080 in the second; the
		// rest in ten windows of ten seconds.
		const ideal = 2*time.Hour + 90*time.Second
		if took := time.Since(start); stats.Throttled > 0 || took > ideal+ideal*3/100 {
			t.Errorf("took %v of %v, %+v", took, ideal, stats)
		}
	})
}
