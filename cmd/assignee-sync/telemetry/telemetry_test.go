package telemetry

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	gosync "sync"
	"testing"
	"time"

	metricspb "go.opentelemetry.io/proto/otlp/collector/metrics/v1"
	tracepb "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	"google.golang.org/protobuf/proto"
	"pgregory.net/rapid"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
)

// collector takes what is sent to it, as the protocol's own messages.
type collector struct {
	mu      gosync.Mutex
	bodies  map[string][]byte // by path
	traces  tracepb.ExportTraceServiceRequest
	metrics metricspb.ExportMetricsServiceRequest
}

func (c *collector) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.bodies[r.URL.Path] = body
	switch r.URL.Path {
	case "/v1/traces":
		err = proto.Unmarshal(body, &c.traces)
	case "/v1/metrics":
		err = proto.Unmarshal(body, &c.metrics)
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
	}
}

func listen(t *testing.T) *collector {
	t.Helper()
	c := &collector{bodies: map[string][]byte{}}
	server := httptest.NewServer(c)
	t.Cleanup(server.Close)
	t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", server.URL)
	return c
}

var at = time.Date(2026, 11, 26, 3, 15, 0, 0, time.UTC)

func sampleRun() Run {
	return Run{
		Command: sync.CommandApply, Version: "1.0", ExitCode: 4, Began: at, Ended: at.Add(time.Minute),
		Record: &sync.Record{
			Run:     sync.Run{ID: "20261126T031500Z-3f9a1c", Company: "8812"},
			Changes: []sync.Change{{Action: sync.Add, Status: sync.Applied}, {Action: sync.Remove, Status: sync.Failed}},
			Writes:  []sync.Write{{Ref: procore.PresetRef{Preset: "7001"}, Status: sync.Failed, HTTPStatus: 422, RequestID: "req-9", Began: at, Ended: at}},
			Summary: sync.Summary{
				Outcome:    sync.Incomplete,
				Durations:  []sync.PhaseDuration{{Phase: "hr", Began: at, Seconds: 1}, {Phase: "apply", Began: at.Add(time.Second), Seconds: 2}},
				Exceptions: []sync.KindCount{{Kind: sync.FailedKind, Count: 2, Undone: 1}},
				Calls:      []procore.CallCount{{Endpoint: "getProjectPreset", Requests: 5, Throttled: 1}},
				Presets:    sync.PresetsRead{Read: 3, Remembered: 2},
			},
		},
	}
}

func TestARunIsOneTraceWithItsPhasesAndWrites(t *testing.T) {
	c := listen(t)
	if err := Send(context.Background(), Wanted{Traces: true, Metrics: true}, sampleRun()); err != nil {
		t.Fatal(err)
	}
	spans := c.traces.ResourceSpans[0].ScopeSpans[0].Spans
	var names []string
	for _, s := range spans {
		names = append(names, s.Name)
		if string(s.TraceId) != string(spans[0].TraceId) {
			t.Errorf("%s is of another trace", s.Name)
		}
		if s.Name == "write preset" {
			attrs := map[string]string{}
			for _, a := range s.Attributes {
				attrs[a.Key] = strings.TrimSpace(a.Value.GetStringValue())
			}
			if attrs["assignee_sync.preset_id"] != "7001" || attrs["procore.request_id"] != "req-9" || attrs["assignee_sync.status"] != "failed" {
				t.Errorf("a write says %v", attrs)
			}
		}
	}
	slices.Sort(names)
	if want := []string{"apply", "assignee-sync apply", "hr", "write preset"}; !slices.Equal(names, want) {
		t.Errorf("spans %q, want %q", names, want)
	}
}

func TestTheMetricsAreThoseThatTheDesignNames(t *testing.T) {
	c := listen(t)
	run := sampleRun()
	run.ExitCode = 0
	if err := Send(context.Background(), Wanted{Metrics: true}, run); err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, m := range c.metrics.ResourceMetrics[0].ScopeMetrics[0].Metrics {
		names = append(names, m.Name)
	}
	slices.Sort(names)
	want := []string{
		"assignee_sync.api.calls", "assignee_sync.changes", "assignee_sync.exceptions", "assignee_sync.last_success.time",
		"assignee_sync.presets", "assignee_sync.run.duration", "assignee_sync.run.exit_code",
	}
	if !slices.Equal(names, want) {
		t.Errorf("metrics %q, want %q", names, want)
	}
	if len(c.bodies) != 1 {
		t.Error("a trace was sent that nobody asked for")
	}
}

