package main

import (
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"procore-assignee-sync/procore/sandbox"
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

func TestTheTerminationMessageNamesTheSettingWhoseFileCannotBeUsed(t *testing.T) {
	for _, c := range []struct {
		args, set []string
		want      string
	}{
		{
			[]string{"apply", "--yes"},
			[]string{"HR_CSV=of Jane Doe.csv"},
			"exit 1, failed: what HR_CSV names could not be read, and nothing was written; the log says why; evidence DIGITS",
		},
		{
			[]string{"plan"},
			[]string{"HR_CSV=of Jane Doe.csv", "ROLE_MAP=names"},
			"exit 1, failed: what HR_CSV names could not be read, and nothing was written; the log says why; evidence DIGITS",
		},
		{
			[]string{"plan"},
			[]string{"ROLE_MAP=of Jane Doe.csv"},
			"exit 78, failed: wrong configuration or role map in ROLE_MAP, and nothing was written; the log says why; evidence DIGITS",
		},
		{
			[]string{"explain", "--project", "1"},
			[]string{"HR_CSV=of Jane Doe.csv"},
			"exit 1, failed before anything was written: HR_CSV",
		},
		{
			[]string{"plan"},
			[]string{"LEDGER_DIR=/dev/null/of Jane Doe"},
			"exit 78, wrong configuration, role map, credentials or company: LEDGER_DIR",
		},
		{
			[]string{"runs"},
			[]string{"LEDGER_DATABASE_URL=postgres://jane.doe@127.0.0.1:1/ledger"},
			"exit 1, failed before anything was written: LEDGER_DATABASE_URL",
		},
	} {
		t.Run(strings.Join(append(c.args, c.set...), " "), func(t *testing.T) {
			dir := t.TempDir()
			sample := sandbox.DemoSample()
			if _, err := writeSample(dir, sample, ""); err != nil {
				t.Fatal(err)
			}
			file := filepath.Join(dir, "termination-log")
			if err := os.WriteFile(file, nil, 0o600); err != nil {
				t.Fatal(err)
			}
			realMain(context.Background(), process{
				Args: c.args,
				Environ: append([]string{
					"KUBERNETES_SERVICE_HOST=10.0.0.1", "PROCORE_COMPANY_ID=1", "PROCORE_CLIENT_ID=id", "PROCORE_CLIENT_SECRET=secret",
					"HR_CSV=" + filepath.Join(dir, "hr.csv"), "ROLE_MAP=" + filepath.Join(dir, "role-map.csv"),
					"LEDGER_DIR=" + filepath.Join(dir, "runs"), "SYNC_FIRST_RUN=allow",
				}, c.set...),
				Stdin: strings.NewReader(""), Stdout: io.Discard, Stderr: io.Discard, TerminationLog: file,
			})
			got, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			said := evidence.ReplaceAllString(string(got), "evidence DIGITS")
			if said != c.want+"\n" {
				t.Errorf("got  %q\nwant %q", said, c.want)
			}
		})
	}
}

// evidence is the end of the final line of a run that has a folder.
var evidence = regexp.MustCompile(`evidence [0-9a-f]{12}\b`)

func TestOutsideAPodNoTerminationMessageIsWritten(t *testing.T) {
	file := filepath.Join(t.TempDir(), "termination-log")
	for _, c := range []struct {
		name    string
		environ []string
	}{{"no pod", nil}, {"no such file", []string{"KUBERNETES_SERVICE_HOST=10.0.0.1"}}} {
		realMain(context.Background(), process{
			Args: []string{"plan"}, Environ: c.environ, TerminationLog: file, Stdin: strings.NewReader(""), Stdout: io.Discard, Stderr: io.Discard,
		})
		if _, err := os.Stat(file); err == nil {
			t.Errorf("%s: a file was made", c.name)
		}
	}
}
