package sandbox

import (
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"procore-assignee-sync/procore"
)

// Write is one PATCH that was applied. Its slices belong to the server's record and must not be changed.
type Write struct {
	Seq    int // order among writes and edits
	Time   time.Time
	Ref    procore.PresetRef
	Body   []byte // as sent
	Before Preset
	After  Preset

	RequestID string // X-Request-Id of the answer

	// Fault is what else happened to the request, such as "lost" or "damage"; empty if nothing did.
	Fault string
}

// Edit is someone's change by hand.
type Edit struct {
	Seq    int // order among writes and edits
	Time   time.Time
	Ref    procore.PresetRef
	Before Preset
	After  Preset
}

// Request is one request as it came in.
type Request struct {
	Seq       int // order of arrival, from 1
	Time      time.Time
	Operation string // operationId in the API document; empty for an unknown path
	Method    string
	Path      string // without the base path
	Query     string
	Body      []byte
	Status    int    // 0 if no answer was given
	RequestID string // X-Request-Id
	Fault     string // the faults that applied to it, as ParseFaults reads them
}

// InstanceWrite is one invitation or response to a workflow that was applied.
type InstanceWrite struct {
	Seq       int // order among writes and edits, including those of presets
	Time      time.Time
	Ref       procore.InstanceRef
	Operation string // operationId of the API document
	Body      []byte // as sent
	Before    Instance
	After     Instance

	RequestID string // X-Request-Id of the answer
	Fault     string // what else happened to the request; empty if nothing did
}

// InstanceEdit is a change of a workflow that no request made: by hand, or its start, before which there was nothing.
type InstanceEdit struct {
	Seq    int // order among writes and edits, including those of presets
	Time   time.Time
	Ref    procore.InstanceRef
	Before Instance
	After  Instance
}

// callLog counts requests by operation, and keeps them if asked to.
type callLog struct {
	keep   bool
	seq    atomic.Int64
	counts [operations]atomic.Int64

	mu  sync.Mutex
	all []Request
}

// Requests returns every request so far in order of arrival, or nothing unless Options.LogRequests is set.
func (s *Server) Requests() []Request {
	s.calls.mu.Lock()
	defer s.calls.mu.Unlock()
	all := slices.Clone(s.calls.all)
	slices.SortFunc(all, func(a, b Request) int { return a.Seq - b.Seq })
	return all
}

// CallCounts returns how often each operation was requested, by its operationId in the API document and including
// requests that failed or were refused. It leaves out operations that were not requested; "unknown" counts requests for
// anything else.
func (s *Server) CallCounts() map[string]int {
	counts := make(map[string]int)
	for op := range operations {
		if n := s.calls.counts[op].Load(); n > 0 {
			counts[op.String()] = int(n)
		}
	}
	return counts
}

func (l *callLog) record(r Request) {
	if !l.keep {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.all = append(l.all, r)
}
