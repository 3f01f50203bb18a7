package csvtable

import (
	"bytes"
	"slices"
	"unicode/utf8"
)

// undecodableBytes is the one fault whose hint depends on the encoding.
const undecodableBytes = "bytes that cannot be decoded"

// checkText refuses a record whose bytes are not text.
func (p *parser) checkText() error {
	if at := bytes.IndexByte(p.text, 0); at >= 0 {
		return p.faultAt(at, "a NUL byte", "the file is damaged: export it again")
	}
	if utf8.Valid(p.text) && !slices.ContainsFunc(p.ends, p.splitsRune) {
		return nil
	}
	at := 0
	for i := range p.ends {
		for cell := p.cell(i); len(cell) > 0; {
			r, size := utf8.DecodeRune(cell)
			if r == utf8.RuneError && size == 1 {
				return p.faultAt(at, undecodableBytes, "")
			}
			cell, at = cell[size:], at+size
		}
	}
	return nil
}

// splitsRune reports whether a cell ends in the middle of a character: the halves of two cells must not make up one.
func (p *parser) splitsRune(end int) bool {
	return end < len(p.text) && !utf8.RuneStart(p.text[end])
}

// faultAt is one at a byte of the record's text.
func (p *parser) faultAt(at int, what, hint string) *fault {
	cell := 0
	for cell < len(p.ends)-1 && p.ends[cell] <= at {
		cell++
	}
	return &fault{line: p.start + bytes.Count(p.text[:at], []byte{'\n'}), cell: cell + 1, what: what, hint: hint}
}
