package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
	"time"

	"procore-assignee-sync/sync"
)

// sameSignal is for how long after the first signal another one is the same: timeout(1) signals its child, and then the
// group that the child is in.
const sameSignal = 2 * time.Second

// watchSignals asks the run to end cleanly at the first SIGTERM, SIGINT or SIGHUP, and ends the process at a later one.
// Whatever was journalled by then is on disk.
func watchSignals(stop context.CancelFunc) {
	signals := make(chan os.Signal, 8)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	go obey(signals, stop, func() { os.Exit(sync.ExitIncomplete) })
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
