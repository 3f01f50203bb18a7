package hrsource

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"

	"procore-assignee-sync/hrsource/csvtable"
)

// CSVConfig says which file to load and how to read it.
type CSVConfig struct {
	Path      string            // "-" is standard input
	Stdin     io.Reader         // what "-" reads
	Columns   map[string]string // canonical column → header in the file, from ParseColumns
	Delimiter rune              // from ParseDelimiter; 0: found from the header
	Encoding  string            // from ParseEncoding
	Format    RowFormat
}

// csvRow is a row as gocsv binds it: text only, so that no id is taken for a number.
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

// LoadCSV reads a whole HR file. A file that cannot be read for certain is a [*SourceError]; rows that cannot be
// accepted are in the roster's Rejected.
func LoadCSV(ctx context.Context, cfg CSVConfig) (_ *Roster, err error) {
	table, source, err := openHR(ctx, cfg)
	if err != nil {
		return nil, err
	}
	defer func() {
		if closeErr := table.Close(); err == nil && closeErr != nil {
			err = fmt.Errorf("closing %s: %w", source, closeErr)
		}
	}()
	in := newIntake(cfg.Format)
	in.called = cfg.Columns
	for row, err := range csvtable.Rows[csvRow](table) {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return nil, err
		}
		in.add(rawRow{
			At:         Position{Source: source, Line: row.Line},
			EmployeeID: row.Value.EmployeeID, Email: row.Value.Email, ProcoreLogin: row.Value.ProcoreLogin,
			Name: row.Value.Name, Team: row.Value.Team, Role: row.Value.Role, Project: row.Value.Project,
			Status: row.Value.Status, Start: row.Value.StartDate, End: row.Value.EndDate,
		})
	}
	roster := &Roster{
		Source:      table.Name(),
		Key:         "csv:" + filepath.Base(cfg.Path),
		Fingerprint: table.Fingerprint(),
		UpdatedAt:   table.ModTime(),
	}
	if line := table.UnterminatedLine(); line > 0 {
		roster.UnterminatedLastRow = &Position{Source: source, Line: line}
	}
	in.finish(roster)
	return roster, nil
}

// openHR opens the file, and gives what positions call it.
func openHR(ctx context.Context, cfg CSVConfig) (table *csvtable.Table, source string, err error) {
	opts := csvtable.Options{
		Columns:   Columns,
		Required:  [][]string{{"employee_id", "email"}, {"team"}},
		Rename:    cfg.Columns,
		Delimiter: cfg.Delimiter,
		Encoding:  cfg.Encoding,
		Settings: csvtable.Settings{
			Path: "HR_CSV", Columns: "HR_CSV_COLUMNS", Delimiter: "HR_CSV_DELIMITER", Encoding: "HR_CSV_ENCODING",
		},
	}
	if cfg.Path != "-" {
		table, err = csvtable.Open(cfg.Path, opts)
		return table, filepath.Base(cfg.Path), err
	}
	if cfg.Stdin == nil {
		return nil, "", errors.New("there is no standard input to read HR data from")
	}
	table, err = csvtable.Read("standard input", &patientReader{ctx, cfg.Stdin}, opts)
	return table, "stdin", err
}
