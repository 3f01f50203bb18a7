package csvtable

import (
	"bufio"
	"bytes"
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// FoldHeader folds a header for comparison: case, spaces, underscores and characters without width are ignored.
func FoldHeader(name string) string {
	return strings.Map(func(r rune) rune {
		if r == '_' || unicode.IsSpace(r) || IsUnseen(r) {
			return -1
		}
		return unicode.ToLower(r)
	}, name)
}

// trim removes blanks and invisible characters from both ends of a cell.
func trim(text string) string {
	return strings.TrimFunc(text, func(r rune) bool { return unicode.IsSpace(r) || IsUnseen(r) })
}

// header says where the wanted columns are in a file.
type header struct {
	names []string // as the file has them, trimmed
	at    []int    // for each of Options.Columns its index in names, or -1
}

// matchHeader finds the wanted columns.
func matchHeader(names []string, line int, opts Options) (header, *fault) {
	ignored := make(map[string]bool, len(opts.Ignore))
	for _, name := range opts.Ignore {
		ignored[FoldHeader(name)] = true
	}
	places := make(map[string]int, len(names))
	for i, name := range names {
		folded := FoldHeader(name)
		if folded == "" || ignored[folded] {
			continue
		}
		if first, twice := places[folded]; twice {
			return header{}, &fault{
				line: line, name: name,
				what: fmt.Sprintf("the header has this column twice, as number %d and %d", first+1, i+1),
				hint: "rename or remove one of them in the export",
			}
		}
		places[folded] = i
	}
	h := header{names: names, at: make([]int, len(opts.Columns))}
	for i, column := range opts.Columns {
		h.at[i] = -1
		if place, ok := places[FoldHeader(headerName(column, opts))]; ok {
			h.at[i] = place
		}
	}
	if missing := h.missing(opts); missing != "" {
		return header{}, h.missingFault(missing, line, opts)
	}
	return h, nil
}

// headerName returns what a canonical column is called in the file.
func headerName(column string, opts Options) string {
	if renamed, ok := opts.Rename[column]; ok {
		return renamed
	}
	return column
}

// missing lists the columns that the header should have and does not: the required ones, and those that were renamed,
// since somebody who names a column relies on it.
func (h header) missing(opts Options) string {
	has := func(column string) bool {
		i := slices.Index(opts.Columns, column)
		return i >= 0 && h.at[i] >= 0
	}
	var missing []string
	for _, anyOf := range opts.Required {
		if slices.ContainsFunc(anyOf, has) {
			continue
		}
		var named []string
		for _, column := range anyOf {
			named = append(named, describeColumn(column, opts))
		}
		missing = append(missing, strings.Join(named, " or "))
	}
	for _, column := range opts.Columns {
		if _, renamed := opts.Rename[column]; !renamed || has(column) {
			continue
		}
		if named := describeColumn(column, opts); !strings.Contains(strings.Join(missing, " "), named) {
			missing = append(missing, named)
		}
	}
	return strings.Join(missing, ", no column ")
}

func describeColumn(column string, opts Options) string {
	if renamed, ok := opts.Rename[column]; ok {
		return fmt.Sprintf("%q (for %s)", renamed, column)
	}
	return fmt.Sprintf("%q", column)
}

// isDivided reports whether the delimiter seems right: the header has several cells, or one that is wanted.
func (h header) isDivided(opts Options) bool {
	return len(h.names) > 1 || len(opts.Columns) == 1 || slices.ContainsFunc(h.at, func(at int) bool { return at >= 0 })
}

// filled returns how many cells of the header are not empty.
func (h header) filled() (n int) {
	for _, name := range h.names {
		if name != "" {
			n++
		}
	}
	return n
}

func (h header) missingFault(missing string, line int, opts Options) *fault {
	f := &fault{line: line, what: "the header has no column " + missing, has: h.names}
	switch {
	case slices.ContainsFunc(h.names, func(name string) bool { return strings.Contains(name, "@") }):
		f.hint = "this line looks like a row: the file must begin with its header"
	case len(h.names) > 1 && h.filled() == 1:
		f.hint = "this line looks like a title: the file must begin with its header"
	case !h.isDivided(opts) && opts.Delimiter != 0:
		f.hint = "the whole line was read as one cell: something else divides its cells"
		f.mend, f.or = mendDelimiter, " than %s says: correct it, or leave it out"
	case !h.isDivided(opts):
		f.hint = "the whole line was read as one cell: the file must begin with its header, and comma, semicolon, tab or pipe divide its cells"
		f.mend, f.or = mendDelimiter, ", or say which in %s"
	default:
		f.hint = "it has " + listNames(h.names) + ": rename the column in the export"
		f.mend, f.or = mendColumns, ", or say which it is in %s"
	}
	return f
}

// headerBelow looks for the header below a title: among the records that follow the first one, split by the given
// delimiter or by any known one. It returns the record's line, from 1, or 0 if none is the header.
func headerBelow(head []byte, opts Options) int {
	const most = 20 // records that a title may have at most
	told := delimiters
	if opts.Delimiter != 0 {
		told = string(opts.Delimiter)
	}
	for _, delim := range []byte(told) {
		p := newParser(bufio.NewReader(bytes.NewReader(head)), delim)
		p.comments = opts.Comments
		for n := range most {
			if p.next() != nil {
				break
			}
			if n == 0 {
				continue
			}
			if _, f := matchHeader(p.cells(), p.start, opts); f == nil {
				return p.start
			}
		}
	}
	return 0
}

// listNames lists a header's names for people, shortened.
func listNames(names []string) string {
	const most, longest = 30, 40
	var shown []string
	for _, name := range names[:min(len(names), most)] {
		if runes := []rune(name); len(runes) > longest {
			name = string(runes[:longest]) + "…"
		}
		shown = append(shown, fmt.Sprintf("%q", name))
	}
	if len(names) > most {
		shown = append(shown, fmt.Sprintf("and %d more", len(names)-most))
	}
	return strings.Join(shown, ", ")
}

// cells returns all cells of the last record, trimmed.
func (p *parser) cells() []string {
	cells := make([]string, len(p.ends))
	for i := range cells {
		cells[i] = trim(string(p.cell(i)))
	}
	return cells
}
