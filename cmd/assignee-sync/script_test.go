package main

import (
	"errors"
	"flag"
	"net/http/httptest"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"procore-assignee-sync/procore/sandbox"
)

var update = flag.Bool("update", false, "rewrite the golden files in testdata/script")

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"assignee-sync": main})
}

// TestScripts runs the real binary: each script is a test and an example at once. They may use
//
//	sandbox [FAULTS]          serve the demo's company, write its hr.csv and role-map.csv, and set the settings for it
//	exits CODE command...     run a command and expect that exit code
//	writes N                  expect that the sandbox has seen so many requests that write
//	unchanged                 expect that every group of every preset holds whom it held at the start
//	interrupt N SIGNALS cmd.. run a command, send it signals (TERM,INT) when its write number N arrives, expect exit 4
//	paste CODE VERB [MORE]... give the shell the last command that was suggested with that verb, and expect an exit code
//	hold N, arrived, release  hold write number N, wait until it has arrived, let it go on
//	tidy FILE                 write the last standard output to FILE, with ids, times, ports and durations made equal
//	lastrun NAME              set NAME to the id of the newest run in ./runs
//	digest NAME               set NAME to the digest that the last standard output names
//	edit FILE OLD NEW         replace text in a file
//	unhex FILE HEX            write bytes to a file
//	repeat FILE N TEXT        append TEXT to a file N times; \n in it is a line break
//	lines FILE PATTERN        write the lines of the last standard output that match to FILE
//	touching FILE CODE cmd... run a command and expect that exit code, while the time of a file keeps changing
func TestScripts(t *testing.T) {
	testscript.Run(t, scripts("../../testdata/script"))
}

func scripts(dir string) testscript.Params {
	return testscript.Params{
		Dir:                 dir,
		UpdateScripts:       *update,
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(env *testscript.Env) error {
			env.Values[stageKey{}] = &stage{}
			// A program under the race detector sleeps for a second before it ends, unless it is told not to.
			env.Setenv("GORACE", "atexit_sleep_ms=0")
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"sandbox":   startSandbox,
			"exits":     exits,
			"writes":    expectWrites,
			"unchanged": unchanged,
			"interrupt": interrupt,
			"paste":     paste,
			"hold":      hold,
			"arrived":   arrived,
			"release":   release,
			"tidy":      tidy,
			"lastrun":   lastRun,
			"digest":    digest,
			"edit":      edit,
			"unhex":     unhex,
			"repeat":    repeat,
			"lines":     lines,
			"touching":  touching,
		},
	}
}

type stageKey struct{}

// stage is what a script plays on.
type stage struct {
	server  *sandbox.Server
	start   []sandbox.Preset
	gate    *writeGate
	arrived <-chan struct{}
	release func()
}

func stageOf(ts *testscript.TestScript) *stage { return ts.Value(stageKey{}).(*stage) }

// startSandbox serves the demo's company over loopback.
func startSandbox(ts *testscript.TestScript, neg bool, args []string) {
	faults, err := sandbox.ParseFaults(strings.Join(args, " "))
	ts.Check(err)
	sample := sandbox.DemoSample()
	s := stageOf(ts)
	s.server = sandbox.New(sample.Company, sandbox.Options{Faults: faults})
	s.start = s.server.Snapshot()
	s.gate = &writeGate{next: s.server}
	web := httptest.NewServer(s.gate)
	ts.Defer(web.Close)
	_, err = writeSample(ts.Getenv("WORK"), sample, "")
	ts.Check(err)
	for name, value := range map[string]string{
		"PROCORE_API_URL":       web.URL,
		"PROCORE_LOGIN_URL":     web.URL,
		"PROCORE_COMPANY_ID":    string(sample.Company.ID),
		"PROCORE_CLIENT_ID":     sandbox.DefaultClientID,
		"PROCORE_CLIENT_SECRET": sandbox.DefaultClientSecret,
		"HR_CSV":                "hr.csv",
		"ROLE_MAP":              "role-map.csv",
		"SYNC_FIRST_RUN":        "allow",
	} {
		ts.Setenv(name, value)
	}
}

func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE command...")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	if got := codeOf(ts, ts.Exec(args[1], args[2:]...)); got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}

// codeOf is the exit code of a command that ended.
func codeOf(ts *testscript.TestScript, err error) int {
	var ended *exec.ExitError
	switch {
	case err == nil:
		return 0
	case errors.As(err, &ended):
		return ended.ExitCode()
	default:
		ts.Fatalf("%v", err)
		return -1
	}
}

func expectWrites(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: writes N")
	}
	got := 0
	for operation, n := range stageOf(ts).server.CallCounts() {
		if strings.HasPrefix(operation, "update") {
			got += n
		}
	}
	if strconv.Itoa(got) != args[0] {
		ts.Fatalf("the sandbox has seen %d requests that write, want %s", got, args[0])
	}
}
