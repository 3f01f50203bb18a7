package sync

import (
	"strings"
	"time"

	"github.com/google/go-cmp/cmp"

	"procore-assignee-sync/hrsource"
)

var today = hrsource.Date{Year: 2026, Month: 11, Day: 24}

func day(text string) hrsource.Date {
	d, err := time.Parse(time.DateOnly, text)
	if err != nil {
		panic(err)
	}
	return hrsource.DateOf(d)
}

type tester interface {
	Helper()
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
}

func want[T any](t tester, what string, got, want T) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

func mentions(t tester, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("%q does not mention %q", text, part)
		}
	}
}
