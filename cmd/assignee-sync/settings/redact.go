package settings

import (
	"io"
	"net/url"
	"strings"
	"sync/atomic"
)

// minRedacted is the shortest secret that is looked for in what is written: a shorter one would blot out ordinary words.
const minRedacted = 8

// Redactor writes through to a writer, with known secrets replaced. No part of the program prints a secret; this is for texts
// of others, such as an answer that repeats what was sent. Each write must hold whole lines.
type Redactor struct {
	w        io.Writer
	replacer atomic.Pointer[strings.Replacer]
}

// NewRedactor returns a redactor that writes to w and knows no secret yet.
func NewRedactor(w io.Writer) *Redactor { return &Redactor{w: w} }

// Hide makes the Redactor look for these secrets from now on.
func (r *Redactor) Hide(secrets ...Secret) {
	var pairs []string
	add := func(s string) {
		if len(s) >= minRedacted {
			pairs = append(pairs, s, redacted)
		}
	}
	for _, s := range secrets {
		add(s.Reveal())
		if u, err := url.Parse(s.Reveal()); err == nil && u.User != nil {
			password, _ := u.User.Password()
			add(password)
			add(url.QueryEscape(password))
		}
	}
	r.replacer.Store(strings.NewReplacer(pairs...))
}

// Write never writes less than it was given without an error.
func (r *Redactor) Write(b []byte) (int, error) {
	replacer := r.replacer.Load()
	if replacer == nil {
		return r.w.Write(b)
	}
	if _, err := io.WriteString(r.w, replacer.Replace(string(b))); err != nil {
		return 0, err
	}
	return len(b), nil
}
