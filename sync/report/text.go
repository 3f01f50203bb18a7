package report

import (
	"io"

	"procore-assignee-sync/sync"
)

// TextOptions say how Text writes.
type TextOptions struct {
	// Color puts additions in green, removals in red and so on, with ANSI escapes. Only for a terminal.
	Color bool
	// ResultOnly leaves out what the plan has already shown: changes that went as planned and exceptions of the plan.
	// For the end of an apply whose plan stands a page above.
	ResultOnly bool
	// AllExceptions shows every exception, rather than the first 20 of each kind.
	AllExceptions bool
}

// Text writes the difference, person by person, and its summary for a terminal. It does not write the run's final line
// (Summary.Message): that is the command's.
func Text(w io.Writer, rec sync.Record, opts TextOptions) error { return nil }
