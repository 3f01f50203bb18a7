package report

import (
	"io"

	"procore-assignee-sync/sync"
)

// Markdown writes the plan or result as Markdown, for a ticket or a pull request.
func Markdown(w io.Writer, rec sync.Record) error { return nil }
