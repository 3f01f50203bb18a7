package sync

import (
	"regexp"
	"slices"
	"strings"

	"procore-assignee-sync/hrsource"
)

// Positions are the positions of HR rows or rules, each as reports give it: hr.csv:14. A column holds them as one text,
// joined by ";".
type Positions []string

// PositionsOf returns the positions in text form; nil if there are none.
func PositionsOf(at []hrsource.Position) Positions {
	var list Positions
	for _, p := range at {
		list = append(list, p.String())
	}
	return list
}

// String returns the positions as a column holds them; empty if there are none.
func (p Positions) String() string { return strings.Join(p, ";") }

// And returns the positions, followed by those of others that are not among them.
func (p Positions) And(others Positions) Positions {
	if len(p) == 0 {
		return others
	}
	all := slices.Clip(p)
	for _, at := range others {
		if !slices.Contains(all, at) {
			all = append(all, at)
		}
	}
	return all
}

// positionEnds matches the end of a position: the line of a file or the row of a table.
var positionEnds = regexp.MustCompile(`(:[0-9]+| row [0-9]+(, .*)?)$`)

// ReadPositions reads back what String returned. A file's name may contain a ";", so a position ends only after its
// line.
func ReadPositions(column string) Positions {
	if column == "" {
		return nil
	}
	var list Positions
	for begins, i := 0, 0; i <= len(column); i++ {
		if i == len(column) || column[i] == ';' && positionEnds.MatchString(column[begins:i]) {
			list = append(list, column[begins:i])
			begins = i + 1
		}
	}
	return list
}

// MarshalText returns the text of the column, so that JSON holds the same text as the CSV files.
func (p Positions) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

// UnmarshalText reads the column back.
func (p *Positions) UnmarshalText(text []byte) error {
	*p = ReadPositions(string(text))
	return nil
}
