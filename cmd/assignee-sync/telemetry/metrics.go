package telemetry

import (
	"context"
	"errors"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
	sdkmetric "go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	"go.opentelemetry.io/otel/sdk/resource"

	"procore-assignee-sync/sync"
)

// metricsOf returns the metrics of a run. All of them are gauges, since each run is a process of its own and its
// figures are those of that run alone.
func metricsOf(ctx context.Context, about *resource.Resource, run Run) (*metricdata.ResourceMetrics, error) {
	reader := sdkmetric.NewManualReader()
	provider := sdkmetric.NewMeterProvider(sdkmetric.WithResource(about), sdkmetric.WithReader(reader))
	g := &gauges{ctx: ctx, meter: provider.Meter("assignee-sync"), command: attribute.String("command", string(run.Command))}
	g.count("assignee_sync.run.exit_code", "", run.ExitCode)
	g.seconds("assignee_sync.run.duration", run.Ended.Sub(run.Began).Seconds())
	if run.ExitCode == sync.ExitDone {
		g.seconds("assignee_sync.last_success.time", float64(run.Ended.Unix()))
	}
	if rec := run.Record; rec != nil {
		g.record(rec)
	}
	var out metricdata.ResourceMetrics
	return &out, errors.Join(g.err, reader.Collect(ctx, &out))
}

// gauges sets metrics, and collects errors.
type gauges struct {
	ctx     context.Context
	meter   metric.Meter
	command attribute.KeyValue
	err     error
}

func (g *gauges) count(name, unit string, value int, attrs ...attribute.KeyValue) {
	gauge, err := g.meter.Int64Gauge(name, metric.WithUnit(unit))
	g.err = errors.Join(g.err, err)
	gauge.Record(g.ctx, int64(value), metric.WithAttributes(append(attrs, g.command)...))
}

func (g *gauges) seconds(name string, value float64) {
	gauge, err := g.meter.Float64Gauge(name, metric.WithUnit("s"))
	g.err = errors.Join(g.err, err)
	gauge.Record(g.ctx, value, metric.WithAttributes(g.command))
}

func (g *gauges) record(rec *sync.Record) {
	type key struct{ status, action string }
	changes := map[key]int{}
	for _, c := range rec.Changes {
		changes[key{string(c.Status), string(c.Action)}]++
	}
	for k, n := range changes {
		g.count("assignee_sync.changes", "{change}", n, attribute.String("status", k.status), attribute.String("action", k.action))
	}
	s := rec.Summary
	for _, k := range s.Exceptions {
		for undone, n := range map[bool]int{true: k.Undone, false: k.Count - k.Undone} {
			if n > 0 {
				g.count("assignee_sync.exceptions", "{exception}", n, attribute.String("kind", string(k.Kind)), attribute.Bool("undone", undone))
			}
		}
	}
	for _, c := range s.Calls {
		for status, n := range map[string]int{"throttled": c.Throttled, "answered": c.Requests - c.Throttled} {
			if n > 0 {
				g.count("assignee_sync.api.calls", "{call}", n, attribute.String("endpoint", c.Endpoint), attribute.String("status", status))
			}
		}
	}
	for state, n := range map[string]int{"read": s.Presets.Read, "remembered": s.Presets.Remembered, "written": s.Results.PresetsWritten} {
		g.count("assignee_sync.presets", "{preset}", n, attribute.String("state", state))
	}
}
