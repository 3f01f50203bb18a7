package job_test

import (
	"testing"
	"testing/synctest"
)

// inBubble runs a part of a benchmark in virtual time. A bubble belongs to a test, so it gets one.
func inBubble(b *testing.B, do func(t *testing.T)) {
	b.Helper()
	ran := false // with -count the test is run again and again
	ok := testing.RunTests(func(_, _ string) (bool, error) { return true, nil }, []testing.InternalTest{{
		Name: b.Name(),
		F: func(t *testing.T) {
			if !ran {
				ran = true
				synctest.Test(t, do)
			}
		},
	}})
	if !ok || !ran {
		b.FailNow()
	}
}
