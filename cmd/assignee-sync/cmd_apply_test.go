package main

import (
	"bytes"
	"context"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/procore/sandbox"
	"procore-assignee-sync/sync"
)

// company serves the demo's company under an id of its own, and gives the settings for it.
func company(t *testing.T, id procore.CompanyID) (server *sandbox.Server, environ []string) {
	t.Helper()
	dir := t.TempDir()
	sample := sandbox.DemoSample()
	sample.Company.ID = id
	server = sandbox.New(sample.Company, sandbox.Options{})
	web := httptest.NewServer(server)
	t.Cleanup(web.Close)
	if _, err := writeSample(dir, sample, ""); err != nil {
		t.Fatal(err)
	}
	return server, []string{
		"PROCORE_API_URL=" + web.URL, "PROCORE_LOGIN_URL=" + web.URL, "PROCORE_COMPANY_ID=" + string(id),
		"PROCORE_CLIENT_ID=" + sandbox.DefaultClientID, "PROCORE_CLIENT_SECRET=" + sandbox.DefaultClientSecret,
		"HR_CSV=" + filepath.Join(dir, "hr.csv"), "ROLE_MAP=" + filepath.Join(dir, "role-map.csv"),
		"LEDGER_DIR=" + filepath.Join(dir, "runs"), "SYNC_FIRST_RUN=allow",
	}
}

func TestASavedPlanOlderThanADayIsRefused(t *testing.T) {
	server, environ := company(t, "8812")
	file := filepath.Join(t.TempDir(), "plan.json")
	start := time.Now()
	run := func(after time.Duration, args ...string) (int, string) {
		var out bytes.Buffer
		code := realMain(context.Background(), process{
			Args: args, Environ: environ, Stdin: strings.NewReader(""), Stdout: &out, Stderr: &out,
			Now: func() time.Time { return start.Add(after) },
		})
		return code, out.String()
	}
	if code, out := run(0, "plan", "--out", file); code != sync.ExitDone {
		t.Fatalf("plan: exit code %d: %s", code, out)
	}
	code, out := run(24*time.Hour+time.Minute, "apply", file, "--yes")
	if code != sync.ExitRefused || !strings.Contains(out, "old") || len(server.History()) > 0 {
		t.Errorf("a day later: exit code %d, %d writes: %s", code, len(server.History()), out)
	}
	code, out = run(24*time.Hour-time.Minute, "apply", file, "--yes")
	if code != sync.ExitIncomplete || len(server.History()) == 0 {
		t.Errorf("in time: exit code %d, %d writes: %s", code, len(server.History()), out)
	}
}
