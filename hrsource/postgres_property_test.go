package hrsource

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
	"pgregory.net/rapid"

	"procore-assignee-sync/migrations/pgtest"
)

// writtenColumns are the columns of a roster as it is written to a file and to a table.
var writtenColumns = tableColumns[:cellCount]

// drawRows draws rows as HR writes them: mostly right, sometimes not.
func drawRows(t *rapid.T) [][]string {
	odd := rapid.StringOfN(rapid.RuneFrom([]rune("aB0 _-*.,;|\"'\n\té@#=E\u200bß")), 0, 8, -1)
	pick := func(values ...string) *rapid.Generator[string] {
		return rapid.OneOf(rapid.SampledFrom(values), rapid.SampledFrom(values), odd)
	}
	cells := map[int]*rapid.Generator[string]{
		colEmployeeID:   pick("", "00123", "123", " 77 ", "1.23E+11"),
		colEmail:        pick("", "ann@example.org", "Bob@Example.org", "zoë@example.org", "no address"),
		colProcoreLogin: pick("", "ann@procore.example"),
		colName:         pick("", "Ann Lee", "O'Neil, Zoë"),
		colTeam:         pick("Concrete", "Steel", "steel ", ""),
		colRole:         pick("", "Foreman"),
		colProject:      pick("", "*", "24-017", "562949953421312"),
		colStatus:       pick("", "Active", "on leave", "pre-hire", "Terminated"),
		colStart:        pick("", "2026-01-31", "0000-00-00"),
		colEnd:          pick("", "2026-12-31"),
	}
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) []string {
		row := make([]string, cellCount)
		for column := range row {
			row[column] = cells[column].Draw(t, writtenColumns[column])
		}
		return row
	}).Filter(func(row []string) bool {
		// A line of blanks is no row in a file.
		return clean(strings.Join(row, "")) != "" && strings.Trim(strings.Join(row, ""), "\u200b \n\t") != ""
	}), 1, 12).Draw(t, "rows")
}

func TestARosterLoadsEquallyFromAFileAndFromATable(t *testing.T) {
	url := pgtest.Database(t)
	pgtest.Exec(t, url, "create table hr_team_members ("+strings.Join(writtenColumns, " text, ")+" text)")
	conn := pgtest.Connect(t, url)
	rapid.Check(t, func(rt *rapid.T) {
		rows := drawRows(rt)
		var file bytes.Buffer
		out := csv.NewWriter(&file)
		_ = out.Write(writtenColumns)
		_ = out.WriteAll(rows)
		if _, err := conn.Exec(t.Context(), "delete from hr_team_members"); err != nil {
			rt.Fatal(err)
		}
		_, err := conn.CopyFrom(t.Context(), pgx.Identifier{hrTable}, writtenColumns,
			pgx.CopyFromSlice(len(rows), func(i int) ([]any, error) {
				values := make([]any, cellCount)
				for column, cell := range rows[i] {
					if cell != "" { // NULL and empty text are the same
						values[column] = cell
					}
				}
				return values, nil
			}))
		if err != nil {
			rt.Fatal(err)
		}
		fromFile, err := CSV{Path: "-", Stdin: &file}.Load(t.Context())
		if err != nil {
			rt.Fatal(err)
		}
		fromTable, err := Postgres{URL: url}.Load(t.Context())
		if err != nil {
			rt.Fatal(err)
		}
		if diff := cmp.Diff(timeless(fromFile), timeless(fromTable)); diff != "" {
			rt.Error(diff)
		}
	})
}

// timeless returns what a roster says, wherever it came from and in whatever order.
func timeless(r *Roster) []string {
	said := []string{fmt.Sprintf("rows %d, accepted %d, duplicates %d", r.Rows, r.Accepted, r.Duplicates)}
	for _, m := range r.Members {
		copies := len(m.At)
		m.At = nil
		said = append(said, fmt.Sprintf("%d × %+v", copies, m))
	}
	for _, row := range r.Rejected {
		said = append(said, fmt.Sprintf("rejected %q %q %q %q: %s", row.EmployeeID, row.Email, row.ProcoreLogin, row.Team, row.Column))
	}
	slices.Sort(said)
	return said
}
