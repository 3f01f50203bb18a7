package csvtable

import (
	"slices"
	"time"
)

// Fingerprint is the sha256 of the file's bytes, hex. It is complete once Next has given io.EOF.
func (t *Table) Fingerprint() string { return t.source.fingerprint() }

// ModTime is the file's time; zero where there is none.
func (t *Table) ModTime() time.Time {
	if t.file == nil {
		return time.Time{}
	}
	return t.file.modTime()
}

// UnterminatedLine is, once Next has given io.EOF, the line where the last row begins if no newline follows it: the
// file may have been cut there. Otherwise 0.
func (t *Table) UnterminatedLine() int {
	if !t.parser.unterminated {
		return 0
	}
	return t.last
}

// ColumnName is what the file's header calls a canonical column; the canonical name where the file lacks it.
func (t *Table) ColumnName(column string) string {
	for i, c := range t.opts.Columns {
		if c == column && t.header.at[i] >= 0 {
			return t.header.names[t.header.at[i]]
		}
	}
	return column
}

// Has reports whether the file has a canonical column.
func (t *Table) Has(column string) bool {
	i := slices.Index(t.opts.Columns, column)
	return i >= 0 && t.header.at[i] >= 0
}

// Unused returns the columns of the file that are not read, as its header calls them, in its order.
func (t *Table) Unused() []string {
	var unused []string
	for i, name := range t.header.names {
		if name != "" && !slices.Contains(t.header.at, i) {
			unused = append(unused, name)
		}
	}
	return unused
}

// HeaderLine is the line where the header begins.
func (t *Table) HeaderLine() int { return t.title }

// Name is what the table is called in errors.
func (t *Table) Name() string { return t.name }
