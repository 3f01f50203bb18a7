// Package draft proposes a first configuration from what is there: which columns of an HR export are which, what its
// statuses and dates mean, and which teams may fill which groups. It guesses, says so, and leaves open what it can't
// know, for a person to complete.
package draft

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"procore-assignee-sync/hrsource"
	"procore-assignee-sync/hrsource/csvtable"
)

// HR is what an export seems to be.
type HR struct {
	Path    string
	Headers []string // all headers of the file
	Rows    int
	CSV     hrsource.CSV // how to read it: columns, headers to ignore, encoding, statuses, dates

	Columns  []Column
	ByCells  string // the header used for the project because its cells are projects; empty if there is none
	Statuses []Status
	Dates    []hrsource.DateFormat // the formats that fit; several if day and month can't be told apart
	NoFormat bool                  // there are dates, but no single format fits them

	Accepted int // number of rows accepted, reading it this way
	Rejected int
	Causes   []hrsource.RejectedCause // of the rejected rows
	Teams    []Team
	Trouble  error // why it can't be read this way; nil if it can
}

// Column is one of our columns and the export's header for it.
type Column struct{ Name, Header string }

// Status is a value of the export's status column, and what it seems to mean.
type Status struct {
	Text    string
	Rows    int
	Meaning hrsource.Status // empty if there is no telling
	Usual   bool            // recognised without a setting
	Told    bool            // recognised by existing settings
}

// Team is a team of the export and the roles in it.
type Team struct {
	Name  string
	Roles []string
}

// ReadHR examines an export. It detects delimiter and encoding, and takes what base says as given. projects are the ids
// and numbers of the company's projects, as far as they are known.
func ReadHR(ctx context.Context, base hrsource.CSV, projects map[string]bool) (*HR, error) {
	table, encoding, err := readAll(ctx, base)
	if err != nil {
		return nil, err
	}
	d := &HR{Path: base.Path, Headers: table.headers, Rows: len(table.rows), CSV: base}
	d.CSV.Encoding = encoding
	d.columns(table)
	d.projectColumn(table, projects)
	d.statuses(table)
	d.dates(table)
	err = d.try(ctx)
	return d, err
}

// IsNone reports whether the file can't be read and has none of our columns: there is nothing to propose.
func (d *HR) IsNone() bool {
	return d.Trouble != nil && d.header("team") == "" && d.header("email") == "" && d.header("employee_id") == ""
}

// content is an export as text.
type content struct {
	headers []string
	rows    [][]string
}

// column returns the cells under one header.
func (c content) column(header string) []string {
	at := slices.Index(c.headers, header)
	if at < 0 {
		return nil
	}
	cells := make([]string, len(c.rows))
	for i, row := range c.rows {
		cells[i] = row[at]
	}
	return cells
}

// readAll reads the whole export, even if its encoding has to be told.
func readAll(ctx context.Context, base hrsource.CSV) (c content, encoding string, err error) {
	c, err = readTable(ctx, base, base.Encoding)
	if err == nil || base.Encoding != "" {
		return c, base.Encoding, err
	}
	if again, latin := readTable(ctx, base, csvtable.Windows1252); latin == nil {
		return again, csvtable.Windows1252, nil
	}
	return content{}, "", err
}

func readTable(ctx context.Context, base hrsource.CSV, encoding string) (c content, err error) {
	opts := csvtable.Options{
		Delimiter: base.Delimiter, Encoding: encoding,
		Settings: csvtable.Settings{Path: "HR_CSV", Delimiter: "HR_CSV_DELIMITER", Encoding: "HR_CSV_ENCODING"},
	}
	head, err := csvtable.Open(base.Path, opts)
	if err != nil {
		return c, err
	}
	c.headers = slices.DeleteFunc(head.Unused(), func(h string) bool { return h == "" })
	if err := head.Close(); err != nil {
		return c, fmt.Errorf("closing %s: %w", base.Path, err)
	}
	opts.Columns = c.headers
	table, err := csvtable.Open(base.Path, opts)
	if err != nil {
		return c, err
	}
	defer func() { err = errors.Join(err, table.Close()) }()
	for {
		row, err := table.Next()
		switch {
		case errors.Is(err, io.EOF):
			return c, nil
		case err != nil:
			return c, err
		case ctx.Err() != nil:
			return c, context.Cause(ctx)
		}
		c.rows = append(c.rows, row.Cells)
	}
}
