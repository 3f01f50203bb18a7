package job_test

import (
	"testing"
	"testing/synctest"
)

// The targets of a week of nights with SYNC_READ_DAYS=7, in one preset of a hundred of which HR changes something each
// night: calls for each preset on average, how much more the longest night may take than the average, and how much longer
// than the limits ask, in percent.
const (
	mostCallsOfPreset = 0.23
	mostUneven        = 1.3
	mostExtraTime     = 3
)

func TestAWeekOfNightsReadsAFifthAndNoNightFarMoreThanAnother(t *testing.T) {
	w := &week{company: newQuietCompany(t, nightPresets), hourly: nightHourly, days: 7, dir: t.TempDir()}
	var of weekOf
	synctest.Test(t, func(t *testing.T) { of = w.pass(t) })
	t.Log(of)
	if most := mostCallsOfPreset * nightPresets; of.average() > most {
		t.Errorf("%.0f calls a night on average, more than %.0f", of.average(), most)
	}
	if most := of.most(); float64(most.calls) > mostUneven*of.average() {
		t.Errorf("one night takes %d calls, and the average one %.0f", most.calls, of.average())
	}
	for _, n := range append(of.nights, of.first) {
		if n.extraTime() > mostExtraTime {
			t.Errorf("slower than the limits ask: %v", n)
		}
	}
	if of.throttled() > 0 {
		t.Errorf("%d calls were refused for the limit", of.throttled())
	}
}
