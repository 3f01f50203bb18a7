package csvtable

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
)

// Table is a CSV whose header has been read and checked. Its rows are read one by one.
type Table struct {
	name   string
	opts   Options
	source *source
	file   *file // nil unless Open opened it
	decode decoder
	parser *parser
	header header
	rows   int
	title  int // line of the header
	last   int // line of the last row
	done   error
}

// Row is one row below the header.
type Row struct {
	Line  int      // where it begins, from 1
	Cells []string // in the order of Options.Columns, trimmed; empty if the file does not have the column
}

// Open opens a file and reads its header. The caller must close the table. An error is an [*Error].
func Open(path string, opts Options) (*Table, error) {
	f, fault := openFile(path)
	if fault != nil {
		return nil, (&Table{name: path, opts: opts}).refuse(fault)
	}
	t := &Table{name: path, opts: opts, source: newSource(f), file: f}
	if err := t.begin(); err != nil {
		_ = f.Close() // nothing was written
		return nil, err
	}
	return t, nil
}

// Read reads the header from r; name is what errors call it. An error is an [*Error].
func Read(name string, r io.Reader, opts Options) (*Table, error) {
	t := &Table{name: name, opts: opts, source: newSource(r)}
	if err := t.begin(); err != nil {
		return nil, err
	}
	return t, nil
}

// Close closes the file that Open opened.
func (t *Table) Close() error {
	if t.file == nil {
		return nil
	}
	return t.file.Close()
}

// begin reads up to and including the header.
func (t *Table) begin() error {
	raw := bufio.NewReaderSize(t.source, detectBytes)
	if f := foreign(raw); f != nil {
		return t.refuse(f)
	}
	var f *fault
	if t.decode, f = newDecoder(raw, t.opts.Encoding); f != nil {
		return t.refuse(f)
	}
	text := bufio.NewReaderSize(t.decode, detectBytes)
	skipMarks(text)
	head, _ := text.Peek(detectBytes) // the parser will get the same error when it reads there
	head = bytes.Clone(head)
	if f := wide(head, t.decode.encoding); f != nil {
		return t.refuse(f)
	}
	delim, skip := delimiterLine(head)
	switch {
	case t.opts.Delimiter != 0:
		delim = byte(t.opts.Delimiter)
	case skip == 0:
		delim = findDelimiter(head, t.opts)
	}
	_, _ = text.Discard(skip) // it was just peeked at
	t.parser = newParser(text, delim)
	t.parser.comments = t.opts.Comments
	t.parser.line += bytes.Count(head[:skip], []byte{'\n'})
	return t.readHeader(head[skip:])
}

// readHeader reads the header. head is the beginning of the text, where the header should be.
func (t *Table) readHeader(head []byte) error {
	above := t.parser.line - 1
	err := t.parser.next()
	if errors.Is(err, io.EOF) {
		if f := t.atEnd(); f != nil {
			return t.refuse(f)
		}
		return t.refuse(&fault{what: "the file is empty", hint: "check whether its export failed"})
	}
	if err != nil {
		return t.refuse(err)
	}
	var f *fault
	t.title = t.parser.start
	if t.header, f = matchHeader(t.parser.cells(), t.title, t.opts); f != nil {
		if line := headerBelow(head, t.opts); line > 0 {
			f = &fault{
				line: t.title, what: fmt.Sprintf("this is not the header, which stands in line %d", line+above),
				hint: "the file must begin with its header: take the title above it out of the export",
			}
		}
		return t.refuse(f)
	}
	return nil
}

// Next returns the next row. At the end it returns io.EOF, or an [*Error] if the file has no rows or has changed in the
// meantime. After an error it returns the same error again.
func (t *Table) Next() (Row, error) {
	if t.done != nil {
		return Row{}, t.done
	}
	row, err := t.next()
	if err != nil && !errors.Is(err, io.EOF) {
		err = t.refuse(err)
	}
	t.done = err
	return row, err
}

func (t *Table) next() (Row, error) {
	switch err := t.parser.next(); {
	case errors.Is(err, io.EOF):
		if f := t.atEnd(); f != nil {
			return Row{}, f
		}
		if t.rows == 0 && !t.opts.AllowEmpty {
			return Row{}, &fault{what: "there is a header, but no row below it", hint: "check whether its export failed"}
		}
		return Row{}, io.EOF
	case err != nil:
		return Row{}, err
	}
	if has, want := len(t.parser.ends), len(t.header.names); has != want {
		return Row{}, t.ragged(has, want)
	}
	t.rows++
	t.last = t.parser.start
	if t.rows > MaxRows {
		return Row{}, &fault{
			line: t.parser.start, what: fmt.Sprintf("there are more than %d rows", MaxRows),
			hint: "export only the people who are needed",
		}
	}
	return Row{Line: t.parser.start, Cells: t.wanted()}, nil
}

// wanted copies the wanted cells out of the record, in one piece.
func (t *Table) wanted() []string {
	var all strings.Builder
	size := 0
	for _, at := range t.header.at {
		if at >= 0 {
			size += len(t.parser.cell(at))
		}
	}
	all.Grow(size)
	for _, at := range t.header.at {
		if at >= 0 {
			all.Write(t.parser.cell(at))
		}
	}
	text, cells := all.String(), make([]string, len(t.header.at))
	for i, at := range t.header.at {
		if at >= 0 {
			n := len(t.parser.cell(at))
			cells[i], text = trim(text[:n]), text[n:]
		}
	}
	return cells
}

// atEnd checks what can be known only once everything has been read.
func (t *Table) atEnd() *fault {
	if t.decode.latin != nil && t.decode.latin.isUTF8() {
		return &fault{
			what: "it was read as windows-1252, but is UTF-8", hint: "read it as UTF-8",
			mend: mendEncoding, or: ": leave %s out",
		}
	}
	if t.file != nil {
		return t.file.unchanged(t.source.size)
	}
	return nil
}
