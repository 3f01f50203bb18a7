package csvtable

import (
	"fmt"
	"strings"
)

// Error says why a source as a whole is refused: where, what is wrong, and what to do.
type Error struct {
	File   string // as it was given; for a table, its name
	Line   int    // from 1; 0 if no line is meant
	Column string // as its header calls it; may be empty
	What   string // what is wrong
	Hint   string // what to do; may be empty
	Err    error  // the cause, if there is one

	Header []string // as the file has it, if columns are missing from it
}

// Error returns all of it in one line.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.File)
	if e.Line > 0 {
		fmt.Fprintf(&b, ":%d", e.Line)
	}
	if e.Column != "" {
		fmt.Fprintf(&b, ", column %q", e.Column)
	}
	b.WriteString(": " + e.What)
	if e.Err != nil {
		b.WriteString(": " + e.Err.Error())
	}
	if e.Hint != "" {
		b.WriteString("; " + e.Hint)
	}
	return b.String()
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }
