package redact

import (
	"io"
	gosync "sync"
)

// Writer writes to another writer without secrets, even if a secret arrives in several writes. It is safe for
// concurrent use. Call Flush at the end.
type Writer struct {
	mu       gosync.Mutex
	w        io.Writer
	secrets  []string
	replacer *Replacer
	held     string // the end of what has arrived, which may be the beginning of a secret
}

// NewWriter returns a writer to w that knows no secret yet.
func NewWriter(w io.Writer) *Writer { return &Writer{w: w} }

// Hide makes the writer replace these secrets too from now on.
func (w *Writer) Hide(secrets ...string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.secrets = append(w.secrets, secrets...)
	w.replacer = New(w.secrets...)
}

// Write takes all of b, or returns the error of the writer behind it. Complete lines are written at once; otherwise the
// possible beginning of a secret is held back until more arrives.
func (w *Writer) Write(b []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.replacer == nil {
		return w.w.Write(b)
	}
	text := w.held + string(b)
	w.held = ""
	if len(b) > 0 && b[len(b)-1] != '\n' {
		cut := w.replacer.finished(text)
		text, w.held = text[:cut], text[cut:]
	}
	if _, err := io.WriteString(w.w, w.replacer.Text(text)); err != nil {
		return 0, err
	}
	return len(b), nil
}

// Flush writes what is held back.
func (w *Writer) Flush() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	text := w.held
	w.held = ""
	if text == "" {
		return nil
	}
	_, err := io.WriteString(w.w, w.replacer.Text(text))
	return err
}
