package csvtable

import "fmt"

// mend names the kind of setting that may mend a fault.
type mend int

const (
	mendNothing mend = iota
	mendColumns
	mendDelimiter
	mendEncoding
)

// fault is what makes a file doubtful, before it is known how the file and its columns are called.
type fault struct {
	line int    // from 1; 0 where no line is meant
	cell int    // from 1; 0 where no cell is meant
	name string // the column's name, where it is known already
	what string
	hint string
	mend mend     // the kind of setting that may mend it
	has  []string // the header, where columns are missing in it
	or   string   // what is added to the hint where there is such a setting; %s is its name
	err  error
}

func (f *fault) Error() string { return fmt.Sprintf("line %d: %s", f.line, f.what) }

// setting returns the name of the setting that mends m, or nothing.
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
