package csvtable

import (
	"bufio"
	"bytes"
	"slices"
	"strings"
)

// delimiters in the order in which they are tried.
const delimiters = ",;\t|"

// detectBytes is how much of the text is examined to find the delimiter.
const detectBytes = 64 << 10

// findDelimiter returns the delimiter under which the beginning of the text has the most wanted columns and, among
// equals, the one that gives the most cells.
func findDelimiter(head []byte, opts Options) byte {
	best, bestWanted, bestCells := delimiters[0], -1, 0
	for _, delim := range []byte(delimiters) {
		p := newParser(bufio.NewReader(bytes.NewReader(head)), delim)
		p.comments = opts.Comments
		if p.next() != nil {
			continue
		}
		wanted := 0
		names := p.cells()
		for _, column := range opts.Columns {
			folded := FoldHeader(headerName(column, opts))
			if slices.ContainsFunc(names, func(name string) bool { return FoldHeader(name) == folded }) {
				wanted++
			}
		}
		if wanted > bestWanted || wanted == bestWanted && len(names) > bestCells {
			best, bestWanted, bestCells = delim, wanted, len(names)
		}
	}
	return best
}

// delimiterLine reads the line `sep=;` that Excel understands at the beginning of a file. It returns the delimiter and
// the length of the line in bytes, which is 0 if there is no such line.
func delimiterLine(head []byte) (delim byte, length int) {
	end := bytes.IndexByte(head, '\n')
	if end < 0 {
		return 0, 0
	}
	line := bytes.TrimRight(head[:end], "\r")
	line = bytes.Trim(line, `"`)
	if len(line) != len("sep=;") || !bytes.EqualFold(line[:4], []byte("sep=")) || strings.IndexByte(delimiters, line[4]) < 0 {
		return 0, 0
	}
	return line[4], end + 1
}
