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

// memoryLimit is what the garbage collector works for, where GOMEMLIMIT says nothing: a first run of 50,000 presets, each
// of which it changes, has less in use.
const memoryLimit = 420 << 20

// memoryPercent is how much more than what is in use the heap may grow to, where GOGC says nothing: less than half of what
// Go takes by itself. Procore's limit of calls decides how long a run takes, not the processor.
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

// width is that of the terminal behind standard error or standard output; 0 where there is none.
func width() int {
	for _, f := range []*os.File{os.Stderr, os.Stdout} {
		if columns, _, err := term.GetSize(int(f.Fd())); err == nil {
			return columns
		}
	}
	return 0
}

// process is what the system gives the command: main fills it in, tests make one up.
type process struct {
	Args    []string // without the program's name
	Environ []string // NAME=value

	Stdin          io.Reader
	Stdout, Stderr io.Writer

	StdinTTY, StdoutTTY, StderrTTY bool // whether a person sits there

	// TerminationLog is the file that Kubernetes reads a container's last words from. It is written in a pod only.
	TerminationLog string

	Width func() int // of the terminal, in columns; nil or 0: not known

	Now       func() time.Time  // nil: time.Now
	Transport http.RoundTripper // that reaches Procore; nil: the network
}

// inPod reports whether the environment is that of a pod in Kubernetes.
func inPod(environ []string) bool { return isSet(environ, "KUBERNETES_SERVICE_HOST") }
