package hrsource

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"procore-assignee-sync/migrations/pgdial"
)

// mapRow is a row of role_mappings. A customer's own view may have NULLs.
type mapRow struct {
	Template  *string `db:"template"`
	GroupName *string `db:"group_name"`
	Team      *string `db:"team"`
	Role      *string `db:"role"`
}

// LoadRoleMapTable reads the role map from the table or view role_mappings in the database at url: all rows, sorted by
// template, group, team and role, in one read-only transaction. No cell may be empty, and `*` is allowed in template
// and role only. The fingerprint distinguishes one content from another. An error is one *SourceError or several,
// joined.
func LoadRoleMapTable(ctx context.Context, url string) (rows []RoleRow, fingerprint string, err error) {
	from := relation{setting: hrSetting, table: mapTable}
	database, err := pgdial.Open(url, pgdial.Options{Setting: hrSetting})
	if err != nil {
		return nil, "", from.refuse(err, "")
	}
	err = from.read(ctx, database, 0, func(tx pgx.Tx) error {
		// Cast to text and sorted byte by byte, so that neither a view's types nor the database's collation matters.
		result, err := tx.Query(ctx, `select template, group_name, team, role from (
				select template::text, group_name::text, team::text, role::text from role_mappings
			) r order by template collate "C", group_name collate "C", team collate "C", role collate "C"`, pgx.QueryExecModeExec)
		if err != nil {
			return err
		}
		found, err := pgx.CollectRows(result, pgx.RowToStructByName[mapRow])
		for i, row := range found {
			rows = append(rows, row.role(i+1))
		}
		return err
	})
	if err != nil {
		return nil, "", err
	}
	if len(rows) == 0 {
		return nil, "", &SourceError{
			File: mapTable, What: "it has no rows, so no group would be filled by anyone",
			Hint: "add rows, or set ROLE_MAP to a file or to names",
		}
	}
	sum := sha256.New()
	var wrong []error
	for _, row := range rows {
		for _, fault := range row.faults() {
			wrong = append(wrong, row.refuse(fault))
		}
		fmt.Fprintf(sum, "%q %q %q %q\n", row.Template, row.Group, row.Team, row.Role)
	}
	if len(wrong) > 0 {
		return nil, "", errors.Join(wrong...)
	}
	return rows, hex.EncodeToString(sum.Sum(nil)), nil
}

// refuse says what is wrong with a row of the table. It shows the row, since its number exists only here.
func (r RoleRow) refuse(fault roleFault) error {
	column := fault.column
	if column == "group" {
		column = "group_name"
	}
	return &SourceError{
		File: mapTable, Column: column, Hint: fault.hint,
		What: fmt.Sprintf("%s in the row template %q, group %q, team %q, role %q", fault.what, r.Template, r.Group, r.Team, r.Role),
	}
}

func (r mapRow) role(number int) RoleRow {
	text := func(cell *string) string {
		if cell == nil {
			return ""
		}
		return clean(*cell)
	}
	return RoleRow{
		Template: text(r.Template), Group: text(r.GroupName), Team: text(r.Team), Role: text(r.Role),
		At: Position{Source: mapTable, Row: number},
	}
}
