package job_test

import (
	"fmt"
	"maps"
	"os"
	"testing"

	"procore-assignee-sync/procore/sandbox"
)

// BenchmarkNight tells what a company's night costs under Procore's limits: the first night of all, one that remembers
// the night before, and that of the script that follows the documentation step by step.
//
// What counts is calls and virtual time, against the fewest calls that do and the time that the limits ask for the
// calls made. The time per operation is real, and that of job and simulated Procore together.
func BenchmarkNight(b *testing.B) {
	for _, presets := range []int{2_000, 10_000, 50_000} {
		b.Run(fmt.Sprintf("presets=%d", presets), func(b *testing.B) {
			company := newBigCompany(b, presets)
			dir := simulationDir(b)
			b.Cleanup(func() { _ = os.RemoveAll(dir) })
			first := func(t *testing.T, server *sandbox.Server) nightOf { return company.night(t, server, dir, firstNight) }
			later := func(t *testing.T, server *sandbox.Server) nightOf { return company.night(t, server, dir, laterNight) }
			var evening map[string][]byte // the ledger after a first night
			b.Run("run=first", func(b *testing.B) {
				for b.Loop() {
					writeTree(dir, nil)
					report(b, company, first)
				}
				evening = readTree(dir)
			})
			b.Run("run=later", func(b *testing.B) {
				if evening == nil { // only this benchmark was asked for
					inBubble(b, func(t *testing.T) { first(t, company.procoreTonight()) })
					evening = readTree(dir)
				}
				for b.Loop() {
					writeTree(dir, maps.Clone(evening))
					report(b, company, later)
				}
			})
			b.Run("run=script", func(b *testing.B) {
				for b.Loop() {
					report(b, company, company.scriptNight)
				}
			})
		})
	}
}

// report lets one night pass and reports what it came to.
func report(b *testing.B, company *bigCompany, night func(*testing.T, *sandbox.Server) nightOf) {
	b.Helper()
	server := company.procoreTonight()
	var n nightOf
	inBubble(b, func(t *testing.T) { n = night(t, server) })
	b.ReportMetric(float64(n.calls), "calls/op")
	b.ReportMetric(float64(n.fewest), "fewest-calls/op")
	b.ReportMetric(n.took.Seconds(), "virtual-s/op")
	b.ReportMetric(n.allowed.Seconds(), "limit-s/op")
	b.ReportMetric(float64(n.throttled), "429s/op")
}
