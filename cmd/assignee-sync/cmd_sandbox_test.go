package main

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"procore-assignee-sync/sync"
)

// TestTheSandboxsSettingsRunAPlan starts the command as a person would, and plans with exactly what it printed.
func TestTheSandboxsSettingsRunAPlan(t *testing.T) {
	defer goleak.VerifyNone(t)
	dir := t.TempDir()
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	out, printed := io.Pipe()
	var stderr bytes.Buffer
	ended := make(chan int)
	go func() {
		ended <- realMain(ctx, process{
			Args:   []string{"sandbox", "--listen", "127.0.0.1:0", "--projects", "2", "--seed", "7", "--rate", "3600,1000", "--write", dir},
			Stdout: printed,
			Stderr: &stderr,
		})
		_ = printed.Close()
	}()
	var settings []string
	for lines := bufio.NewScanner(out); len(settings) < 7 && lines.Scan(); {
		settings = append(settings, lines.Text())
	}
	file, err := os.ReadFile(filepath.Join(dir, "sandbox.env"))
	if err != nil || string(file) != strings.Join(settings, "\n")+"\n" {
		t.Errorf("sandbox.env holds %q, printed was %q (%v)", file, settings, err)
	}
	var planned bytes.Buffer
	code := realMain(ctx, process{
		Args:    []string{"plan", "--detailed-exitcode"},
		Environ: append(settings, "SYNC_FIRST_RUN=allow", "LEDGER_DIR="+filepath.Join(dir, "runs")),
		Stdout:  &planned,
		Stderr:  &planned,
	})
	if code != sync.ExitChanges {
		t.Errorf("exit code %d: %s", code, planned.String())
	}
	stop()
	if code := <-ended; code != sync.ExitDone || !strings.Contains(stderr.String(), "stopped after 0 writes") {
		t.Errorf("exit code %d: %s", code, stderr.String())
	}
}