// Whoever is in the record: neither trace nor metrics hold a name, a login or a number of theirs.
func TestNobodyIsNamedToTheCollector(t *testing.T) {
	c := listen(t)
	rapid.Check(t, func(t *rapid.T) {
		run := sampleRun()
		text := rapid.StringMatching(`secret-[a-z0-9]{8}`)
		var hidden []string
		draw := func(what string) string {
			s := text.Draw(t, what)
			hidden = append(hidden, s)
			return s
		}
		run.Record.Changes = append(run.Record.Changes, sync.Change{
			Login: draw("login"), PersonName: draw("name"), EmployeeID: draw("number"), LoginID: procore.LoginID(draw("id")), Reason: sync.Only(draw("reason")),
			GroupName: draw("group"), ProjectName: draw("project"), Source: sync.Positions{draw("source")}, Error: draw("error"), Action: sync.Add, Status: sync.Applied,
		})
		run.Record.Exceptions = []sync.Exception{{Kind: sync.Ambiguous, Subject: draw("subject"), Detail: draw("detail")}}
		run.Record.Run.By, run.Record.Run.Reason, run.Record.Run.ApprovedBy = draw("by"), draw("why"), draw("approver")

		if err := Send(context.Background(), Wanted{Traces: true, Metrics: true}, run); err != nil {
			t.Fatal(err)
		}
		for path, body := range c.bodies {
			for _, s := range hidden {
				if strings.Contains(string(body), s) {
					t.Fatalf("%s holds %q", path, s)
				}
			}
		}
	})
}

func TestACollectorThatIsAwaySlowOrHostileIsAnErrorAndNoMore(t *testing.T) {
	stop := make(chan struct{})
	defer close(stop)
	for rule, handler := range map[string]http.HandlerFunc{
		"slow": func(_ http.ResponseWriter, r *http.Request) {
			select {
			case <-r.Context().Done():
			case <-stop:
			}
		},
		"refusing": func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "no", http.StatusBadRequest) },
		"overloaded": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", "3600")
			w.WriteHeader(http.StatusServiceUnavailable)
		},
		"talking without end": func(w http.ResponseWriter, r *http.Request) {
			for r.Context().Err() == nil {
				if _, err := w.Write(make([]byte, 1<<16)); err != nil {
					return
				}
			}
		},
	} {
		t.Run(rule, func(t *testing.T) {
			server := httptest.NewServer(handler)
			defer server.CloseClientConnections()
			t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", server.URL)
			ctx, cancel := context.WithTimeout(context.Background(), 200*time.Millisecond)
			defer cancel()
			if err := Send(ctx, Wanted{Traces: true, Metrics: true}, sampleRun()); err == nil && rule != "talking without end" {
				t.Error("nothing is said of it")
			}
		})
	}
	t.Run("away", func(t *testing.T) {
		t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:1")
		ctx, cancel := context.WithTimeout(context.Background(), 200*time.Millisecond)
		defer cancel()
		if err := Send(ctx, Wanted{Traces: true}, sampleRun()); err == nil {
			t.Error("nothing is said of it")
		}
	})
}

func TestNothingIsSentUnlessAsked(t *testing.T) {
	for environ, want := range map[string]Wanted{
		"":                                     {},
		"OTEL_EXPORTER_OTLP_ENDPOINT=http://c": {true, true},
		"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT=http://c":                              {Traces: true},
		"OTEL_EXPORTER_OTLP_METRICS_ENDPOINT=http://c":                             {Metrics: true},
		"OTEL_EXPORTER_OTLP_ENDPOINT=http://c OTEL_SDK_DISABLED=true":              {},
		"OTEL_EXPORTER_OTLP_ENDPOINT=http://c OTEL_TRACES_EXPORTER=none":           {Metrics: true},
		"OTEL_EXPORTER_OTLP_ENDPOINT=http://c OTEL_METRICS_EXPORTER=none":          {Traces: true},
		"OTEL_EXPORTER_OTLP_ENDPOINT= OTEL_EXPORTER_OTLP_TRACES_ENDPOINT=http://c": {Traces: true},
	} {
		if got := Asked(strings.Fields(environ)); got != want {
			t.Errorf("%q asks for %+v, want %+v", environ, got, want)
		}
	}
}
