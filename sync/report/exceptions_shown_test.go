package report

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"procore-assignee-sync/sync"
)

func TestTextShortensLongListsButNeverThatOfRejectedRows(t *testing.T) {
	const many = 3 * exceptionsShown
	rec := richPlan()
	rec.Exceptions = nil
	for i := range many {
		for _, kind := range []sync.Kind{sync.RowRejected, sync.NotInProcore} {
			rec.Exceptions = append(rec.Exceptions, sync.Exception{Kind: kind, Subject: fmt.Sprintf("%s-%03d", kind, i), Incomplete: true})
		}
	}
	for _, all := range []bool{false, true} {
		var out bytes.Buffer
		if err := Text(&out, rec, TextOptions{Detail: map[bool]Detail{true: DetailAll}[all]}); err != nil {
			t.Fatal(err)
		}
		if n := strings.Count(out.String(), "row_rejected-"); n != many {
			t.Errorf("with all exceptions %v, %d of %d rejected rows are shown", all, n, many)
		}
		want := map[bool]int{false: exceptionsShown, true: many}[all]
		if n := strings.Count(out.String(), "not_in_procore-"); n != want {
			t.Errorf("with all exceptions %v, %d people are shown, want %d", all, n, want)
		}
		if more := strings.Contains(out.String(), "… and 40 more: --details shows all"); more == all {
			t.Errorf("with all exceptions %v, that there are more is told: %v", all, more)
		}
	}
}
