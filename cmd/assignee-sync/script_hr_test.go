package main

import (
	"os"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// repeat makes files that are too large to stand in a script.
func repeat(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf(`usage: repeat FILE N TEXT`)
	}
	n, err := strconv.Atoi(args[1])
	ts.Check(err)
	more := strings.Repeat(strings.ReplaceAll(args[2], `\n`, "\n"), n)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(ts.ReadFile(args[0])+more), 0o644))
}

// touching lets a command read a file that somebody else is still writing: its time moves on all the while.
func touching(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 3 {
		ts.Fatalf("usage: touching FILE CODE command...")
	}
	ended, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		file, at := ts.MkAbs(args[0]), time.Unix(1_700_000_000, 0)
		for {
			select {
			case <-ended:
				return
			default:
				at = at.Add(time.Millisecond)
				_ = os.Chtimes(file, at, at) // a file that is not there shows in what the command says
			}
		}
	}()
	defer func() { close(ended); <-stopped }()
	exits(ts, false, args[1:])
}

// lines lets a script compare a part of a long answer.
func lines(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: lines FILE PATTERN")
	}
	pattern, err := regexp.Compile(args[1])
	ts.Check(err)
	var found strings.Builder
	for line := range strings.Lines(ts.ReadFile("stdout")) {
		if pattern.MatchString(strings.TrimSuffix(line, "\n")) {
			found.WriteString(line)
		}
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(found.String()), 0o644))
}
