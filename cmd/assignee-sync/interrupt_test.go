package main

import (
	"bufio"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	gosync "sync"
	"syscall"

	"github.com/rogpeppe/go-internal/testscript"

	"procore-assignee-sync/cmd/assignee-sync/settings"
	"procore-assignee-sync/sync"
)

// stopping is what the process says once it has heard the first signal.
var stopping = regexp.MustCompile(`^stopping: `)

// writeGate lets requests through, but can hold the write with a number until it is told to go on.
type writeGate struct {
	next http.Handler

	mu      gosync.Mutex
	writes  int
	hold    int
	arrived chan struct{} // closed when the write to hold has come
	release chan struct{} // closed when it may go on
}

func (g *writeGate) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodPatch {
		g.mu.Lock()
		g.writes++
		held := g.writes == g.hold
		release := g.release
		if held {
			close(g.arrived)
		}
		g.mu.Unlock()
		if held {
			<-release
		}
	}
	g.next.ServeHTTP(w, r)
}

// at makes the gate hold write number n.
func (g *writeGate) at(n int) (arrived <-chan struct{}, release func()) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.writes, g.hold = 0, n
	g.arrived, g.release = make(chan struct{}), make(chan struct{})
	return g.arrived, gosync.OnceFunc(func() { close(g.release) })
}

func hold(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: hold WRITE")
	}
	write, err := strconv.Atoi(args[0])
	ts.Check(err)
	s := stageOf(ts)
	s.arrived, s.release = s.gate.at(write)
	ts.Defer(s.release)
}

func arrived(ts *testscript.TestScript, _ bool, _ []string) { <-stageOf(ts).arrived }

func release(ts *testscript.TestScript, _ bool, _ []string) { stageOf(ts).release() }

// signalNames are the signals that a script can send.
var signalNames = map[string]os.Signal{"TERM": syscall.SIGTERM, "INT": os.Interrupt, "HUP": syscall.SIGHUP}

// interrupt runs a command, and sends it signals, one right after the other, while one of its writes is in flight. After
// the last signal that write may go on. The process is expected to end with exit code 4. The signal GONE is none: the reader
// of the process's log goes away.
func interrupt(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 4 {
		ts.Fatalf("usage: interrupt WRITE SIGNAL,... command...")
	}
	write, err := strconv.Atoi(args[0])
	ts.Check(err)
	arrived, release := stageOf(ts).gate.at(write)
	defer release()

	program, err := exec.LookPath(filepath.Join(binFolder(ts), args[2]))
	ts.Check(err)
	cmd := exec.Command(program, args[3:]...)
	cmd.Dir, cmd.Env = ts.Getenv("WORK"), environ(ts)
	stderr, err := cmd.StderrPipe()
	ts.Check(err)
	ts.Check(cmd.Start())
	defer func() { _ = cmd.Process.Kill() }()
	<-arrived
	lines := bufio.NewScanner(stderr)
	for i, name := range strings.Split(args[1], ",") {
		if name == "GONE" {
			ts.Check(stderr.Close())
			break
		}
		ts.Check(cmd.Process.Signal(signalNames[name]))
		// The process has heard the first signal once it says so; only then is another one a second.
		for heard := i > 0; !heard && lines.Scan(); {
			ts.Logf("%s", lines.Text())
			heard = stopping.MatchString(lines.Text())
		}
	}
	release()
	for lines.Scan() {
		ts.Logf("%s", lines.Text())
	}
	if got := codeOf(ts, cmd.Wait()); got != sync.ExitIncomplete {
		ts.Fatalf("exit code %d, want %d", got, sync.ExitIncomplete)
	}
}

func binFolder(ts *testscript.TestScript) string { return filepath.SplitList(ts.Getenv("PATH"))[0] }

// environ is the script's environment, as far as the command is concerned with it.
func environ(ts *testscript.TestScript) []string {
	env := []string{"PATH=" + ts.Getenv("PATH"), "HOME=" + ts.Getenv("HOME"), "TMPDIR=" + os.TempDir()}
	for _, name := range settings.AllNames() {
		if value := ts.Getenv(name); value != "" {
			env = append(env, name+"="+value)
		}
	}
	return env
}
