package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"procore-assignee-sync/procore/sandbox"
	"procore-assignee-sync/sync/report/check"
)

// Each export in testdata/hr is loaded as its owner would: with the settings beside it, from the project's root.
func TestEverySampleExportPassesCheckWithItsSettings(t *testing.T) {
	t.Chdir(filepath.Join("..", ".."))
	envs, err := filepath.Glob(filepath.Join("testdata", "hr", "*.env"))
	if err != nil || len(envs) < 9 {
		t.Fatalf("found %d samples, %v", len(envs), err)
	}
	sample := sandbox.DemoSample()
	web := httptest.NewServer(sandbox.New(sample.Company, sandbox.Options{}))
	t.Cleanup(web.Close)
	for _, env := range envs {
		t.Run(filepath.Base(env), func(t *testing.T) {
			golden, err := os.ReadFile(strings.TrimSuffix(env, ".env") + ".golden")
			if err != nil {
				t.Fatal(err)
			}
			var report check.Report
			checkSample(t, env, web.URL, &report)
			for _, p := range report.Problems {
				if p.Area != check.AreaGates {
					t.Errorf("%s: %s", p.Area, p.What)
				}
			}
			if report.HR == nil || report.Procore == nil {
				t.Fatal("HR data or Procore was not read")
			}
			first, _, _ := strings.Cut(string(golden), "\n")
			if says := fmt.Sprintf(": %d rows, %d accepted, %d duplicates", report.HR.Rows, report.HR.Accepted, report.HR.Duplicates); !strings.HasSuffix(first, says) {
				t.Errorf("check says %q, the golden file %q", says, first)
			}
			if cut := strings.Contains(string(golden), "\nno newline after "); cut != (report.HR.NoNewline != "") {
				t.Errorf("the last row is told to be cut: %q; the golden file says %v", report.HR.NoNewline, cut)
			}
			if report.HR.Members == 0 || len(report.HR.Teams) == 0 {
				t.Errorf("nobody is on a team: %+v", report.HR)
			}
		})
	}
}

func checkSample(t *testing.T, envFile, url string, into *check.Report) {
	t.Helper()
	var out, said bytes.Buffer
	realMain(t.Context(), process{
		Args: []string{"check", "--format", "json", "--env-file", envFile},
		Environ: []string{
			"PROCORE_API_URL=" + url, "PROCORE_LOGIN_URL=" + url, "PROCORE_COMPANY_ID=" + string(sandbox.DemoSample().Company.ID),
			"PROCORE_CLIENT_ID=" + sandbox.DefaultClientID, "PROCORE_CLIENT_SECRET=" + sandbox.DefaultClientSecret,
			"ROLE_MAP=names", "LEDGER_DIR=" + t.TempDir(), "LOG_LEVEL=error",
		},
		Stdin: strings.NewReader(""), Stdout: &out, Stderr: &said,
	})
	if err := json.Unmarshal(out.Bytes(), into); err != nil {
		t.Fatalf("%v:\n%s%s", err, &out, &said)
	}
}
