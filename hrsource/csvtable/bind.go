package csvtable

import (
	"errors"
	"io"
	"iter"

	"github.com/gocarina/gocsv"
)

// bindRows is the number of rows that are bound at a time.
const bindRows = 512

// Bound is a row bound to a struct.
type Bound[T any] struct {
	Line  int
	Value T
}

// Rows reads the rest of the table and binds each row to a T, a struct whose fields are strings with `csv` tags that
// name the columns. If there is an error it comes last, and no row follows it.
func Rows[T any](t *Table) iter.Seq2[Bound[T], error] {
	return func(yield func(Bound[T], error) bool) {
		batch := records{t.opts.Columns}
		var lines []int
		var values []T
		for {
			batch, lines = batch[:1], lines[:0]
			var err error
			for len(lines) < bindRows && err == nil {
				var row Row
				if row, err = t.Next(); err == nil {
					batch, lines = append(batch, row.Cells), append(lines, row.Line)
				}
			}
			if bindErr := gocsv.UnmarshalDecoder(batch, &values); bindErr != nil {
				yield(Bound[T]{}, t.refuse(bindErr))
				return
			}
			for i, line := range lines {
				if !yield(Bound[T]{line, values[i]}, nil) {
					return
				}
			}
			if errors.Is(err, io.EOF) {
				return
			}
			if err != nil {
				yield(Bound[T]{}, err)
				return
			}
		}
	}
}

// records are checked records for gocsv to decode. The first is a header of canonical names.
type records [][]string

// GetCSVRows implements gocsv.Decoder.
func (r records) GetCSVRows() ([][]string, error) { return r, nil }
