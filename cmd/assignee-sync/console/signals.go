package console

import (
	"cmp"
	"context"
	"errors"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// sameSignal is how long after the first signal another one counts as the same: timeout(1) signals its child, and then
// the group that the child is in.
const sameSignal = 2 * time.Second

// StoppedError is why a run's context ended: a signal asked for it. It is a context.Canceled with a text of its own.
type StoppedError struct{ Signal os.Signal }

func (e *StoppedError) Error() string {
	name := map[os.Signal]string{os.Interrupt: "SIGINT", syscall.SIGTERM: "SIGTERM", syscall.SIGHUP: "SIGHUP"}[e.Signal]
	return "told to stop (" + cmp.Or(name, e.Signal.String()) + ")"
}

// Is reports whether target is context.Canceled.
func (e *StoppedError) Is(target error) bool { return target == context.Canceled }

// outliving is an output whose reader may go away, as head(1) does. What is written after that is silently dropped.
type outliving struct{ w io.Writer }

// Outliving returns w for a run that must not end because nobody reads its output any more. It needs WatchSignals.
func Outliving(w io.Writer) io.Writer { return outliving{w} }

func (o outliving) Write(p []byte) (int, error) {
	n, err := o.w.Write(p)
	if errors.Is(err, syscall.EPIPE) {
		return len(p), nil
	}
	return n, err
}

// WatchSignals calls stop at the first SIGTERM, SIGINT or SIGHUP, which asks the run to end cleanly, and end at one
// that comes more than two seconds later. Whatever has been journalled by then is on disk. It ignores SIGPIPE, which
// would kill a run in the middle of a write when the reader of its output goes away.
func WatchSignals(stop context.CancelCauseFunc, end func()) {
	signals := make(chan os.Signal, 8)
	signal.Ignore(syscall.SIGPIPE)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	go obey(signals, stop, end)
}

// obey calls stop at the first signal, and end at the first one that comes two seconds later or more.
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
