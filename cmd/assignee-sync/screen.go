package main

import (
	"fmt"
	"io"
	gosync "sync"
	"time"
)

// screen is standard error with a line of progress at its foot, which everything that is written replaces. Without a
// terminal there is no such line. It is safe for concurrent use.
type screen struct {
	w        io.Writer
	terminal bool
	now      func() time.Time

	mu    gosync.Mutex
	shown bool
	last  time.Time
}

const (
	clearLine    = "\r\x1b[K"
	progressPace = 100 * time.Millisecond
)

// Write takes the progress away first.
func (s *screen) Write(b []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.clear()
	return s.w.Write(b)
}

// progress shows how far a phase is, a few times a second.
func (s *screen) progress(phase string, done, total int) {
	if !s.terminal {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	if done < total && now.Sub(s.last) < progressPace {
		return
	}
	s.last = now
	s.clear()
	if done < total {
		fmt.Fprintf(s.w, "%s %d/%d", phase, done, total)
		s.shown = true
	}
}

// clear is called with the lock held.
func (s *screen) clear() {
	if s.shown {
		_, _ = io.WriteString(s.w, clearLine)
		s.shown = false
	}
}
