package main

import (
	"bytes"
	"context"
	"os"
	"strings"
	"testing"
)

// TestTheReadmesSessionIsWhatTheDemoPrints holds the README's terminal session against the demo, line by line in order;
// "…" stands for lines that it leaves out.
func TestTheReadmesSessionIsWhatTheDemoPrints(t *testing.T) {
	var stdout, stderr bytes.Buffer
	if code := realMain(context.Background(), process{Args: []string{"demo"}, Stdout: &stdout, Stderr: &stderr}); code != 0 {
		t.Fatalf("exit code %d: %s", code, stderr.String())
	}
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, session, found := strings.Cut(string(readme), "    $ make demo\n")
	if !found {
		t.Fatal("the README shows no session of `make demo`")
	}
	printed := stdout.String()
	for line := range strings.Lines(session) {
		line = strings.TrimRight(line, "\n")
		if line != "" && !strings.HasPrefix(line, "    ") {
			break // the session has ended
		}
		line = strings.TrimPrefix(line, "    ")
		if line == "" || line == "…" {
			continue
		}
		_, after, ok := strings.Cut(printed, line)
		if !ok {
			t.Fatalf("the demo does not print, or not at this place: %q", line)
		}
		printed = after
	}
}
