package sync

import (
	"regexp"
	"slices"
	"strings"

	"procore-assignee-sync/hrsource"
)

// Positions are where HR rows or rules stand, each as reports name it: hr.csv:14. In a column they are one text, joined by
// ";".
type Positions []string

// PositionsOf names where rows stand; nil where there are none.
func PositionsOf(at []hrsource.Position) Positions {
	var list Positions
	for _, p := range at {
		list = append(list, p.String())
	}
	return list
}

// String returns the positions as a column holds them; empty where there are none.
func (p Positions) String() string { return strings.Join(p, ";") }

// And returns the positions with those of others that are not among them.
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

// positionEnds is what a position ends with: the line of a file or the row of a table.
var positionEnds = regexp.MustCompile(`(:[0-9]+| row [0-9]+(, .*)?)$`)

// ReadPositions reads back what String returned. A file's name may have a ";" in it: a position ends where it tells its line.
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

// MarshalText returns the column, so that JSON holds the same text as the CSV files.
func (p Positions) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

// UnmarshalText reads the column back.
func (p *Positions) UnmarshalText(text []byte) error {
	*p = ReadPositions(string(text))
	return nil
}
