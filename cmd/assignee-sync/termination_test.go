package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"procore-assignee-sync/sync"
)

func TestInAPodTheFinalLineIsTheTerminationMessage(t *testing.T) {
	file := filepath.Join(t.TempDir(), "termination-log")
	if err := os.WriteFile(file, []byte("something longer that was there before, to be replaced as a whole\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	var stderr bytes.Buffer
	code := realMain(context.Background(), process{
		Args:           []string{"apply", "--yes"},
		Environ:        []string{"KUBERNETES_SERVICE_HOST=10.0.0.1", "HR_CSV=of Jane Doe.csv", "SYNC_MODE=Jane Doe"},
		Stdin:          strings.NewReader(""),
		Stdout:         &bytes.Buffer{},
		Stderr:         &stderr,
		TerminationLog: file,
	})
	if code != sync.ExitConfig {
		t.Errorf("exit code %d", code)
	}
	got, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	want := "exit 78, wrong configuration, role map, credentials or company: PROCORE_COMPANY_ID, PROCORE_CLIENT_ID, " +
		"PROCORE_CLIENT_SECRET, ROLE_MAP, SYNC_MODE\n"
	if string(got) != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	if !strings.HasSuffix(stderr.String(), "\n"+want) {
		t.Errorf("the last line of standard error is another one: %q", stderr.String())
	}
}

func TestOutsideAPodNoTerminationMessageIsWritten(t *testing.T) {
	file := filepath.Join(t.TempDir(), "termination-log")
	for _, c := range []struct {
		name    string
		environ []string
	}{{"no pod", nil}, {"no such file", []string{"KUBERNETES_SERVICE_HOST=10.0.0.1"}}} {
		leaveTermination(process{Environ: c.environ, TerminationLog: file}, "exit 0, done")
		if _, err := os.Stat(file); err == nil {
			t.Errorf("%s: a file was made", c.name)
		}
	}
}
