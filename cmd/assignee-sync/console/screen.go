package console

import (
	"cmp"
	"io"
	gosync "sync"
)

// screen is standard error with a line of progress at its foot, which everything that is written replaces. It is safe
// for concurrent use.
type screen struct {
	w     io.Writer
	width func() int // in columns; nil or 0: not known

	mu    gosync.Mutex
	shown bool
}

const clearLine = "\r\x1b[K"

// Write takes the progress away first.
func (s *screen) Write(b []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.clear()
	return s.w.Write(b)
}

// show puts a line at the foot; an empty one takes it away.
func (s *screen) show(line string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.clear()
	if line != "" {
		_, _ = io.WriteString(s.w, s.fit(line))
		s.shown = true
	}
}

// fit cuts a line to the width of the terminal: one that goes on in the next row could not be taken away.
func (s *screen) fit(line string) string {
	letters := []rune(line)
	return string(letters[:min(len(letters), cmp.Or(s.columns(), 80)-1)])
}

// columns is the width of the terminal; 0 where it is not known.
func (s *screen) columns() int {
	if s.width == nil {
		return 0
	}
	return s.width()
}

// clear is called with the lock held.
func (s *screen) clear() {
	if s.shown {
		_, _ = io.WriteString(s.w, clearLine)
		s.shown = false
	}
}
