package hrsource

import (
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
)

// columnsAmong says which of the columns of a table or a query are read. When a row was updated is read too, but is no
// canonical column.
func columnsAmong(names []string) ColumnUse {
	var use ColumnUse
	for _, column := range Columns {
		i := slices.IndexFunc(names, func(name string) bool { return foldColumn(name) == foldColumn(column) })
		if i >= 0 {
			use.Used = append(use.Used, UsedColumn{Name: column, Header: names[i]})
		}
	}
	for _, name := range names {
		if columnAt(name) < 0 {
			use.Unused = append(use.Unused, name)
		}
	}
	return use
}

// refuseUsualNames refuses a table or a query in which a column was renamed, since only HR_QUERY can say what it is.
func (r relation) refuseUsualNames(names []string, use ColumnUse) error {
	found := use.lookalikes()
	if len(found) == 0 {
		return nil
	}
	var renamed []string
	for _, one := range firstOfEach(found) {
		renamed = append(renamed, pgx.Identifier{one.header}.Sanitize()+" as "+one.column)
	}
	hint := "write " + strings.Join(renamed, ", ") + " in HR_QUERY to read it so, or leave it out of the query's columns"
	if r.query == "" {
		hint = "set " + setting("HR_QUERY", r.selecting(names, renamed...)) + " to read it so, or " +
			setting("HR_QUERY", r.selecting(names)) + " to leave it out"
	}
	return &SourceError{File: r.name(), What: describeLookalikes(found), Hint: hint}
}
