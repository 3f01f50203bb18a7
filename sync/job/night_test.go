package job_test

import (
	"testing"
	"testing/synctest"

	"procore-assignee-sync/sync"
)

// The targets of a week of nights with SYNC_READ_DAYS=7, in one preset of a hundred of which HR changes something each
// night: calls for each preset on average, how much more the longest night may take than the average, and how much longer
// than the limits ask, in percent.
const (
	mostCallsOfPreset = 0.23
	mostUneven        = 1.3
	mostExtraTime     = 3
)

// mostForLooks is how many more calls a night may take for looking for running workflows, in percent, where one preset in
// five hundred has lost somebody to whom a workflow may still belong.
const mostForLooks = 5

// mostMistaken is how far the calls of a night that remembers the one before may be from those foretold, in percent.
const mostMistaken = 5

func TestLookingForWorkflowsOfLeaversCostsANightAtMostATwentiethMore(t *testing.T) {
	night := func(mode sync.RunningMode) (of nightOf) {
		w := &week{company: newQuietCompany(t, 1_000), hourly: nightHourly, days: 1, dir: t.TempDir(), running: mode}
		synctest.Test(t, func(t *testing.T) { of = w.passLeavers(t, 2) })
		return of
	}
	without, with := night(sync.RunningOff), night(sync.RunningReport)
	t.Logf("%d calls, and %d with looks (foretold: %d), which found %d waiting", without.calls, with.calls, with.foretold, with.waiting)
	if more := 100 * (float64(with.calls)/float64(without.calls) - 1); more > mostForLooks {
		t.Errorf("looking takes %.1f %% more calls, more than %d %%", more, mostForLooks)
	}
	if off := 100 * (float64(with.foretold)/float64(with.calls) - 1); off < -mostMistaken || off > mostMistaken || with.foretold <= without.foretold {
		t.Errorf("foretold were %d calls (%d without looks), and it took %d", with.foretold, without.foretold, with.calls)
	}
	if with.calls == without.calls || with.waiting == 0 {
		t.Error("nobody was looked for, or nothing waits: this proves nothing")
	}
}

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
