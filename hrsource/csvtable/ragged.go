package csvtable

import (
	"fmt"
	"slices"
)

// ragged returns the fault for a row that has more or fewer cells than the header, with its most likely cause.
func (t *Table) ragged(has, want int) *fault {
	f := &fault{line: t.parser.start, what: fmt.Sprintf("the row has %s, the header has %d", countCells(has), want)}
	switch {
	case has > want && t.isEmptyFrom(want):
		f.hint = "the cells beyond the header are empty: name their columns, or take them out of the export"
	case has > want:
		f.hint = "a cell with the delimiter in it must be quoted"
	case t.parser.unterminated:
		f.hint = "no newline follows: the export was cut here, or this is a report's footer"
	case t.filledSets() <= 1:
		f.hint = "this looks like a title or a footer of a report: take it out of the export"
	default:
		f.hint = "Excel leaves out the last empty cells of a row when it saves CSV: fill the last column in every row, " +
			"or take the CSV that HR exports, not one that Excel has saved"
	}
	return f
}

func countCells(n int) string {
	if n == 1 {
		return "1 cell"
	}
	return fmt.Sprintf("%d cells", n)
}

// isEmptyFrom reports whether the cells of the last record from the nth on are empty.
func (t *Table) isEmptyFrom(n int) bool {
	return !slices.ContainsFunc(t.parser.cells()[n:], func(cell string) bool { return cell != "" })
}

// filledSets returns for how many of the sets of required columns the last record, which may be short, has a value.
// Titles and footers have few.
func (t *Table) filledSets() (n int) {
	cells := t.parser.cells()
	filled := func(column string) bool {
		at := t.header.at[slices.Index(t.opts.Columns, column)]
		return at >= 0 && at < len(cells) && cells[at] != ""
	}
	for _, anyOf := range t.opts.Required {
		if slices.ContainsFunc(anyOf, filled) {
			n++
		}
	}
	return n
}
