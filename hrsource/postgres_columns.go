package hrsource

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgtype"
)

// The columns of the table that are read, in the order of tableRow's cells.
const (
	colEmployeeID = iota
	colEmail
	colTeam
	colRole
	colProject
	colStatus
	colStart
	colEnd
	colProcoreLogin
	colName
	cellCount

	colUpdatedAt = cellCount // not a cell: a time
)

var tableColumns = []string{
	"employee_id", "email", "team", "role", "project", "status", "start_date", "end_date", "procore_login", "name",
	"updated_at",
}

// columnAt returns the index of a name in tableColumns, or -1.
func columnAt(name string) int {
	folded := foldColumn(name)
	return slices.IndexFunc(tableColumns, func(column string) bool { return foldColumn(column) == folded })
}

// statement returns the SQL to read with: the query as it is, or a query for the known columns of the table. For a
// table it also returns the names of all its columns.
func (r relation) statement(ctx context.Context, tx pgx.Tx) (sql string, names []string, err error) {
	if r.query != "" {
		return r.query, nil, nil
	}
	rows, err := tx.Query(ctx, `select attname from pg_catalog.pg_attribute
		where attrelid = $1::regclass and attnum > 0 and not attisdropped order by attnum`, pgx.QueryExecModeExec, r.table)
	if err != nil {
		return "", nil, err
	}
	names, err = pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return "", nil, err
	}
	if err := r.missingColumns(names); err != nil {
		return "", nil, err
	}
	return r.selecting(names), names, nil
}

// selecting returns SQL that reads those of the table's columns that are known, followed by more as it is.
func (r relation) selecting(names []string, more ...string) string {
	var listed []string
	for _, name := range names {
		if columnAt(name) >= 0 {
			listed = append(listed, pgx.Identifier{name}.Sanitize())
		}
	}
	return "select " + strings.Join(append(listed, more...), ", ") + " from " + r.table
}

// layout says where the wanted columns are in a result, and how their values are read.
type layout struct {
	at    [cellCount + 1]int // index in the result, or -1
	types [cellCount + 1]uint32
}

// layout checks the columns of a result before any row is read.
func (r relation) layout(ctx context.Context, tx pgx.Tx, fields []pgconn.FieldDescription) (layout, error) {
	var l layout
	for i := range l.at {
		l.at[i] = -1
	}
	var names []string
	for place, field := range fields {
		names = append(names, field.Name)
		column := columnAt(field.Name)
		if column < 0 {
			continue
		}
		if l.at[column] >= 0 {
			return l, &SourceError{
				File: r.name(), Column: field.Name,
				What: fmt.Sprintf("the column %s is there twice", tableColumns[column]), Hint: "rename or leave out one of them",
			}
		}
		l.at[column], l.types[column] = place, field.DataTypeOID
	}
	if err := r.missingColumns(names); err != nil {
		return l, err
	}
	return l, r.checkTypes(ctx, tx, l)
}

// missingColumns returns an error that names the required columns missing from names, or nil.
func (r relation) missingColumns(names []string) error {
	has := func(column int) bool {
		return slices.ContainsFunc(names, func(name string) bool { return columnAt(name) == column })
	}
	var missing []string
	if !has(colTeam) {
		missing = append(missing, "team")
	}
	if !has(colEmployeeID) && !has(colEmail) {
		missing = append(missing, "employee_id or email")
	}
	if len(missing) == 0 {
		return nil
	}
	hint := "add it to the table or view, or set HR_QUERY to a query that gives it under this name"
	if r.query != "" {
		hint = "name the columns with AS in HR_QUERY"
	}
	err := &SourceError{
		File: r.name(), What: "there is no column " + strings.Join(missing, ", no column "),
		Hint: fmt.Sprintf("it has %s: %s", strings.Join(names, ", "), hint),
	}
	if r.query == "" {
		return err // a suggested query would not have it either
	}
	return errors.Join(err, r.refuseUsualNames(names, columnsAmong(names)))
}

// isDate reports whether values of the type are days or timestamps.
func isDate(oid uint32) bool {
	return oid == pgtype.DateOID || oid == pgtype.TimestampOID || oid == pgtype.TimestamptzOID
}

// checkTypes refuses columns whose values can't be read as text without guessing.
func (r relation) checkTypes(ctx context.Context, tx pgx.Tx, l layout) error {
	rows, err := tx.Query(ctx, `select oid, format_type(oid, null), typcategory::text, typtype::text
		from pg_catalog.pg_type where oid = any($1::oid[])`, pgx.QueryExecModeExec, oidList(l))
	if err != nil {
		return err
	}
	type pgType struct {
		OID                  uint32
		Name, Category, Kind string
	}
	found, err := pgx.CollectRows(rows, pgx.RowToStructByPos[pgType])
	if err != nil {
		return err
	}
	for column, oid := range l.types {
		i := slices.IndexFunc(found, func(t pgType) bool { return t.OID == oid })
		if l.at[column] < 0 || i < 0 {
			continue
		}
		t := found[i]
		var fits bool
		switch column {
		case colUpdatedAt:
			fits = isDate(oid)
		case colStart, colEnd:
			fits = isDate(oid) || isTextual(oid, t.Category)
		default:
			fits = isTextual(oid, t.Category)
		}
		if !fits {
			return &SourceError{
				File: r.name(), Column: tableColumns[column],
				What: fmt.Sprintf("it is of type %s, which can't be taken for this column", t.Name),
				Hint: "cast it in the view or in HR_QUERY, ids and names to text, days to date",
			}
		}
	}
	return nil
}

// isTextual reports whether the text of a value is the value itself, as for strings, enums, uuids and whole numbers,
// but not for floats, which may have been rounded.
func isTextual(oid uint32, category string) bool {
	switch oid {
	case pgtype.Int2OID, pgtype.Int4OID, pgtype.Int8OID, pgtype.NumericOID, pgtype.UUIDOID, pgtype.UnknownOID:
		return true
	}
	return category == "S" || category == "E"
}

// oidList returns the types as the text of an array, since that is how arguments are sent when no statement is
// prepared.
func oidList(l layout) string {
	var oids []string
	for column, oid := range l.types {
		if l.at[column] >= 0 {
			oids = append(oids, fmt.Sprint(oid))
		}
	}
	return "{" + strings.Join(oids, ",") + "}"
}
