package sync

import "sync"

// Progress counts steps that are done for whoever watches. It is safe for concurrent use.
type Progress struct {
	mu    sync.Mutex
	tell  func(done, total int)
	done  int
	total int
}

// NewProgress returns a count of so many steps, of which each that is done is told. tell may be nil.
func NewProgress(tell func(done, total int), total int) *Progress {
	return &Progress{tell: tell, total: total}
}

// Step counts one more as done, and tells of it: one call at a time.
func (p *Progress) Step() {
	if p.tell == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.done++
	p.tell(p.done, p.total)
}
