package telemetry

import (
	"context"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"

	"procore-assignee-sync/sync"
)

// spansOf returns the trace of a run: the run itself, its phases, and each write with its preset, status and request
// id.
func spansOf(ctx context.Context, about *resource.Resource, run Run) []sdktrace.ReadOnlySpan {
	kept := &keeper{}
	tracer := sdktrace.NewTracerProvider(sdktrace.WithResource(about), sdktrace.WithSpanProcessor(kept)).Tracer("assignee-sync")
	ctx, root := tracer.Start(ctx, "assignee-sync "+string(run.Command), trace.WithTimestamp(run.Began), trace.WithAttributes(
		attribute.String("assignee_sync.command", string(run.Command)), attribute.Int("assignee_sync.exit_code", run.ExitCode)))
	if rec := run.Record; rec != nil {
		root.SetAttributes(
			attribute.String("assignee_sync.run_id", rec.Run.ID), attribute.String("assignee_sync.company_id", string(rec.Run.Company)),
			attribute.String("assignee_sync.outcome", string(rec.Summary.Outcome)))
		for _, phase := range rec.Summary.Durations {
			within, span := tracer.Start(ctx, phase.Phase, trace.WithTimestamp(phase.Began))
			if phase.Phase == "apply" {
				for _, w := range rec.Writes {
					addWrite(within, tracer, w)
				}
			}
			span.End(trace.WithTimestamp(phase.Began.Add(time.Duration(phase.Seconds * float64(time.Second)))))
		}
	}
	if run.ExitCode != sync.ExitDone && run.ExitCode != sync.ExitChanges {
		root.SetStatus(codes.Error, "")
	}
	root.End(trace.WithTimestamp(run.Ended))
	return kept.spans
}

func addWrite(ctx context.Context, tracer trace.Tracer, w sync.Write) {
	_, span := tracer.Start(ctx, "write preset", trace.WithTimestamp(w.Began), trace.WithAttributes(
		attribute.String("assignee_sync.preset_id", string(w.Ref.Preset)), attribute.String("assignee_sync.status", string(w.Status)),
		attribute.Int("http.response.status_code", w.HTTPStatus), attribute.String("procore.request_id", w.RequestID)))
	if w.Status != sync.Applied {
		span.SetStatus(codes.Error, "")
	}
	span.End(trace.WithTimestamp(w.Ended))
}

// keeper collects ended spans, to send them all at once.
type keeper struct{ spans []sdktrace.ReadOnlySpan }

// OnStart does nothing: only ended spans are sent.
func (k *keeper) OnStart(context.Context, sdktrace.ReadWriteSpan) {}

// OnEnd keeps the span.
func (k *keeper) OnEnd(span sdktrace.ReadOnlySpan) { k.spans = append(k.spans, span) }

// Shutdown has nothing to release.
func (k *keeper) Shutdown(context.Context) error { return nil }

// ForceFlush has nothing to send.
func (k *keeper) ForceFlush(context.Context) error { return nil }
