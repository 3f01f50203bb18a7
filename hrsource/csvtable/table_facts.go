package csvtable

import (
	"slices"
	"time"
)

// Fingerprint returns the sha256 of the file's bytes, in hex. It is complete once Next has returned io.EOF.
func (t *Table) Fingerprint() string { return t.source.fingerprint() }

// ModTime returns the file's time, or zero if there is none.
func (t *Table) ModTime() time.Time {
	if t.file == nil {
		return time.Time{}
	}
	return t.file.modTime()
}

// UnterminatedLine returns the line where the last row begins if no newline follows it, which means that the file may
// have been cut there; otherwise 0. It is known once Next has returned io.EOF.
func (t *Table) UnterminatedLine() int {
	if !t.parser.unterminated {
		return 0
	}
	return t.last
}

// ColumnName returns what the file's header calls a canonical column, or the canonical name if the file does not have
// it.
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

// Unused returns the columns of the file that are not read, by their headers and in the file's order.
func (t *Table) Unused() []string {
	var unused []string
	for i, name := range t.header.names {
		if name != "" && !slices.Contains(t.header.at, i) {
			unused = append(unused, name)
		}
	}
	return unused
}

// HeaderLine returns the line where the header begins.
func (t *Table) HeaderLine() int { return t.title }

// Name returns what errors call the table.
func (t *Table) Name() string { return t.name }
