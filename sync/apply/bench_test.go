package apply

import (
	"context"
	"testing"
)

// BenchmarkApply writes a thousand presets to a Procore that answers at once: what is left is our own work.
func BenchmarkApply(b *testing.B) {
	for b.Loop() {
		b.StopTimer()
		f, plan := manyPresets(1000)
		b.StartTimer()
		r := Plan(context.Background(), plan, f, &journalFake{f: f}, Options{})
		if r.PresetsWritten != 1000 {
			b.Fatalf("%d presets were written", r.PresetsWritten)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/1000, "µs/preset")
}
