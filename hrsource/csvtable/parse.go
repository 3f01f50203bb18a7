package csvtable

import (
	"bufio"
	"bytes"
	"errors"
	"io"
)

// parser splits UTF-8 text into records according to RFC 4180, more strictly than most parsers: quotes surround a whole
// cell or are doubled, and lines end in LF or CRLF. Spaces around cells are allowed.
type parser struct {
	in    *bufio.Reader
	delim byte
	line  int // of the next byte, from 1

	// The last record: its concatenated cells, where each of them ends, and the line where it begins.
	text  []byte
	ends  []int
	start int

	comments bool // lines that begin with # and a space are skipped

	size         int  // bytes of the record so far
	unterminated bool // no newline follows the last record
}

// errTooLong says that the record is larger than MaxRecordBytes.
var errTooLong = errors.New("record too long")

func newParser(in *bufio.Reader, delim byte) *parser {
	return &parser{in: in, delim: delim, line: 1}
}

// next reads the next record that is not blank. At the end it returns io.EOF; any other problem is a *fault.
func (p *parser) next() error {
	for {
		if err := p.skipComments(); err != nil {
			return err
		}
		if err := p.record(); err != nil {
			return err
		}
		if len(bytes.TrimSpace(p.text)) == 0 {
			p.unterminated = false // nothing was cut off
			continue
		}
		return p.checkText()
	}
}

func (p *parser) record() error {
	p.text, p.ends = p.text[:0], p.ends[:0]
	p.start, p.size = p.line, 0
	for {
		more, err := p.readCell()
		if errors.Is(err, io.EOF) && p.size == 0 {
			return io.EOF
		}
		if errors.Is(err, io.EOF) {
			p.unterminated, err = true, nil
		}
		if errors.Is(err, errTooLong) {
			return &fault{
				line: p.start, what: "the record that begins here is longer than 1 MiB",
				hint: "this is no CSV, or its line breaks were lost",
			}
		}
		if err != nil {
			return err
		}
		p.ends = append(p.ends, len(p.text))
		if !more {
			return nil
		}
	}
}

// readCell appends one cell to the text, and reports whether the record continues after it. io.EOF means that the file
// ended with this cell.
func (p *parser) readCell() (more bool, err error) {
	b, err := p.skipSpaces()
	if err != nil {
		return false, err
	}
	from := len(p.text)
	for {
		switch b {
		case p.delim:
			return true, nil
		case '\n':
			return false, nil
		case '\r':
			return false, p.carriageReturn()
		case '"':
			if p.isBlankFrom(from) || string(p.text[from:]) == "=" { // ="00123" keeps a spreadsheet from taking text for a number
				p.text = p.text[:from]
				return p.quoted()
			}
			return false, p.fault("a quote inside a cell that does not begin with one",
				"a cell with quotes must be quoted as a whole, and quotes in it doubled")
		}
		p.text = append(p.text, b)
		if b, err = p.read(); err != nil {
			return false, err
		}
	}
}

// quoted reads a cell whose opening quote has just been read.
func (p *parser) quoted() (more bool, err error) {
	opened := p.line
	for {
		b, err := p.read()
		if errors.Is(err, io.EOF) || errors.Is(err, errTooLong) {
			f := p.fault("a quote that is never closed", "the export was cut, or a quote in a cell is not doubled")
			f.line = opened
			return false, f
		}
		if err != nil {
			return false, err
		}
		switch b {
		case '"':
			if after, _ := p.in.Peek(1); len(after) == 1 && after[0] == '"' {
				_, _ = p.in.Discard(1) // it was just peeked at
				p.size++
				break
			}
			return p.afterQuote()
		case '\r':
			if after, _ := p.in.Peek(1); len(after) == 1 && after[0] == '\n' {
				continue
			}
		}
		p.text = append(p.text, b)
	}
}

// afterQuote continues from a closing quote to the end of the cell.
func (p *parser) afterQuote() (more bool, err error) {
	from, line := len(p.text), p.line
	for {
		b, err := p.skipSpaces()
		switch {
		case err == nil && b != p.delim && b != '\n' && b != '\r':
			p.text = append(p.text, b)
			continue
		case !p.isBlankFrom(from):
			p.text = p.text[:from]
			f := p.fault("text after a closing quote", "quotes inside a quoted cell must be doubled")
			f.line = line
			return false, f
		}
		p.text = p.text[:from]
		switch {
		case err != nil || b == '\n':
			return false, err
		case b == '\r':
			return false, p.carriageReturn()
		default:
			return true, nil
		}
	}
}

// isBlankFrom reports whether nothing visible was read from this place in the text on.
func (p *parser) isBlankFrom(from int) bool { return trim(string(p.text[from:])) == "" }

// carriageReturn continues from a CR to the LF that must follow. Some transfers leave several CRs before it.
func (p *parser) carriageReturn() error {
	for {
		b, err := p.read()
		switch {
		case err != nil:
			return err
		case b == '\n':
			return nil
		case b != '\r':
			return p.fault("a carriage return without a line feed", "save it with lines that end in LF or CRLF")
		}
	}
}

// skipSpaces returns the next byte that is not a blank.
func (p *parser) skipSpaces() (byte, error) {
	for {
		b, err := p.read()
		if err != nil || b == p.delim || (b != ' ' && b != '\t') {
			return b, err
		}
	}
}

func (p *parser) read() (byte, error) {
	b, err := p.in.ReadByte()
	if err != nil {
		return 0, err
	}
	p.size++
	if p.size > MaxRecordBytes {
		return 0, errTooLong
	}
	if b == '\n' {
		p.line++
	}
	return b, nil
}

// fault returns a fault at the present position.
func (p *parser) fault(what, hint string) *fault {
	return &fault{line: p.line, cell: len(p.ends) + 1, what: what, hint: hint}
}

// cell returns the i-th cell of the last record. It is valid until the next record is read.
func (p *parser) cell(i int) []byte {
	from := 0
	if i > 0 {
		from = p.ends[i-1]
	}
	return p.text[from:p.ends[i]]
}
