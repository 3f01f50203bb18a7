package hrsource

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"

	"procore-assignee-sync/hrsource/csvtable"
)

// CSV is a [Source]: which file to load, and how to read it.
type CSV struct {
	Path      string            // "-" is standard input
	Stdin     io.Reader         // what "-" reads
	Columns   map[string]string // canonical column → header in the file, from ParseColumns
	Ignore    []string          // headers that are ignored, whatever their names
	Delimiter rune              // from ParseDelimiter; 0 means to detect it from the header
	Encoding  string            // from ParseEncoding
	Format    RowFormat
}

// csvRow is a row as gocsv binds it: text only, so that no id is mistaken for a number.
type csvRow struct {
	EmployeeID   string `csv:"employee_id"`
	Email        string `csv:"email"`
	ProcoreLogin string `csv:"procore_login"`
	Name         string `csv:"name"`
	Team         string `csv:"team"`
	Role         string `csv:"role"`
	Project      string `csv:"project"`
	Status       string `csv:"status"`
	StartDate    string `csv:"start_date"`
	EndDate      string `csv:"end_date"`
}

// csvKey identifies the source across runs, since an export may have another name every night.
const csvKey = "csv"

// Load reads the whole file. If it can't be read with certainty, the error is a [*SourceError].
func (c CSV) Load(ctx context.Context) (_ *Roster, err error) {
	table, source, err := c.open(ctx)
	if missing := (*SourceError)(nil); errors.As(err, &missing) && len(missing.Header) > 0 {
		err = errors.Join(err, c.refuseUsualNames(missing.File, missing.Line, c.columnsAmong(missing.Header)))
	}
	if err != nil {
		return nil, err
	}
	defer func() {
		if closeErr := table.Close(); err == nil && closeErr != nil {
			err = fmt.Errorf("closing %s: %w", source, closeErr)
		}
	}()
	use := columnsOf(table)
	if err := c.refuseUsualNames(table.Name(), table.HeaderLine(), use); err != nil {
		return nil, err
	}
	in := NewIntake(c.Format, use)
	for row, err := range csvtable.Rows[csvRow](table) {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return nil, err
		}
		in.Add(Row{
			At:         Position{Source: source, Line: row.Line},
			EmployeeID: row.Value.EmployeeID, Email: row.Value.Email, ProcoreLogin: row.Value.ProcoreLogin,
			Name: row.Value.Name, Team: row.Value.Team, Role: row.Value.Role, Project: row.Value.Project,
			Status: row.Value.Status, StartDate: row.Value.StartDate, EndDate: row.Value.EndDate,
		})
	}
	roster := &Roster{Source: table.Name(), Key: csvKey, Fingerprint: table.Fingerprint(), UpdatedAt: table.ModTime()}
	if line := table.UnterminatedLine(); line > 0 {
		roster.UnterminatedLastRow = &Position{Source: source, Line: line}
	}
	in.Finish(roster)
	return roster, nil
}

// open opens the file, and returns the name that positions give it.
func (c CSV) open(ctx context.Context) (table *csvtable.Table, source string, err error) {
	opts := csvtable.Options{
		Columns:   Columns,
		Required:  [][]string{{"employee_id", "email"}, {"team"}},
		Rename:    c.Columns,
		Ignore:    c.Ignore,
		Delimiter: c.Delimiter,
		Encoding:  c.Encoding,
		Settings: csvtable.Settings{
			Path: "HR_CSV", Columns: "HR_CSV_COLUMNS", Delimiter: "HR_CSV_DELIMITER", Encoding: "HR_CSV_ENCODING",
		},
	}
	if c.Path != "-" {
		table, err = csvtable.Open(c.Path, opts)
		return table, filepath.Base(c.Path), err
	}
	if c.Stdin == nil {
		return nil, "", errors.New("there is no standard input to read HR data from")
	}
	table, err = csvtable.Read("standard input", &patientReader{ctx, c.Stdin}, opts)
	return table, "stdin", err
}

// columnsOf returns which columns of a file are read.
func columnsOf(table *csvtable.Table) ColumnUse {
	use := ColumnUse{Unused: table.Unused()}
	for _, column := range Columns {
		if table.Has(column) {
			use.Used = append(use.Used, UsedColumn{Name: column, Header: table.ColumnName(column)})
		}
	}
	return use
}

// columnsAmong returns which columns of a header would be read if no required one were missing.
func (c CSV) columnsAmong(header []string) ColumnUse {
	var use ColumnUse
	for _, name := range header {
		column := slices.IndexFunc(Columns, func(column string) bool {
			called, renamed := c.Columns[column]
			return foldColumn(name) == foldColumn(column) && !renamed || renamed && foldColumn(name) == foldColumn(called)
		})
		if column < 0 {
			use.Unused = append(use.Unused, name)
			continue
		}
		use.Used = append(use.Used, UsedColumn{Name: Columns[column], Header: name})
	}
	return use
}

// patientReader stops waiting for input when its context ends, so that somebody at a terminal, or a program that hangs,
// can't keep the job from stopping. The pending read is then abandoned; it ends with its source.
type patientReader struct {
	ctx  context.Context // io.Reader has no context of its own
	from io.Reader
}

func (p *patientReader) Read(into []byte) (int, error) {
	if err := p.ctx.Err(); err != nil {
		return 0, err // an earlier read may still be in progress
	}
	type answer struct {
		n   int
		err error
	}
	own := make([]byte, len(into)) // not into itself: the caller may reuse it while an abandoned read goes on
	done := make(chan answer, 1)
	go func() {
		n, err := p.from.Read(own)
		done <- answer{n, err}
	}()
	select {
	case <-p.ctx.Done():
		return 0, p.ctx.Err()
	case got := <-done:
		return copy(into, own[:got.n]), got.err
	}
}
