package csvtable

import "fmt"

// mend is the kind of setting that may mend a fault.
type mend int

const (
	mendNothing mend = iota
	mendColumns
	mendDelimiter
	mendEncoding
)

// fault is what makes a file doubtful, before the names of the file and its columns are added.
type fault struct {
	line int    // from 1; 0 if no line is meant
	cell int    // from 1; 0 if no cell is meant
	name string // the column's name, if it is known already
	what string
	hint string
	mend mend     // the kind of setting that may mend it
	has  []string // the header, if columns are missing from it
	or   string   // added to the hint if there is such a setting; %s is its name
	err  error
}

func (f *fault) Error() string { return fmt.Sprintf("line %d: %s", f.line, f.what) }

// setting returns the name of the setting for m, or nothing.
func (s Settings) setting(m mend) string {
	switch m {
	case mendColumns:
		return s.Columns
	case mendDelimiter:
		return s.Delimiter
	case mendEncoding:
		return s.Encoding
	default:
		return ""
	}
}
