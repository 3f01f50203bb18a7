package procore

import (
	"errors"
	"sync"

	"procore-assignee-sync/redact"
)

// secrets takes the service account's id and secret and its tokens out of what servers, proxies and redirects say,
// before it goes into an error or a log.
type secrets struct {
	mu       sync.Mutex
	all      []string // old tokens too, for they may be repeated as well
	replacer *redact.Replacer
}

func newSecrets(known ...string) *secrets { return &secrets{all: known} }

// learn adds a token.
func (s *secrets) learn(token string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.all, s.replacer = append(s.all, token), nil
}

// hide returns a text from outside without secrets. It must not have been cut before: a part of a secret would not be
// found.
func (s *secrets) hide(text string) string {
	s.mu.Lock()
	if s.replacer == nil { // made when needed for the first time: most clients never need it
		s.replacer = redact.New(s.all...)
	}
	replacer := s.replacer
	s.mu.Unlock()
	return replacer.Text(text)
}

// mostSearched is how many bytes of a text from outside are searched for secrets; far fewer of them are shown.
const mostSearched = 64 << 10

// words makes a text from outside fit to be shown: without secrets, valid, on one line, bounded, nothing invisible.
func (s *secrets) words(text string) string {
	return clean(s.hide(text[:min(len(text), mostSearched)]))
}

// hideIn returns err where its text is fit to be shown, and otherwise an error with the text made so, which is still
// known by errors.Is and errors.As for what it was.
func (s *secrets) hideIn(err error) error {
	was := err.Error()
	if text := s.words(was); text != was {
		return &hiddenError{text, err}
	}
	return err
}

// hiddenError says an error in other words than its own.
type hiddenError struct {
	text string
	err  error
}

func (e *hiddenError) Error() string { return e.text }

// Is reports whether the error behind is target. There is no Unwrap: nobody is to come by its text.
func (e *hiddenError) Is(target error) bool { return errors.Is(e.err, target) }

// As finds an error behind that target can hold.
func (e *hiddenError) As(target any) bool { return errors.As(e.err, target) }
