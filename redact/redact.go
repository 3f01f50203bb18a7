// Package redact removes secrets from text before anybody reads it. This program never prints a secret itself; the text
// comes from others, such as an answer that repeats what it was sent. A secret is found in every form in which it is
// usually written: as it is; escaped for a URL, JSON, Go or HTML; and in base64, even as part of something longer such
// as the "id:secret" of HTTP's basic authentication (RFC 7617).
package redact

import (
	"cmp"
	"slices"
	"strings"
)

// Mark replaces a secret.
const Mark = "(secret)"

const (
	// leastLength is the length, in bytes, of the shortest text that is treated as a secret: hiding a shorter one would
	// hide half of every message.
	leastLength = 4
	// anywhere is the length, in bytes, from which a secret is also looked for inside words.
	anywhere = 8
)

// Replacer replaces secrets by Mark. A nil Replacer knows no secrets. It is safe for concurrent use.
type Replacer struct {
	long  *strings.Replacer
	short []string // longest first; replaced only as whole words
	all   []string // every form
}

// New returns a replacer for the secrets in all their forms. It ignores secrets shorter than four bytes, and hides
// those shorter than eight only if there is no letter, digit, hyphen or underscore beside them.
func New(secrets ...string) *Replacer {
	r := &Replacer{}
	for _, s := range secrets {
		if len(s) >= leastLength {
			r.all = append(r.all, forms(s)...)
		}
	}
	slices.SortFunc(r.all, func(a, b string) int { return cmp.Or(cmp.Compare(len(b), len(a)), cmp.Compare(a, b)) })
	r.all = slices.Compact(r.all)
	var pairs []string
	for _, form := range r.all {
		if len(form) < anywhere {
			r.short = append(r.short, form)
			continue
		}
		pairs = append(pairs, form, Mark)
	}
	r.long = strings.NewReplacer(pairs...)
	return r
}

// Text returns the text without secrets.
func (r *Replacer) Text(s string) string {
	if r == nil {
		return s
	}
	s = r.long.Replace(s)
	for _, word := range r.short {
		s = replaceWord(s, word)
	}
	return s
}

// replaceWord replaces a text where it is a word of its own.
func replaceWord(s, word string) string {
	var b strings.Builder
	rest := 0 // everything before it has been written
	for from := 0; ; {
		at := strings.Index(s[from:], word)
		if at < 0 {
			b.WriteString(s[rest:])
			return b.String()
		}
		start, end := from+at, from+at+len(word)
		from = start + 1
		if start > 0 && isWord(s[start-1]) || end < len(s) && isWord(s[end]) {
			continue
		}
		b.WriteString(s[rest:start])
		b.WriteString(Mark)
		rest, from = end, end
	}
}

func isWord(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '_' || c == '-'
}

// finished returns how much of a text can be written before more of it arrives: up to where a secret may begin that
// continues in what follows.
func (r *Replacer) finished(s string) int {
	end := len(s)
	for _, form := range r.all {
		for n := min(len(form)-1, len(s)); n > len(s)-end; n-- {
			if strings.HasPrefix(form, s[len(s)-n:]) {
				end = len(s) - n
			}
		}
	}
	// Do not cut a complete secret in two.
	for moved := true; moved; {
		moved = false
		for _, form := range r.all {
			from := max(0, end-len(form)+1)
			if at := strings.Index(s[from:min(len(s), end+len(form)-1)], form); at >= 0 && from+at < end {
				end, moved = from+at, true
			}
		}
	}
	return end
}
