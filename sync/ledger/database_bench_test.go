package ledger

import (
	"fmt"
	"testing"

	"procore-assignee-sync/migrations/pgtest"
	"procore-assignee-sync/procore"
)

// A night in which 100,000 people move.
func BenchmarkWriteRun100kChanges(b *testing.B) {
	p, err := openDatabase(b.Context(), pgtest.Ledger(b))
	must(b, err)
	rec := pgRecord("42", 0)
	one := rec.Changes[0]
	rec.Changes = nil
	for i := range 100_000 {
		one.LoginID = procore.LoginID(fmt.Sprint(i))
		rec.Changes = append(rec.Changes, one)
	}
	b.ReportAllocs()
	for b.Loop() {
		must(b, p.writeRun(b.Context(), rec))
	}
	must(b, p.close())
}
