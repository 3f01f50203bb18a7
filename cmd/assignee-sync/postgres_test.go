package main

import (
	"context"
	"encoding/csv"
	"os"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/rogpeppe/go-internal/testscript"

	"procore-assignee-sync/migrations/pgtest"
)

// TestPostgresScripts are scripts that may also use
//
//	database NAME   set NAME to the URL of a new, empty database
//	fill NAME       put hr.csv and role-map.csv into the HR tables of that database
//	sql NAME TEXT   run SQL in that database
func TestPostgresScripts(t *testing.T) {
	pgtest.Database(t) // skips, or fails, here rather than inside a script
	params := scripts("../../testdata/script/postgres")
	params.Cmds["database"] = func(ts *testscript.TestScript, neg bool, args []string) {
		if neg || len(args) != 1 {
			ts.Fatalf("usage: database NAME")
		}
		ts.Setenv(args[0], pgtest.Database(t))
	}
	params.Cmds["fill"] = fillHR
	params.Cmds["sql"] = runSQL
	testscript.Run(t, params)
}

func runSQL(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: sql NAME TEXT")
	}
	withDatabase(ts, args[0], func(ctx context.Context, conn *pgx.Conn) error {
		_, err := conn.Exec(ctx, args[1])
		return err
	})
}

func fillHR(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: fill NAME")
	}
	withDatabase(ts, args[0], func(ctx context.Context, conn *pgx.Conn) error {
		for table, file := range map[string]string{"hr_team_members": "hr.csv", "role_mappings": "role-map.csv"} {
			if err := copyCSV(ctx, conn, table, ts.MkAbs(file)); err != nil {
				return err
			}
		}
		return nil
	})
}

// copyCSV copies a file into the table, empty cells as NULL. The role map's column group is called group_name there.
func copyCSV(ctx context.Context, conn *pgx.Conn, table, file string) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	rows, err := csv.NewReader(strings.NewReader(string(text))).ReadAll()
	if err != nil {
		return err
	}
	header := strings.Replace(strings.Join(rows[0], ","), ",group,", ",group_name,", 1)
	_, err = conn.PgConn().CopyFrom(ctx, strings.NewReader(string(text)),
		"copy "+table+" ("+header+") from stdin with (format csv, header true)")
	return err
}

func withDatabase(ts *testscript.TestScript, name string, do func(context.Context, *pgx.Conn) error) {
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, ts.Getenv(name))
	ts.Check(err)
	defer func() { _ = conn.Close(ctx) }()
	ts.Check(do(ctx, conn))
}
