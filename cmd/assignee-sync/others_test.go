package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	gosync "sync"
	"testing"

	"procore-assignee-sync/procore/sandbox"
)

// hook keeps what is posted to it.
type hook struct {
	mu     gosync.Mutex
	bodies []string
}

func (h *hook) ServeHTTP(_ http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	h.mu.Lock()
	defer h.mu.Unlock()
	h.bodies = append(h.bodies, string(body))
}

func TestWhoeverIsToldGetsTheFinalLineAndNobodysName(t *testing.T) {
	dir := t.TempDir()
	sample := sandbox.DemoSample()
	web := httptest.NewServer(sandbox.New(sample.Company, sandbox.Options{ClientID: "id", ClientSecret: "sandbox-secret"}))
	defer web.Close()
	told := &hook{}
	service := httptest.NewServer(told)
	defer service.Close()
	if _, err := writeSample(dir, sample, ""); err != nil {
		t.Fatal(err)
	}
	environ := []string{
		"PROCORE_API_URL=" + web.URL, "PROCORE_LOGIN_URL=" + web.URL, "PROCORE_COMPANY_ID=" + string(sample.Company.ID),
		"PROCORE_CLIENT_ID=id", "PROCORE_CLIENT_SECRET=sandbox-secret", "ROLE_MAP=" + filepath.Join(dir, "role-map.csv"),
		"HR_CSV=" + filepath.Join(dir, "hr.csv"), "LEDGER_DIR=" + filepath.Join(dir, "runs"),
		"SYNC_NOTIFY_URL=generic://" + strings.TrimPrefix(service.URL, "http://") + "/?disabletls=yes",
		"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT=http://127.0.0.1:1/v1/traces", // a collector that is away
	}
	t.Setenv("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "http://127.0.0.1:1/v1/traces")
	t.Setenv("OTEL_EXPORTER_OTLP_TRACES_TIMEOUT", "200")
	written([]string{"plan"}, environ) // of a plan nobody is told
	out := written([]string{"apply", "--yes"}, environ)
	if len(told.bodies) != 1 {
		t.Fatalf("told %d times: %q\n%s", len(told.bodies), told.bodies, out)
	}
	for _, part := range []string{"exit 3, refused", "To approve: assignee-sync apply", "Run: "} {
		if !strings.Contains(told.bodies[0], part) {
			t.Errorf("%q is not in %q", part, told.bodies[0])
		}
	}
	if strings.Contains(told.bodies[0], "harborline.example") {
		t.Errorf("somebody is named: %q", told.bodies[0])
	}
	if !strings.Contains(out, "exit 3, refused") || !strings.Contains(out, "collector was not told") {
		t.Errorf("a collector that is away changes how the run ends, or is not warned of:\n%s", out)
	}
}
