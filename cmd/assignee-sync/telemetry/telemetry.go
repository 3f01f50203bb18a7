// Package telemetry tells an OpenTelemetry collector how a run went, after it has ended: a trace with the run's phases
// and a span for each write, and metrics. All of it is made from the finished record, so a collector can't affect a
// run. It contains nobody's name, login or number.
//
// It is on if OTEL_EXPORTER_OTLP_ENDPOINT or its form for traces or metrics is set, and follows the standard variables
// (https://opentelemetry.io/docs/specs/otel/protocol/exporter/), over OTLP/HTTP.
package telemetry

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"

	"go.opentelemetry.io/otel/exporters/otlp/otlpmetric/otlpmetrichttp"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/sdk/resource"
	semconv "go.opentelemetry.io/otel/semconv/v1.37.0"

	"procore-assignee-sync/sync"
)

// Run is what is reported about one run.
type Run struct {
	Command      sync.Command
	Version      string // of assignee-sync
	ExitCode     int
	Began, Ended time.Time
	Record       *sync.Record // nil if the run ended before it had one
}

// Wanted says which signals the environment asks for.
type Wanted struct{ Traces, Metrics bool }

// Asked returns what the environment, as NAME=value, asks for.
func Asked(environ []string) Wanted {
	set := func(name string) string {
		for _, pair := range environ {
			if value, ok := strings.CutPrefix(pair, name+"="); ok {
				return strings.TrimSpace(value)
			}
		}
		return ""
	}
	if strings.EqualFold(set("OTEL_SDK_DISABLED"), "true") {
		return Wanted{}
	}
	both := set("OTEL_EXPORTER_OTLP_ENDPOINT") != ""
	return Wanted{
		Traces:  (both || set("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT") != "") && set("OTEL_TRACES_EXPORTER") != "none",
		Metrics: (both || set("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT") != "") && set("OTEL_METRICS_EXPORTER") != "none",
	}
}

// Send sends a run to the collector. It returns when ctx ends at the latest; an error says what the collector did not
// get.
func Send(ctx context.Context, want Wanted, run Run) error {
	about, err := resource.New(ctx, resource.WithTelemetrySDK(),
		resource.WithAttributes(semconv.ServiceName("assignee-sync"), semconv.ServiceVersion(run.Version)), resource.WithFromEnv())
	if err != nil {
		return fmt.Errorf("read OTEL_RESOURCE_ATTRIBUTES: %w", err)
	}
	metrics := begin(want.Metrics, func() error { return sendMetrics(ctx, about, run) })
	traces := begin(want.Traces, func() error { return sendTrace(ctx, about, run) })
	first, second := resultOf(ctx, "metrics", metrics), resultOf(ctx, "traces", traces)
	if first != nil && second != nil {
		return fmt.Errorf("%w; %w", first, second) // a warning is one line
	}
	return cmp.Or(first, second)
}

// begin sends in the background, if it is wanted.
func begin(wanted bool, send func() error) <-chan error {
	result := make(chan error, 1)
	if !wanted {
		result <- nil
		return result
	}
	go func() { result <- send() }()
	return result
}

// resultOf waits for what was begun. An exporter that does not stop when told to is abandoned.
func resultOf(ctx context.Context, what string, result <-chan error) error {
	select {
	case err := <-result:
		if err != nil && ctx.Err() == nil {
			return fmt.Errorf("send %s: %w", what, err)
		}
		if err == nil {
			return nil
		}
	case <-ctx.Done():
	}
	return fmt.Errorf("send %s: no answer in time", what)
}

func sendTrace(ctx context.Context, about *resource.Resource, run Run) error {
	exporter, err := otlptracehttp.New(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = exporter.Shutdown(ctx) }() // it has sent everything
	return exporter.ExportSpans(ctx, spansOf(ctx, about, run))
}

func sendMetrics(ctx context.Context, about *resource.Resource, run Run) error {
	exporter, err := otlpmetrichttp.New(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = exporter.Shutdown(ctx) }()
	metrics, err := metricsOf(ctx, about, run)
	if err != nil {
		return err
	}
	return exporter.Export(ctx, metrics)
}
