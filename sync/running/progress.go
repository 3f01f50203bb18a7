package running

import gosync "sync"

// progress counts the places that are done. It is safe for concurrent use.
type progress struct {
	mu    gosync.Mutex
	tell  func(done, total int)
	done  int
	total int
}

func newProgress(tell func(done, total int), total int) *progress {
	return &progress{tell: tell, total: total}
}

func (p *progress) step() {
	if p.tell == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.done++
	p.tell(p.done, p.total)
}
