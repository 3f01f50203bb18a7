package procore

import (
	"errors"
	"sync"

	"procore-assignee-sync/redact"
)

// secrets removes the service account's id and secret and its tokens from what servers, proxies and redirects say,
// before it goes into an error or a log.
type secrets struct {
	mu       sync.Mutex
	all      []string // including old tokens, which may be repeated as well
	replacer *redact.Replacer
}

func newSecrets(known ...string) *secrets { return &secrets{all: known} }

// learn adds a token.
func (s *secrets) learn(token string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.all, s.replacer = append(s.all, token), nil
}

// hide returns a text from outside without secrets. The text must not have been cut before, since part of a secret
// would not be found.
func (s *secrets) hide(text string) string {
	s.mu.Lock()
	if s.replacer == nil { // created on first use: most clients never need it
		s.replacer = redact.New(s.all...)
	}
	replacer := s.replacer
	s.mu.Unlock()
	return replacer.Text(text)
}

// mostSearched is how many bytes of a text from outside are searched for secrets; far fewer are shown.
const mostSearched = 64 << 10

// words makes a text from outside fit to be shown: without secrets, valid, on one line, bounded, and without invisible
// characters.
func (s *secrets) words(text string) string {
	return clean(s.hide(text[:min(len(text), mostSearched)]))
}

// hideIn returns err if its text is fit to be shown, and otherwise an error with a text that is. errors.Is and
// errors.As still recognise it.
func (s *secrets) hideIn(err error) error {
	was := err.Error()
	if text := s.words(was); text != was {
		return &hiddenError{text, err}
	}
	return err
}

// hiddenError is an error with a different text.
type hiddenError struct {
	text string
	err  error
}

func (e *hiddenError) Error() string { return e.text }

// Is reports whether the original error is target. There is no Unwrap, so that nobody can get at the original text.
func (e *hiddenError) Is(target error) bool { return errors.Is(e.err, target) }

// As finds the original error, or one that it wraps, for target.
func (e *hiddenError) As(target any) bool { return errors.As(e.err, target) }
