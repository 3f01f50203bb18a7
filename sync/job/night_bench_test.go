package job_test

import (
	"fmt"
	"os"
	"testing"

	"procore-assignee-sync/procore/sandbox"
	"procore-assignee-sync/sync"
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
			night := func(date int, dir string) func(*testing.T, *sandbox.Server) nightOf {
				return func(t *testing.T, server *sandbox.Server) nightOf { return company.night(t, server, dir, date) }
			}
			parent := b.TempDir() // outlives the benchmarks below
			evening := ""         // the ledger after a first night
			b.Run("run=first", func(b *testing.B) {
				for b.Loop() {
					var err error
					if evening, err = os.MkdirTemp(parent, "first"); err != nil {
						b.Fatal(err)
					}
					report(b, company, night(firstNight, evening))
				}
			})
			b.Run("run=later", func(b *testing.B) {
				if evening == "" { // only this benchmark was asked for
					evening = b.TempDir()
					report(b, company, night(firstNight, evening))
				}
				for b.Loop() {
					dir := b.TempDir()
					if err := os.CopyFS(dir, os.DirFS(evening)); err != nil {
						b.Fatal(err)
					}
					report(b, company, night(laterNight, dir))
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

// BenchmarkWeek tells what a first night and the week after it cost, with SYNC_READ_DAYS=1 and 7 and under several limits.
// Each night HR has changed one project in a hundred.
func BenchmarkWeek(b *testing.B) {
	for _, hourly := range []int{600, nightHourly, 14_400} {
		for _, presets := range []int{2_000, 10_000, 50_000} {
			for _, days := range []int{1, 7} {
				b.Run(fmt.Sprintf("hourly=%d/presets=%d/days=%d", hourly, presets, days), func(b *testing.B) {
					for b.Loop() {
						w := &week{company: newQuietCompany(b, presets), hourly: hourly, days: days, dir: b.TempDir()}
						var of weekOf
						inBubble(b, func(t *testing.T) { of = w.pass(t) })
						b.ReportMetric(float64(of.first.calls), "first-calls")
						b.ReportMetric(of.first.took.Seconds(), "first-s")
						b.ReportMetric(of.average(), "calls/night")
						b.ReportMetric(float64(of.most().calls), "most-calls")
						b.ReportMetric(of.averageTook().Seconds(), "virtual-s/night")
						b.ReportMetric(of.most().took.Seconds(), "most-s")
						b.ReportMetric(float64(of.throttled()), "429s")
					}
				})
			}
		}
	}
}

// BenchmarkLeavers tells what it costs to look for running workflows: a night on which twenty people have left, each from
// one project, with SYNC_RUNNING=off and report. Every preset has one to three workflows.
func BenchmarkLeavers(b *testing.B) {
	for _, presets := range []int{2_000, 10_000} {
		for _, days := range []int{1, 7} {
			for _, mode := range []sync.RunningMode{sync.RunningOff, sync.RunningReport} {
				b.Run(fmt.Sprintf("presets=%d/days=%d/running=%s", presets, days, mode), func(b *testing.B) {
					for b.Loop() {
						w := &week{company: newQuietCompany(b, presets), hourly: nightHourly, days: days, dir: b.TempDir(), running: mode}
						var night nightOf
						inBubble(b, func(t *testing.T) { night = w.passLeavers(t, 20) })
						b.ReportMetric(float64(night.calls), "calls/night")
						b.ReportMetric(float64(night.waiting), "waiting")
						b.ReportMetric(night.took.Seconds(), "virtual-s/night")
					}
				})
			}
		}
	}
}
