package console

import (
	"cmp"
	"io"
	gosync "sync"
)

// screen is standard error with a progress line at the bottom, which is erased before anything else is written. It is
// safe for concurrent use.
type screen struct {
	w     io.Writer
	width func() int // in columns; nil or 0 if unknown

	mu    gosync.Mutex
	shown bool
}

const clearLine = "\r\x1b[K"

// Write erases the progress line first.
func (s *screen) Write(b []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.clear()
	return s.w.Write(b)
}

// show shows a line at the bottom; an empty one erases it.
func (s *screen) show(line string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.clear()
	if line != "" {
		_, _ = io.WriteString(s.w, s.fit(line))
		s.shown = true
	}
}

// fit cuts a line to the width of the terminal, since a line that continues in the next row could not be erased.
func (s *screen) fit(line string) string {
	letters := []rune(line)
	return string(letters[:min(len(letters), cmp.Or(s.columns(), 80)-1)])
}

// columns returns the width of the terminal, or 0 if unknown.
func (s *screen) columns() int {
	if s.width == nil {
		return 0
	}
	return s.width()
}

// clear erases the line. The caller holds the lock.
func (s *screen) clear() {
	if s.shown {
		_, _ = io.WriteString(s.w, clearLine)
		s.shown = false
	}
}
