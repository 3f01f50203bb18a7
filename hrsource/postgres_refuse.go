package hrsource

import (
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"procore-assignee-sync/migrations/pgdial"
)

// refuse turns the database's error into the source's, saying what to do about it. limit is the statement timeout.
func (r relation) refuse(err error, limit string) error {
	out := &SourceError{File: r.name(), What: "it can't be read", Err: err}
	switch pgdial.KindOf(err) {
	case pgdial.MissingTable:
		return r.missingTable(err)
	case pgdial.MissingColumn, pgdial.BadQuery:
		switch {
		case r.query != "":
			out.Hint = "correct HR_QUERY"
		case r.table == mapTable:
			out.Hint = "it needs the columns template, group_name, team and role"
		}
	case pgdial.Denied:
		out.Hint = fmt.Sprintf("for the table alone: grant select on %s to the user of %s", r.table, r.setting)
		if r.query != "" {
			out.Hint = "grant select on all that HR_QUERY reads"
		}
		if strings.Contains(err.Error(), "row-level security") {
			out.What = "a policy hides rows of it from this user, and a part of the rows is never taken for all"
			out.Hint = "let the user read through a view of the table's owner, or give it bypassrls"
		}
	case pgdial.StatementTimeout:
		out.What = "reading it took longer than " + limit
		out.Hint = "make the view or query lighter, or raise statement_timeout in " + r.setting
	case pgdial.ConnectionLost:
		out.What = "the connection was lost while it was read"
		out.Hint = "run it again"
	case pgdial.ReadOnly:
		out.Hint = "HR data is read in a read-only transaction: HR_QUERY must be a SELECT"
	}
	return out
}

// missingTable returns an error that says that there is nothing to read, and what can be done about that.
func (r relation) missingTable(err error) error {
	out := &SourceError{
		File: r.name(), What: "there is no table or view of this name that the user can see", Err: err,
		Hint: "run `assignee-sync migrate hr`, or create a view of that name, or set HR_QUERY; if it is in a schema of its " +
			"own, name that in the URL's search_path",
	}
	switch {
	case r.query != "":
		out.What, out.Hint = "it reads a table or view that is not there", "correct HR_QUERY, or name the schema in it"
	case r.table == mapTable:
		out.Hint = "run `assignee-sync migrate hr`, or create a view of that name, or set ROLE_MAP to a file or to names"
	}
	return out
}

// columnsAmong returns which columns of a table or query are read. updated_at is read too, but is not a canonical
// column.
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

// refuseUsualNames refuses a table or query with a renamed column, since only HR_QUERY can say what it is.
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
