package hrsource

import "time"

// packedDate is a Date in four bytes; 0 is none.
type packedDate uint32

func packDate(d Date) packedDate {
	return packedDate(d.Year)<<16 | packedDate(d.Month)<<8 | packedDate(d.Day) //nolint:gosec // years have four digits
}

func (p packedDate) date() Date {
	return Date{Year: int(p >> 16), Month: time.Month(p >> 8 & 0xFF), Day: int(p & 0xFF)}
}

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
	n := uint32(len(t.texts))   //nolint:gosec // there are far fewer rows than 2^32
	text = string([]byte(text)) // a copy of its own, not a part of the whole row
	t.texts = append(t.texts, text)
	t.numbers[text] = n
	return n
}

func (t *interned) text(n uint32) string { return t.texts[n] }
