package report

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"time"

	"procore-assignee-sync/sync"
)

// ChangesCSV writes changes.csv: a header, then one row for each change in the record's order. Times are RFC 3339 in
// UTC, a zero HTTP status is an empty cell, and cells that a spreadsheet would run as a formula begin with an
// apostrophe.
func ChangesCSV(w io.Writer, rec sync.Record) error {
	return writeCSV(w, "changes", changeColumns, rec.Run, rec.Changes)
}

// ExceptionsCSV writes exceptions.csv: a header, then one row for each exception in the record's order. Cells are
// neutralised as in ChangesCSV.
func ExceptionsCSV(w io.Writer, rec sync.Record) error {
	return writeCSV(w, "exceptions", exceptionColumns, rec.Run, rec.Exceptions)
}

// SourcesCSV writes sources.csv: a header, then the HR rows that a change or an exception names, in the order of the
// source. Cells are neutralised as in ChangesCSV.
func SourcesCSV(w io.Writer, rec sync.Record) error {
	return writeCSV(w, "sources", sourceColumns, rec.Run, sourcesOf(rec))
}

// column is one column of a CSV file: its name, and its cell for a row of a run.
type column[T any] struct {
	name string
	cell func(sync.Run, T) string
}

var changeColumns = []column[sync.Change]{
	{"run_id", func(r sync.Run, _ sync.Change) string { return r.ID }},
	{"time", changeTime},
	{"company_id", func(r sync.Run, _ sync.Change) string { return string(r.Company) }},
	{"project_id", func(_ sync.Run, c sync.Change) string { return string(c.Project) }},
	{"project_number", func(_ sync.Run, c sync.Change) string { return c.ProjectNumber }},
	{"project_name", func(_ sync.Run, c sync.Change) string { return c.ProjectName }},
	{"template_id", func(_ sync.Run, c sync.Change) string { return string(c.TemplateID) }},
	{"template_name", func(_ sync.Run, c sync.Change) string { return c.TemplateName }},
	{"version_id", func(_ sync.Run, c sync.Change) string { return string(c.VersionID) }},
	{"preset_id", func(_ sync.Run, c sync.Change) string { return string(c.Preset) }},
	{"group_uuid", func(_ sync.Run, c sync.Change) string { return string(c.GroupUUID) }},
	{"group_name", func(_ sync.Run, c sync.Change) string { return c.GroupName }},
	{"action", func(_ sync.Run, c sync.Change) string { return string(c.Action) }},
	{"login_id", func(_ sync.Run, c sync.Change) string { return string(c.LoginID) }},
	{"login", func(_ sync.Run, c sync.Change) string { return c.Login }},
	{"person_name", func(_ sync.Run, c sync.Change) string { return c.PersonName }},
	{"employee_id", func(_ sync.Run, c sync.Change) string { return c.EmployeeID }},
	{"reason", func(_ sync.Run, c sync.Change) string { return c.Reason.String() }},
	{"source", func(_ sync.Run, c sync.Change) string { return c.Source.String() }},
	{"status", func(_ sync.Run, c sync.Change) string { return string(c.Status) }},
	{"http_status", func(_ sync.Run, c sync.Change) string { return httpStatus(c.HTTPStatus) }},
	{"request_id", func(_ sync.Run, c sync.Change) string { return c.RequestID }},
	{"error", func(_ sync.Run, c sync.Change) string { return c.Error }},
}

var exceptionColumns = []column[sync.Exception]{
	{"run_id", func(r sync.Run, _ sync.Exception) string { return r.ID }},
	{"kind", func(_ sync.Run, e sync.Exception) string { return string(e.Kind) }},
	{"subject", func(_ sync.Run, e sync.Exception) string { return e.Subject }},
	{"detail", func(_ sync.Run, e sync.Exception) string { return e.Detail }},
	{"template_name", func(_ sync.Run, e sync.Exception) string { return e.TemplateName }},
	{"group_name", func(_ sync.Run, e sync.Exception) string { return e.GroupName }},
	{"project_id", func(_ sync.Run, e sync.Exception) string { return string(e.Project) }},
	{"source", func(_ sync.Run, e sync.Exception) string { return e.Source.String() }},
	{"accepted_until", func(_ sync.Run, e sync.Exception) string { return e.AcceptedUntil }},
	{"accepted_why", func(_ sync.Run, e sync.Exception) string { return e.AcceptedWhy }},
}

