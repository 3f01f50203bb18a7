package main

import (
	"bytes"
	"context"
	"io/fs"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"procore-assignee-sync/procore/sandbox"
)

// TestNoSecretReachesAnythingThatIsWritten runs every command with known secrets, talking as much as it can, and looks
// for them in standard output, standard error and every file of the ledger.
func TestNoSecretReachesAnythingThatIsWritten(t *testing.T) {
	const id, secret, password = "client-id-7f3a9c", "client-secret-2b8e41", "password-9d0c55"
	dir := t.TempDir()
	sample := sandbox.DemoSample()
	web := httptest.NewServer(sandbox.New(sample.Company, sandbox.Options{ClientID: id, ClientSecret: secret}))
	defer web.Close()
	if _, err := writeSample(dir, sample, ""); err != nil {
		t.Fatal(err)
	}
	runs := filepath.Join(dir, "runs")
	environ := []string{
		"PROCORE_API_URL=" + web.URL, "PROCORE_LOGIN_URL=" + web.URL, "PROCORE_COMPANY_ID=" + string(sample.Company.ID),
		"PROCORE_CLIENT_ID=" + id, "PROCORE_CLIENT_SECRET=" + secret, "ROLE_MAP=" + filepath.Join(dir, "role-map.csv"),
		"SYNC_FIRST_RUN=allow", "LEDGER_DIR=" + runs, "LOG_LEVEL=debug",
	}
	file := "HR_CSV=" + filepath.Join(dir, "hr.csv")
	database := "postgres://user:" + password + "@127.0.0.1:1/hr"
	for _, c := range []struct {
		args []string
		more []string
	}{
		{[]string{"check"}, []string{file}},
		{[]string{"plan"}, []string{file}},
		{[]string{"plan", "--format", "json"}, []string{file, "LOG_FORMAT=json"}},
		{[]string{"apply", "--yes"}, []string{file}},
		{[]string{"explain", "--project", "24-017"}, []string{file}},
		{[]string{"runs"}, nil},
		{[]string{"check"}, []string{"HR_DATABASE_URL=" + database}},
		{[]string{"plan"}, []string{"HR_DATABASE_URL=" + database}},
		{[]string{"apply", "--yes"}, []string{file, "LEDGER_DATABASE_URL=" + database}},
		{[]string{"runs"}, []string{"LEDGER_DATABASE_URL=" + database}},
		{[]string{"migrate", "hr"}, []string{"HR_DATABASE_URL=" + database}},
		{[]string{"migrate", "ledger", "--status"}, []string{"LEDGER_DATABASE_URL=" + database}},
		{[]string{"plan"}, []string{file, "PROCORE_CLIENT_SECRET=wrong-" + secret}},
		{[]string{"plan"}, []string{file, "PROCORE_CLIENT_SECRET_FILE=/etc/" + "nowhere"}},
		{[]string{"plan"}, []string{file, "PROCORE_API_URL=https://" + id + ":" + secret + "@example.com"}},
		{[]string{"plan"}, []string{"HR_DATABASE_URL=postgres://user:" + password + "@host:port/hr"}},
	} {
		t.Run(strings.Join(c.args, " "), func(t *testing.T) {
			out := written(c.args, append(environ[:len(environ):len(environ)], c.more...))
			for _, s := range []string{id, secret, password} {
				if strings.Contains(out, s) {
					t.Errorf("%q is in %s", s, out)
				}
			}
		})
	}
	lookThrough(t, runs, id, secret, password)
}

// written gives all that a command writes.
func written(args, environ []string) string {
	var out bytes.Buffer
	realMain(context.Background(), process{Args: args, Environ: environ, Stdin: strings.NewReader(""), Stdout: &out, Stderr: &out})
	return out.String()
}

func lookThrough(t *testing.T, dir string, secrets ...string) {
	t.Helper()
	files := 0
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		files++
		text, err := os.ReadFile(path)
		for _, s := range secrets {
			if bytes.Contains(text, []byte(s)) {
				t.Errorf("%q is in %s", s, path)
			}
		}
		return err
	})
	if err != nil || files < 10 {
		t.Errorf("looked through %d files of the ledger: %v", files, err)
	}
}
