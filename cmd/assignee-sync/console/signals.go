package console

import (
	"context"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// sameSignal is for how long after the first signal another one is the same: timeout(1) signals its child, and then the
// group that the child is in.
const sameSignal = 2 * time.Second

// WatchSignals calls stop at the first SIGTERM, SIGINT or SIGHUP, which asks the run to end cleanly, and end at one that
// comes more than two seconds later. Whatever was journalled by then is on disk.
func WatchSignals(stop context.CancelFunc, end func()) {
	signals := make(chan os.Signal, 8)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	go obey(signals, stop, end)
}

// obey calls stop at the first signal, and end at the first of those that come two seconds later or more.
func obey(signals <-chan os.Signal, stop, end func()) {
	<-signals
	first := time.Now()
	stop()
	for range signals {
		if time.Since(first) >= sameSignal {
			end()
			return
		}
	}
}
