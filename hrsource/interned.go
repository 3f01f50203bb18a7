package hrsource

import "strings"

// interned keeps each text once, and gives a number for it. Teams, roles and projects recur in every other row.
type interned struct {
	numbers map[string]uint32
	texts   []string
}

func (t *interned) number(text string) uint32 {
	if n, ok := t.numbers[text]; ok {
		return n
	}
	if t.numbers == nil {
		t.numbers = make(map[string]uint32)
	}
	n := uint32(len(t.texts))  // there are far fewer rows than 2^32
	text = strings.Clone(text) // not a part of the whole row
	t.texts = append(t.texts, text)
	t.numbers[text] = n
	return n
}

func (t *interned) text(n uint32) string { return t.texts[n] }
