package job_test

import (
	"testing"
	"testing/synctest"
)

// The targets of a night, in percent. The first night has to find out where presets are.
const (
	mostExtraTime  = 3
	mostExtraCalls = 5
)

func TestANightTakesNoMoreCallsThanItHasToAndNoMoreTimeThanTheLimitsAsk(t *testing.T) {
	company := newBigCompany(t, nightPresets)
	dir := t.TempDir()
	var first, second nightOf
	synctest.Test(t, func(t *testing.T) { first = company.night(t, company.procoreTonight(), dir, firstNight) })
	synctest.Test(t, func(t *testing.T) { second = company.night(t, company.procoreTonight(), dir, laterNight) })
	t.Logf("first:  %v", first)
	t.Logf("second: %v", second)
	for _, n := range []nightOf{first, second} {
		if n.extraTime() > mostExtraTime || n.throttled > 0 {
			t.Errorf("slower than the limits ask: %v", n)
		}
	}
	second.fewest += nightPresets * (laterNight - firstNight) / 7 // each list of presets is read again once in a week
	if second.extraCalls() > mostExtraCalls {
		t.Errorf("more calls than needed: %v", second)
	}
	// The first night learns the hour's limit when it has nearly used it up.
	if second.took < second.allowed {
		t.Errorf("what is reserved for others was used: %v", second)
	}
}
