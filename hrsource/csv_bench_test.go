package hrsource

import (
	"bytes"
	"context"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"
)

// company writes a CSV of so many people, each with a row for one team, a third of them on every project.
func company(rows int) []byte {
	var b bytes.Buffer
	b.WriteString("employee_id,email,name,team,role,project,status,start_date,end_date\n")
	for i := range rows {
		project := ""
		if i%3 > 0 {
			project = fmt.Sprint(i % 3000)
		}
		fmt.Fprintf(&b, "%07d,Given%d.Surname%d@example.com,Given%d Surname%d,Team %d,Role %d,%s,active,2020-0%d-1%d,\n",
			i, i, i%977, i%500, i%977, i%400, i%12, project, i%9+1, i%10)
	}
	return b.Bytes()
}

func load(b testing.TB, text []byte, rows int) *Roster {
	roster, err := CSV{Path: "-", Stdin: bytes.NewReader(text)}.Load(context.Background())
	if err != nil || len(roster.Members) != rows {
		b.Fatalf("%v, %v", roster, err)
	}
	return roster
}

func BenchmarkLoadCSV(b *testing.B) {
	const rows = 100_000
	text := company(rows)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		load(b, text, rows)
	}
}

// BenchmarkLoadCSVMemory reports the most memory in use while a million rows are loaded, the file itself not counted.
func BenchmarkLoadCSVMemory(b *testing.B) {
	const rows = 1_000_000
	text := company(rows)
	for b.Loop() {
		var before runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		done, peak := make(chan struct{}), make(chan uint64)
		go func() { peak <- watchHeap(done) }()
		roster := load(b, text, rows)
		close(done)
		b.ReportMetric(float64(<-peak-before.HeapInuse)/(1<<20), "peak-MiB")
		runtime.KeepAlive(roster)
	}
}

// watchHeap returns the most memory that the heap had in use until done.
func watchHeap(done <-chan struct{}) (most uint64) {
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		var now runtime.MemStats
		runtime.ReadMemStats(&now)
		most = max(most, now.HeapInuse)
		select {
		case <-done:
			return most
		case <-tick.C:
		}
	}
}

func TestRowsAreKeptInLittleMemory(t *testing.T) {
	const rows = 20_000
	text := company(rows)
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	roster := load(t, text, rows)
	runtime.GC()
	runtime.ReadMemStats(&after)
	if each := int64(after.HeapAlloc-before.HeapAlloc) / rows; each > 450 {
		t.Errorf("each row takes %d bytes of memory; a million of them must fit in 600 MB beside what loading needs", each)
	}
	runtime.KeepAlive(roster)
}

func TestAHugeCellIsNotKept(t *testing.T) {
	huge := strings.Repeat("x", 1<<19)
	roster := mustLoad(t, "email,team\na@x.example,"+huge+"\n"+huge+"@x.example,A\n", nil)
	for _, row := range roster.Rejected {
		if len(row.Email)+len(row.Team)+len(row.Reason) > 2000 {
			t.Errorf("%s keeps %d bytes", row.At, len(row.Email)+len(row.Team)+len(row.Reason))
		}
	}
	if len(roster.Rejected) != 2 {
		t.Errorf("%d rows are rejected", len(roster.Rejected))
	}
}
