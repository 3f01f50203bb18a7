package hrsource

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"
)

// tableRow is one row of the table as text, by column.
type tableRow struct {
	cells     [cellCount]string
	updatedAt time.Time
}

// compare orders rows by their cells, beginning with the first column.
func (r *tableRow) compare(other *tableRow) int {
	for i := range r.cells {
		if c := strings.Compare(r.cells[i], other.cells[i]); c != 0 {
			return c
		}
	}
	return 0
}

// tableRows are all rows of one load.
type tableRows struct {
	location *time.Location // decides the day of a timestamp
	format   RowFormat

	server     *time.Location // the zone of timestamps without one
	layout     layout
	use        ColumnUse
	typedDates bool
	rows       []*tableRow
}

// load reads all rows of the source.
func (t *tableRows) load(ctx context.Context, tx pgx.Tx, from relation) error {
	sql, names, err := from.statement(ctx, tx)
	if err != nil {
		return err
	}
	// Describe the query before running it, so that wrong columns are reported before any row is read. Neither leaves a
	// prepared statement behind, which a pooler might not handle.
	described, err := tx.Conn().PgConn().Prepare(ctx, "", sql, nil)
	if err != nil {
		return err
	}
	if t.layout, err = from.layout(ctx, tx, described.Fields); err != nil {
		return err
	}
	if names == nil {
		for _, field := range described.Fields {
			names = append(names, field.Name)
		}
	}
	t.use = columnsAmong(names)
	if err := from.refuseUsualNames(names, t.use); err != nil {
		return err
	}
	if err := t.checkDates(from); err != nil {
		return err
	}
	t.server = zoneOf(tx.Conn())
	rows, err := tx.Query(ctx, sql, pgx.QueryExecModeExec)
	if err != nil {
		return err
	}
	read := 0
	t.rows, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (*tableRow, error) {
		read++
		return t.row(row, from, read)
	})
	var refused *SourceError
	if err != nil && read > 0 && !errors.As(err, &refused) {
		return fmt.Errorf("after %d rows, none of which was taken: %w", read, err)
	}
	return err
}

// checkDates decides how start and end are read. HR_DATE_FORMAT applies to text only: for real dates the day is known.
func (t *tableRows) checkDates(from relation) error {
	typed, text := 0, 0
	for _, column := range []int{colStart, colEnd} {
		switch {
		case t.layout.at[column] < 0:
		case isDate(t.layout.types[column]):
			typed++
		default:
			text++
		}
	}
	t.typedDates = typed > 0
	if typed > 0 && text > 0 && !t.format.Date.IsZero() {
		return &SourceError{File: from.name(), What: "of start_date and end_date one is a date and the other text, " +
			"and HR_DATE_FORMAT can't speak of one only", Hint: "cast both to date in the view or in HR_QUERY"}
	}
	return nil
}

// row reads one row. All values come in the server's text format.
func (t *tableRows) row(row pgx.CollectableRow, from relation, number int) (*tableRow, error) {
	values := row.RawValues()
	out := &tableRow{}
	for column := range cellCount {
		place := t.layout.at[column]
		if place < 0 || values[place] == nil {
			continue
		}
		if !utf8.Valid(values[place]) {
			return nil, &SourceError{
				File: from.name(), Column: tableColumns[column],
				What: fmt.Sprintf("row %d holds bytes that are not UTF-8", number),
				Hint: "correct the row, or the database's encoding (SQL_ASCII checks nothing)",
			}
		}
		out.cells[column] = t.text(column, string(values[place]))
	}
	if place := t.layout.at[colUpdatedAt]; place >= 0 && values[place] != nil {
		out.updatedAt = t.moment(t.layout.types[colUpdatedAt], string(values[place]))
	}
	return out, nil
}

// roster numbers the rows, judges them, and returns the roster.
func (t *tableRows) roster(from relation) (*Roster, error) {
	if len(t.rows) == 0 {
		return nil, &SourceError{File: from.name(), What: "it has no rows", Hint: "nobody would be on any team: " +
			"see whether HR's export has run, and whether the user may see the rows"}
	}
	sorted := slices.Clone(t.rows)
	slices.SortStableFunc(sorted, (*tableRow).compare)
	numbered := t.rows
	if from.query == "" {
		numbered = sorted
	}
	r := &Roster{Source: from.name(), Key: postgresKey, Fingerprint: fingerprint(sorted)}
	in := NewIntake(t.format, t.use)
	for i, row := range numbered {
		if row.updatedAt.After(r.UpdatedAt) {
			r.UpdatedAt = row.updatedAt
		}
		in.Add(row.asRow(from.name(), i+1, t.typedDates))
	}
	in.Finish(r)
	return r, nil
}

// asRow returns the row in the form that an Intake takes.
func (r *tableRow) asRow(table string, number int, typedDates bool) Row {
	at := Position{Source: table, Row: number}
	if who := cmp.Or(CleanID(r.cells[colEmployeeID]), r.cells[colEmail]); who != "" {
		at.Detail = "employee " + who
	}
	return Row{
		At:         at,
		EmployeeID: r.cells[colEmployeeID], Email: r.cells[colEmail], ProcoreLogin: r.cells[colProcoreLogin],
		Name: r.cells[colName], Team: r.cells[colTeam], Role: r.cells[colRole], Project: r.cells[colProject],
		Status: r.cells[colStatus], StartDate: r.cells[colStart], EndDate: r.cells[colEnd],
		TypedDates: typedDates,
	}
}

// fingerprint returns the sha256 of sorted rows. It leaves out updated_at: a refresh that changes nothing leaves the
// content the same.
func fingerprint(sorted []*tableRow) string {
	sum := sha256.New()
	var line []byte
	for _, row := range sorted {
		line = line[:0]
		for _, cell := range row.cells {
			line = binary.AppendUvarint(line, uint64(len(cell)))
			line = append(line, cell...)
		}
		sum.Write(line)
	}
	return hex.EncodeToString(sum.Sum(nil))
}
