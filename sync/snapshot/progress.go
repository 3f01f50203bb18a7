package snapshot

import gosync "sync"

// progress counts finished steps of a phase for whoever watches.
type progress struct {
	mu    gosync.Mutex
	tell  func(phase string, done, total int)
	phase string
	done  int
	total int
}

// newProgress tells that a phase of so many steps begins: its first step may have to wait for long.
func newProgress(tell func(string, int, int), phase string, total int) *progress {
	if tell != nil && total > 0 {
		tell(phase, 0, total)
	}
	return &progress{tell: tell, phase: phase, total: total}
}

func (p *progress) step() {
	if p.tell == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.done++
	p.tell(p.phase, p.done, p.total)
}
