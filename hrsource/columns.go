package hrsource

import (
	"strconv"
	"strings"
)

// ColumnUse says which columns of a source were read, and which were not.
type ColumnUse struct {
	Used   []UsedColumn `json:"used"`   // in the order of Columns
	Unused []string     `json:"unused"` // as the source calls them, in its order
}

// String lists the columns: `employee_id, team ("Department"), status; not used: "Cost Center"`.
func (c ColumnUse) String() string {
	used := make([]string, len(c.Used))
	for i, column := range c.Used {
		used[i] = column.Name
		if foldColumn(column.Header) != foldColumn(column.Name) {
			used[i] += " (" + strconv.Quote(column.Header) + ")"
		}
	}
	line := strings.Join(used, ", ")
	if len(c.Unused) == 0 {
		return line
	}
	unused := make([]string, len(c.Unused))
	for i, header := range c.Unused {
		unused[i] = strconv.Quote(header)
	}
	return line + "; not used: " + strings.Join(unused, ", ")
}

// UsedColumn is a canonical column that the source has.
type UsedColumn struct {
	Name   string `json:"name"`   // canonical
	Header string `json:"header"` // what the source calls it
	Filled bool   `json:"filled"` // whether any row has something in it that does not stand for nothing
}

// Filled returns the canonical columns that any row has something in.
func (c ColumnUse) Filled() []string {
	var filled []string
	for _, column := range c.Used {
		if column.Filled {
			filled = append(filled, column.Name)
		}
	}
	return filled
}
