package main

import (
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"net/url"
	"os"
	"strconv"
	"strings"
	gosync "sync"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/rogpeppe/go-internal/testscript"

	"procore-assignee-sync/migrations/pgtest"
	"procore-assignee-sync/procore"
	"procore-assignee-sync/procore/sandbox"
	"procore-assignee-sync/sync"
)

// TestPostgresScripts are scripts that may also use
//
//	database NAME        set NAME to the URL of a new, empty database
//	fill NAME            put hr.csv and role-map.csv into the HR tables of that database
//	sql NAME TEXT        run SQL in that database
//	url NAME PART VALUE  change a part of the URL in NAME: its password, its database, or a parameter
//	[passwords]          whether the server asks for passwords
func TestPostgresScripts(t *testing.T) {
	base := pgtest.Database(t) // skips, or fails, here rather than inside a script
	params := scripts("../../testdata/script/postgres")
	params.Cmds["database"] = func(ts *testscript.TestScript, neg bool, args []string) {
		if neg || len(args) != 1 {
			ts.Fatalf("usage: database NAME")
		}
		ts.Setenv(args[0], pgtest.Database(t))
	}
	params.Cmds["fill"] = fillHR
	params.Cmds["sql"] = runSQL
	params.Cmds["url"] = changeURL
	params.Condition = func(condition string) (bool, error) {
		if condition != "passwords" {
			return false, fmt.Errorf("there is no condition %q", condition)
		}
		return asksForPasswords(t, base), nil
	}
	testscript.Run(t, params)
}

func asksForPasswords(t *testing.T, base string) bool {
	u, err := url.Parse(base)
	if err != nil {
		t.Fatal(err)
	}
	u.User = url.UserPassword(u.User.Username(), "wrong")
	conn, err := pgx.Connect(t.Context(), u.String())
	if err != nil {
		return true
	}
	return conn.Close(t.Context()) != nil
}

func changeURL(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: url NAME PART VALUE")
	}
	u, err := url.Parse(ts.Getenv(args[0]))
	ts.Check(err)
	switch part, value := args[1], args[2]; part {
	case "password":
		u.User = url.UserPassword(u.User.Username(), value)
	case "database":
		u.Path = "/" + value
	default:
		query := u.Query()
		query.Set(part, value)
		u.RawQuery = query.Encode()
	}
	ts.Setenv(args[0], u.String())
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

// TestTwentyCompaniesRunAtOnceAgainstOneLedger has each company's job in a pod of its own, so to say, with a folder of
// its own, and all of them in one database.
func TestTwentyCompaniesRunAtOnceAgainstOneLedger(t *testing.T) {
	const companies = 20
	shared := pgtest.Ledger(t)
	codes := make([]int, companies)
	servers := make([]*sandbox.Server, companies)
	var jobs gosync.WaitGroup
	for i := range companies {
		server, environ := company(t, procore.CompanyID(strconv.Itoa(9001+i)))
		servers[i] = server
		jobs.Go(func() {
			codes[i] = realMain(context.Background(), process{
				Args: []string{"apply", "--yes"}, Environ: append(environ, "LEDGER_DATABASE_URL="+shared),
				Stdin: strings.NewReader(""), Stdout: io.Discard, Stderr: io.Discard,
			})
		})
	}
	jobs.Wait()
	for i, code := range codes {
		if writes := len(servers[i].History()); code != sync.ExitIncomplete || writes != 10 {
			t.Errorf("company %d: exit code %d after %d writes", 9001+i, code, writes)
		}
	}
	listed := written([]string{"runs", "--all-companies"}, []string{"LEDGER_DATABASE_URL=" + shared, "LEDGER_DIR=" + t.TempDir()})
	for i := range companies {
		if strings.Count(listed, " "+strconv.Itoa(9001+i)+" ") != 1 {
			t.Errorf("company %d is not listed once:\n%s", 9001+i, listed)
		}
	}
	one := written([]string{"runs"}, []string{"PROCORE_COMPANY_ID=9007", "LEDGER_DATABASE_URL=" + shared, "LEDGER_DIR=" + t.TempDir()})
	if listed := strings.Count(one, " apply "); listed != 1 {
		t.Errorf("one company's runs are listed as %d:\n%s", listed, one)
	}
}
