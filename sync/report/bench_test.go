package report

import (
	"fmt"
	"io"
	"testing"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
)

// bigRecord is a record of n changes over as many presets, a hundred to a project.
func bigRecord(n int) sync.Record {
	rec := richPlan()
	template := rec.Changes[6]
	rec.Changes = make([]sync.Change, n)
	for i := range rec.Changes {
		c := template
		c.Project, c.Preset = procore.ProjectID(fmt.Sprint(1000+i/100)), procore.PresetID(fmt.Sprint(5000+i))
		rec.Changes[i] = c
	}
	return rec
}

// BenchmarkReports shows what each format takes for 10,000 changes.
func BenchmarkReports(b *testing.B) {
	rec := bigRecord(10_000)
	for _, name := range []string{"changes.csv", "html", "json", "md", "txt", "xlsx"} {
		write := formats()[name]
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := write(io.Discard, rec); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
