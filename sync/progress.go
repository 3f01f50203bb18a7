package sync

import "sync"

// Progress counts completed steps and reports them. It is safe for concurrent use.
type Progress struct {
	mu    sync.Mutex
	tell  func(done, total int)
	done  int
	total int
}

// NewProgress returns a count of total steps, which calls tell after each. tell may be nil.
func NewProgress(tell func(done, total int), total int) *Progress {
	return &Progress{tell: tell, total: total}
}

// Step counts one more step as done and reports it, one call at a time.
func (p *Progress) Step() {
	if p.tell == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.done++
	p.tell(p.done, p.total)
}
