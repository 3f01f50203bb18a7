package procore

import (
	"testing"
	"testing/synctest"
	"time"
)

func TestAnExpectedLimitOfTheHourKeepsTheReserveBeforeAnyAnswerSpeaksOfIt(t *testing.T) {
	for _, test := range []struct {
		name     string
		expected int
		inHour   [3]int
	}{
		{"unknown", 0, [3]int{976, 900, 624}}, // the first word comes when 24 remain, as of ten seconds
		{"as it is", 1000, [3]int{900, 900, 700}},
		{"lowered since", 4000, [3]int{976, 900, 624}},
		{"raised since", 500, [3]int{450, 450, 450}},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newLimitServer(1000, 25)
				p := newPacer(8, 10, half)
				p.expectHourly(test.expected)
				s.run(t, p, 2500, 20, always(100*time.Millisecond))
				var inHour [3]int
				for _, at := range s.arrived {
					if hour := int(at / time.Hour); hour < len(inHour) {
						inHour[hour]++
					}
				}
				if inHour != test.inHour || len(s.refused) > 0 {
					t.Errorf("requests by the hour %v, want %v; refused at %v", inHour, test.inHour, s.refused)
				}
			})
		})
	}
}

func TestAnExpectedLimitOfTheHourIsABudgetUntilAnAnswerSpeaks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPacer(8, 10, half)
		p.expectHourly(1000)
		if b := p.hourlyBudget(); b.Free() != 900 || b.Reset != time.Now().Add(time.Hour) {
			t.Errorf("%+v", b)
		}
		s := newLimitServer(600, 0)
		s.run(t, p, 10, 1, always(0))
		p.expectHourly(1000)
		if b := p.hourlyBudget(); b.Limit != 600 || b.Remaining != 590 {
			t.Errorf("%+v", b)
		}
	})
}
