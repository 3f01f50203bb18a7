package hrsource

import (
	"context"
	"io"
)

// patientReader reads until its context ends, even while nothing comes: someone at a terminal, or a program that hangs,
// must not keep the job from stopping. The read that was waited for is left behind then; it ends with its source.
type patientReader struct {
	ctx  context.Context // io.Reader has no context of its own
	from io.Reader
}

func (p *patientReader) Read(into []byte) (int, error) {
	if err := p.ctx.Err(); err != nil {
		return 0, err // an earlier read may still be under way
	}
	type answer struct {
		n   int
		err error
	}
	own := make([]byte, len(into)) // not into itself, which the caller may use again before a read left behind ends
	done := make(chan answer, 1)
	go func() {
		n, err := p.from.Read(own)
		done <- answer{n, err}
	}()
	select {
	case <-p.ctx.Done():
		return 0, p.ctx.Err()
	case got := <-done:
		return copy(into, own[:got.n]), got.err
	}
}
