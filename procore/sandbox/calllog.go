package sandbox

import (
	"slices"
	"sync"
	"sync/atomic"
)

// callLog counts requests by operation, and keeps them where asked.
type callLog struct {
	keep   bool
	seq    atomic.Int64
	counts [operations]atomic.Int64

	mu  sync.Mutex
	all []Request
}

// Requests gives every request so far in order of arrival; nothing unless Options.LogRequests is set.
func (s *Server) Requests() []Request {
	s.calls.mu.Lock()
	defer s.calls.mu.Unlock()
	all := slices.Clone(s.calls.all)
	slices.SortFunc(all, func(a, b Request) int { return a.Seq - b.Seq })
	return all
}

// CallCounts says how often each operation was asked for, by its operationId in the API document, those that failed or
// were refused included. Operations that nobody asked for are left out; "unknown" counts requests for anything else.
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
