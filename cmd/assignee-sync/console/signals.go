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

// outliving is an output whose reader may go away, as head(1) does: what is written from then on is dropped, and nobody is
// told, since there is nobody.
type outliving struct{ w io.Writer }

// Outliving returns w for a run that does not end because nobody reads its words any more. WatchSignals belongs to it.
func Outliving(w io.Writer) io.Writer { return outliving{w} }

func (o outliving) Write(p []byte) (int, error) {
	n, err := o.w.Write(p)
	if errors.Is(err, syscall.EPIPE) {
		return len(p), nil
	}
	return n, err
}

// WatchSignals calls stop at the first SIGTERM, SIGINT or SIGHUP, which asks the run to end cleanly, and end at one that
// comes more than two seconds later. Whatever was journalled by then is on disk. That the reader of the process's output has
// gone away ends nothing: a run would be killed by it in the middle of a write.
func WatchSignals(stop context.CancelCauseFunc, end func()) {
	signals := make(chan os.Signal, 8)
	signal.Ignore(syscall.SIGPIPE)
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
