package console

import (
	"cmp"
	"context"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// sameSignal is for how long after the first signal another one is the same: timeout(1) signals its child, and then the
// group that the child is in.
const sameSignal = 2 * time.Second

// StoppedError is why a run's context ended: a signal asked for it. It is a context.Canceled that says so in words.
type StoppedError struct{ Signal os.Signal }

func (e *StoppedError) Error() string {
	name := map[os.Signal]string{os.Interrupt: "SIGINT", syscall.SIGTERM: "SIGTERM", syscall.SIGHUP: "SIGHUP"}[e.Signal]
	return "told to stop (" + cmp.Or(name, e.Signal.String()) + ")"
}

// Is reports whether target is context.Canceled.
func (e *StoppedError) Is(target error) bool { return target == context.Canceled }

// WatchSignals calls stop at the first SIGTERM, SIGINT or SIGHUP, which asks the run to end cleanly, and end at one that
// comes more than two seconds later. Whatever was journalled by then is on disk.
func WatchSignals(stop context.CancelCauseFunc, end func()) {
	signals := make(chan os.Signal, 8)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	go obey(signals, stop, end)
}

// obey calls stop at the first signal, and end at the first of those that come two seconds later or more.
func obey(signals <-chan os.Signal, stop context.CancelCauseFunc, end func()) {
	came := <-signals
	first := time.Now()
	stop(&StoppedError{came})
	for range signals {
		if time.Since(first) >= sameSignal {
			end()
			return
		}
	}
}
