// Command assignee-sync keeps the assignees of Procore workflow presets equal to the teams that HR knows.
package main

import (
	"context"
	"io"
	"math"
	"net/http"
	"os"
	"runtime/debug"
	"time"
	_ "time/tzdata" // SYNC_TIMEZONE works in images without time zones

	"golang.org/x/term"

	"procore-assignee-sync/cmd/assignee-sync/console"
	"procore-assignee-sync/sync"
)

// memoryLimit is the soft memory limit in bytes if GOMEMLIMIT is not set. A first run that changes each of 50,000
// presets uses less.
const memoryLimit = 420 << 20

// memoryPercent is how far the heap may grow beyond what is in use, in percent, if GOGC is not set. It is less than
// half of Go's default, since Procore's rate limit, not the processor, decides how long a run takes.
const memoryPercent = 40

func main() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(memoryPercent)
	}
	if debug.SetMemoryLimit(-1) == math.MaxInt64 {
		debug.SetMemoryLimit(memoryLimit)
	}
	ctx, stop := context.WithCancelCause(context.Background())
	console.WatchSignals(stop, func() { os.Exit(sync.ExitIncomplete) })
	os.Exit(realMain(ctx, process{
		Args:           os.Args[1:],
		Environ:        os.Environ(),
		Stdin:          os.Stdin,
		Stdout:         console.Outliving(os.Stdout),
		Stderr:         console.Outliving(os.Stderr),
		StdinTTY:       term.IsTerminal(int(os.Stdin.Fd())),
		StdoutTTY:      term.IsTerminal(int(os.Stdout.Fd())),
		StderrTTY:      term.IsTerminal(int(os.Stderr.Fd())),
		Width:          width,
		TerminationLog: "/dev/termination-log",
	}))
}

// width returns the width of the terminal behind standard error or standard output, or 0 if there is none.
func width() int {
	for _, f := range []*os.File{os.Stderr, os.Stdout} {
		if columns, _, err := term.GetSize(int(f.Fd())); err == nil {
			return columns
		}
	}
	return 0
}

// process is what the system gives the command. main fills it in; tests make one up.
type process struct {
	Args    []string // without the program's name
	Environ []string // NAME=value

	Stdin          io.Reader
	Stdout, Stderr io.Writer

	StdinTTY, StdoutTTY, StderrTTY bool // whether it is a terminal

	// TerminationLog is the file from which Kubernetes reads a container's last words. It is written only in a pod.
	TerminationLog string

	Width func() int // of the terminal, in columns; nil or 0 if unknown

	Now       func() time.Time  // nil means time.Now
	Transport http.RoundTripper // for reaching Procore; nil means the network
}

// inPod reports whether the environment is a pod's.
func inPod(environ []string) bool { return isSet(environ, "KUBERNETES_SERVICE_HOST") }
