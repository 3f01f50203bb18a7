package console

import (
	"context"
	"errors"
	"os"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
)

func TestASignalWithinTwoSecondsIsTheSameAndALaterOneEndsAtOnce(t *testing.T) {
	for _, c := range []struct {
		name  string
		after []time.Duration // from the first signal on
		ends  bool
	}{
		{"one", nil, false},
		{"what timeout sends", []time.Duration{0}, false},
		{"many, but soon", []time.Duration{0, time.Second, 2*time.Second - 1}, false},
		{"two seconds later", []time.Duration{2 * time.Second}, true},
		{"the same, and one later", []time.Duration{time.Millisecond, time.Hour}, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				signals := make(chan os.Signal)
				stopped, ended := 0, false
				go obey(signals, func(why error) {
					stopped++
					if why.Error() != "told to stop (SIGTERM)" || !errors.Is(why, context.Canceled) {
						t.Errorf("it stops because of %v", why)
					}
				}, func() { ended = true })
				signals <- syscall.SIGTERM
				synctest.Wait()
				if stopped != 1 || ended {
					t.Fatalf("after the first: stopped %d times, ended %v", stopped, ended)
				}
				first := time.Now()
				for _, after := range c.after {
					time.Sleep(time.Until(first.Add(after)))
					signals <- syscall.SIGHUP
				}
				synctest.Wait()
				if stopped != 1 || ended != c.ends {
					t.Errorf("stopped %d times, ended %v", stopped, ended)
				}
				if !ended {
					close(signals)
				}
			})
		})
	}
}
