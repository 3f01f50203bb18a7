package hrsource

import (
	"errors"
	"fmt"
	"path/filepath"

	"procore-assignee-sync/hrsource/csvtable"
)

// roleMapRow is a row of a role map file as gocsv binds it.
type roleMapRow struct {
	Template string `csv:"template"`
	Group    string `csv:"group"`
	Team     string `csv:"team"`
	Role     string `csv:"role"`
}

// LoadRoleMapCSV reads a role map file with the columns template, group, team and role. No cell may be empty, `*` is
// allowed in template and role only, and a line that begins with # and a space is a comment. It also returns the sha256
// of the file, in hex. It reports everything that is wrong at once: an error is one [*SourceError] or several, joined.
func LoadRoleMapCSV(path string) (rows []RoleRow, fingerprint string, err error) {
	columns := []string{"template", "group", "team", "role"}
	table, err := csvtable.Open(path, csvtable.Options{
		Columns:  columns,
		Required: [][]string{{"template"}, {"group"}, {"team"}, {"role"}},
		Comments: true,
		Settings: csvtable.Settings{Path: "ROLE_MAP"},
	})
	if err != nil {
		return nil, "", err
	}
	defer func() {
		if closeErr := table.Close(); err == nil && closeErr != nil {
			err = fmt.Errorf("closing %s: %w", path, closeErr)
		}
	}()
	var wrong []error
	for row, err := range csvtable.Rows[roleMapRow](table) {
		if err != nil {
			return nil, "", errors.Join(append(wrong, err)...)
		}
		rule := RoleRow{
			Template: clean(row.Value.Template), Group: clean(row.Value.Group), Team: clean(row.Value.Team), Role: clean(row.Value.Role),
			At: Position{Source: filepath.Base(path), Line: row.Line},
		}
		for _, fault := range rule.faults() {
			wrong = append(wrong, &SourceError{
				File: path, Line: row.Line, Column: table.ColumnName(fault.column), What: fault.what, Hint: fault.hint,
			})
		}
		rows = append(rows, rule)
	}
	if len(wrong) > 0 {
		return nil, "", errors.Join(wrong...)
	}
	return rows, table.Fingerprint(), nil
}

// roleFault is what is wrong with a row of a role map.
type roleFault struct{ column, what, hint string }

// faults returns what is wrong with a row of a role map, whether it is from a file or from the table.
func (r RoleRow) faults() []roleFault {
	var faults []roleFault
	for _, cell := range []struct {
		column, text string
		any          bool // whether `*` is allowed
	}{{"template", r.Template, true}, {"group", r.Group, false}, {"team", r.Team, false}, {"role", r.Role, true}} {
		switch {
		case cell.text == "" && cell.any:
			faults = append(faults, roleFault{cell.column, "the cell is empty", "write its name, or * for any"})
		case cell.text == "":
			faults = append(faults, roleFault{cell.column, "the cell is empty", "write its name"})
		case cell.text == "*" && !cell.any:
			faults = append(faults, roleFault{cell.column, "* is not allowed here", "name each " + cell.column + " in a row of its own"})
		}
	}
	return faults
}
