package sandbox

import (
	"net/http"
	"net/url"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

func inProcess(t *testing.T, opts Options) *api {
	t.Helper()
	server := New(smallCompany(), opts)
	return newAPI(t, server, &http.Client{Transport: server.Transport()}, "https://api.procore.example")
}

func TestTheHeadersSpeakForTheWindowNearerToItsEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := inProcess(t, Options{Hourly: 5, TenSecond: 3}).login()
		start := time.Now()
		at := func(d time.Duration) string { return strconv.FormatInt(start.Add(d).Unix(), 10) }
		tests := []struct {
			wait                   time.Duration
			status                 int
			limit, remaining, till string
		}{
			{0, 200, "3", "2", at(10 * time.Second)},
			{0, 200, "3", "1", at(10 * time.Second)},
			{0, 200, "3", "0", at(10 * time.Second)},
			{4 * time.Second, 429, "3", "0", at(10 * time.Second)},
			{6 * time.Second, 200, "5", "1", at(time.Hour)},
			{0, 200, "5", "0", at(time.Hour)},
			{0, 429, "5", "0", at(time.Hour)},
			{10 * time.Second, 429, "5", "0", at(time.Hour)},
			{time.Hour - 20*time.Second, 200, "3", "2", at(time.Hour + 10*time.Second)},
		}
		for i, test := range tests {
			time.Sleep(test.wait)
			got := a.get(company + "tools")
			want := []string{test.limit, test.remaining, test.till}
			have := []string{got.header.Get("X-Rate-Limit-Limit"), got.header.Get("X-Rate-Limit-Remaining"), got.header.Get("X-Rate-Limit-Reset")}
			if diff := cmp.Diff(want, have); diff != "" || got.status != test.status {
				t.Errorf("request %d answered %d, want %d; limit, remaining, reset (-want +got):\n%s", i+1, got.status, test.status, diff)
			}
			if got.status == http.StatusTooManyRequests {
				reset, _ := strconv.ParseInt(test.till, 10, 64)
				if wait := strconv.FormatInt(reset-time.Now().Unix(), 10); got.header.Get("Retry-After") != wait {
					t.Errorf("request %d: Retry-After %s, want %s", i+1, got.header.Get("Retry-After"), wait)
				}
			}
		}
	})
}

func TestEveryAnswerTellsOfTheLimits(t *testing.T) {
	for _, opts := range []Options{{}, {Hourly: 50}, {TenSecond: 50}, {Hourly: 50, TenSecond: 50}} {
		a := inProcess(t, opts).login()
		answers := map[string]answer{
			"a read": a.get(company + "tools"), "v1": a.get("/rest/v1.0/me"), "404": a.get("/rest/v2.0/companies/42/workflows/nothing"),
			"400": a.get(tower + "presets"), "422": a.patch(towerAt+"/assignees", groupsBody(groupPM+" 7")),
			"a token": a.form(url.Values{}), "a response": a.post(runAt+"/responses", responseText(a, "2000", "")),
		}
		a.token = ""
		answers["401"] = a.get(company + "tools")
		for name, got := range answers {
			for _, header := range []string{"X-Rate-Limit-Limit", "X-Rate-Limit-Remaining", "X-Rate-Limit-Reset"} {
				if n, err := strconv.Atoi(got.header.Get(header)); err != nil || n < 1 {
					t.Errorf("%+v, %s (%d): %s is %q", opts, name, got.status, header, got.header.Get(header))
				}
			}
		}
	}
}

func TestLimitsMayChange(t *testing.T) {
	a := inProcess(t, Options{TenSecond: 100}).login()
	a.get(company + "tools")
	a.server.SetLimits(0, 1)
	if got := a.get(company + "tools"); got.status != http.StatusTooManyRequests {
		t.Errorf("answered %d, want 429", got.status)
	}
	a.server.SetLimits(0, 0)
	if got := a.get(company + "tools"); got.status != http.StatusOK {
		t.Errorf("answered %d, want 200", got.status)
	}
}

func TestLatencyIsVirtualTimeInABubble(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := inProcess(t, Options{Latency: 200 * time.Millisecond}).login()
		start := time.Now()
		a.get(company + "tools")
		if took := time.Since(start); took != 200*time.Millisecond {
			t.Errorf("took %v", took)
		}
	})
}

func TestASlowBodyTakesItsTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		opts := faulty(t, "slow delay=16s")
		a := inProcess(t, opts).login()
		start := time.Now()
		a.get(towerAt)
		if took := time.Since(start); took != 16*time.Second {
			t.Errorf("took %v", took)
		}
	})
}

func TestCallsAreCountedByOperation(t *testing.T) {
	a := inProcess(t, faulty(t, "500 on=listWorkflowTools")).login()
	a.get(company + "tools")
	a.get(towerAt)
	a.get(towerAt)
	a.get("/rest/v9/anything")
	a.patch(towerAt+"/assignees", groupsBody(groupPM+" 3"))
	want := map[string]int{"createToken": 1, "listWorkflowTools": 1, "getProjectPreset": 2, "unknown": 1, "updateProjectPresetAssignees": 1}
	if diff := cmp.Diff(want, a.server.CallCounts()); diff != "" {
		t.Errorf("counts (-want +got):\n%s", diff)
	}
	requests := a.server.Requests()
	if len(requests) != 6 {
		t.Fatalf("%d requests are kept, want 6", len(requests))
	}
	if r := requests[1]; r.Operation != "listWorkflowTools" || r.Status != 500 || r.Fault != "500 on=listWorkflowTools" || r.Seq != 2 {
		t.Errorf("the second request is %+v", r)
	}
	if r := requests[5]; string(r.Body) != groupsBody(groupPM+" 3") || r.Method != "PATCH" || r.Path != towerAt+"/assignees" {
		t.Errorf("the last request is %+v", r)
	}
}
