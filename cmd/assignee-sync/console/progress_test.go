package console

import (
	"bytes"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"procore-assignee-sync/procore"
)

func TestALogIsToldOfShortWaitsOnceAMinuteOnly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out bytes.Buffer
		p, end := newProgress(nil, slog.New(slog.NewJSONHandler(&out, nil)), nil)
		p.Phase("presets", 0, 1000)
		for i := range 60 { // ten minutes
			now := time.Now()
			p.Waits(procore.Wait{Since: now, Until: now.Add(9 * time.Second), Window: procore.WindowShort})
			time.Sleep(9 * time.Second)
			p.Waits(procore.Wait{})
			p.Phase("presets", 10*i, 1000)
			time.Sleep(time.Second)
		}
		synctest.Wait()
		end()
		lines := strings.Count(out.String(), "\n")
		// One when the phase begins, and in each minute one of the clock and one of a wait.
		if lines < 11 || lines > 22 {
			t.Errorf("%d lines in ten minutes: %s", lines, &out)
		}
	})
}

func TestALogIsToldOfTheFirstWaitOfEachPhase(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out bytes.Buffer
		p, end := newProgress(nil, slog.New(slog.NewJSONHandler(&out, nil)), nil)
		for _, phase := range []string{"presets", "possible assignees", "apply"} { // within a minute
			p.Phase(phase, 0, 10)
			for range 2 {
				p.Waits(procore.Wait{Since: time.Now(), Until: time.Now().Add(5 * time.Second), Window: procore.WindowShort})
				time.Sleep(5 * time.Second)
				p.Waits(procore.Wait{})
			}
			p.Phase(phase, 10, 10)
		}
		synctest.Wait()
		end()
		if waits := strings.Count(out.String(), "waits for"); waits != 3 {
			t.Errorf("%d waits are told of 3 phases: %s", waits, &out)
		}
	})
}

func TestProgressSaysWhenAPhaseEndsAndNothingBetweenPhases(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var shown []string
		p, end := newProgress(func(line string) { shown = append(shown, line) }, nil, time.FixedZone("", 2*60*60))
		p.Phase("snapshot", 0, 0)
		p.Phase("presets", 0, 4)
		time.Sleep(30500 * time.Millisecond) // between two ticks of the clock
		p.Phase("presets", 1, 4)
		time.Sleep(time.Millisecond) // too soon to be worth showing
		p.Phase("presets", 2, 4)
		p.Waits(procore.Wait{Since: time.Now(), Until: time.Now().Add(time.Hour), Window: procore.WindowHourly})
		time.Sleep(3 * time.Second)
		p.Waits(procore.Wait{})
		p.Phase("presets", 4, 4)
		time.Sleep(time.Hour)
		synctest.Wait()
		end()
		for _, want := range []string{
			"reading the company's projects, people and templates", "reading presets 0/4", "reading presets 1/4, ends at about 02:02",
			"reading presets 2/4, waits until 03:00 (60 min) for the hourly limit, ends at about 03:00",
		} {
			if !slices.Contains(shown, want) {
				t.Errorf("%q is not shown in %q", want, slices.Compact(shown))
			}
		}
		if last := shown[len(shown)-1]; last != "" {
			t.Errorf("after the last phase %q is shown", last)
		}
	})
}