var sourceColumns = []column[sync.SourceRow]{
	{"source", func(_ sync.Run, s sync.SourceRow) string { return s.Source }},
	{"employee_id", func(_ sync.Run, s sync.SourceRow) string { return s.EmployeeID }},
	{"email", func(_ sync.Run, s sync.SourceRow) string { return s.Email }},
	{"procore_login", func(_ sync.Run, s sync.SourceRow) string { return s.ProcoreLogin }},
	{"name", func(_ sync.Run, s sync.SourceRow) string { return s.Name }},
	{"team", func(_ sync.Run, s sync.SourceRow) string { return s.Team }},
	{"role", func(_ sync.Run, s sync.SourceRow) string { return s.Role }},
	{"project", func(_ sync.Run, s sync.SourceRow) string { return s.Project }},
	{"status", func(_ sync.Run, s sync.SourceRow) string { return s.Status }},
	{"start_date", func(_ sync.Run, s sync.SourceRow) string { return s.StartDate }},
	{"end_date", func(_ sync.Run, s sync.SourceRow) string { return s.EndDate }},
}

// AccessCSV writes access.csv: a header, then everybody in every group as the run left them. Cells are neutralised as in
// ChangesCSV.
func AccessCSV(w io.Writer, rec sync.Record) error {
	return writeCSV(w, "access", accessColumns, rec.Run, rec.Access)
}

var accessColumns = []column[sync.AccessRow]{
	{"run_id", func(r sync.Run, _ sync.AccessRow) string { return r.ID }},
	{"project_id", func(_ sync.Run, a sync.AccessRow) string { return string(a.Project) }},
	{"project_number", func(_ sync.Run, a sync.AccessRow) string { return a.ProjectNumber }},
	{"project_name", func(_ sync.Run, a sync.AccessRow) string { return a.ProjectName }},
	{"template_id", func(_ sync.Run, a sync.AccessRow) string { return string(a.TemplateID) }},
	{"template_name", func(_ sync.Run, a sync.AccessRow) string { return a.TemplateName }},
	{"preset_id", func(_ sync.Run, a sync.AccessRow) string { return string(a.Preset) }},
	{"group_uuid", func(_ sync.Run, a sync.AccessRow) string { return string(a.GroupUUID) }},
	{"group_name", func(_ sync.Run, a sync.AccessRow) string { return a.GroupName }},
	{"managed", func(_ sync.Run, a sync.AccessRow) string { return strconv.FormatBool(a.Managed) }},
	{"login_id", func(_ sync.Run, a sync.AccessRow) string { return string(a.LoginID) }},
	{"login", func(_ sync.Run, a sync.AccessRow) string { return a.Login }},
	{"person_name", func(_ sync.Run, a sync.AccessRow) string { return a.PersonName }},
	{"employee_id", func(_ sync.Run, a sync.AccessRow) string { return a.EmployeeID }},
	{"decision", func(_ sync.Run, a sync.AccessRow) string { return a.Decision }},
	{"why", func(_ sync.Run, a sync.AccessRow) string { return a.Why }},
	{"source", func(_ sync.Run, a sync.AccessRow) string { return a.Source.String() }},
	{"read_at", func(_ sync.Run, a sync.AccessRow) string { return readAt(a.ReadAt) }},
}

func readAt(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

func writeCSV[T any](w io.Writer, what string, columns []column[T], run sync.Run, rows []T) error {
	cw := csv.NewWriter(w)
	if err := cw.Write(names(columns)); err != nil {
		return fmt.Errorf("write the header of the %s CSV: %w", what, err)
	}
	cells := make([]string, len(columns))
	for i, row := range rows {
		for j, c := range columns {
			cell := c.cell(run, row)
			if !isPlain(cell) {
				cell = neutralise(cleanCell(cell))
			}
			cells[j] = cell
		}
		if err := cw.Write(cells); err != nil {
			return fmt.Errorf("write row %d of the %s CSV: %w", i+1, what, err)
		}
	}
	cw.Flush()
	if err := cw.Error(); err != nil {
		return fmt.Errorf("write the %s CSV: %w", what, err)
	}
	return nil
}

func names[T any](columns []column[T]) []string {
	list := make([]string, len(columns))
	for i, c := range columns {
		list[i] = c.name
	}
	return list
}

// changeTime returns when the change was settled. A change that was only planned has no time of its own, so the run's
// start is used.
func changeTime(run sync.Run, c sync.Change) string {
	t := c.Time
	if t.IsZero() {
		t = run.StartedAt
	}
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

func httpStatus(code int) string {
	if code == 0 {
		return ""
	}
	return strconv.Itoa(code)
}
