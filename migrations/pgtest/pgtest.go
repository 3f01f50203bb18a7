// Package pgtest gives tests a real Postgres: a fresh database for each test, on the server of TEST_DATABASE_URL if
// that is set, else on a throwaway server that the test binary starts from the installed binaries and that ends with
// it, however it ends. If there is neither, the test is skipped with a reason; under CI=true it fails instead.
package pgtest

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"net/url"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"procore-assignee-sync/migrations"
)

// patience bounds each step of the set-up: a loaded machine is slow, but a hanging one must not hang the tests.
const patience = 60 * time.Second

// Database returns the URL of a new, empty database, which is dropped at the end of the test. Its user is a superuser.
func Database(t testing.TB) string {
	t.Helper()
	return newDatabase(t, "template0")
}

// HR returns the URL of a new database with the HR schema.
func HR(t testing.TB) string {
	t.Helper()
	return newDatabase(t, templateFor(t, migrations.HR))
}

// Ledger returns the URL of a new database with the ledger's schema.
func Ledger(t testing.TB) string {
	t.Helper()
	return newDatabase(t, templateFor(t, migrations.Ledger))
}

// As returns url with the rights of another role: its session starts with that role set, so no password is needed.
func As(t testing.TB, rawURL, role string) string {
	t.Helper()
	return With(t, rawURL, "role", role)
}

// With returns url with a run-time parameter set for its sessions.
func With(t testing.TB, rawURL, key, value string) string {
	t.Helper()
	u, err := url.Parse(rawURL)
	if err != nil {
		t.Fatalf("pgtest: %v", err)
	}
	query := u.Query()
	query.Set(key, value)
	u.RawQuery = strings.ReplaceAll(query.Encode(), "+", "%20") // to Postgres a plus is a plus
	return u.String()
}

// Exec runs SQL, several statements if need be, in a session of its own.
func Exec(t testing.TB, url, sql string) {
	t.Helper()
	if err := runSQL(url, sql); err != nil {
		t.Fatalf("pgtest: %v", err)
	}
}

// Connect opens a connection that is closed at the end of the test.
func Connect(t testing.TB, url string) *pgx.Conn {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		t.Fatalf("pgtest: %v", err)
	}
	t.Cleanup(func() { _ = conn.Close(context.Background()) })
	return conn
}

// theServer is found or started once for the whole test binary.
var theServer = sync.OnceValues(findServer)

// server returns the URL of the server's maintenance database, or ends the test.
func server(t testing.TB) string {
	t.Helper()
	found, err := theServer()
	if err == nil {
		return found
	}
	skipOrFail(t, "Postgres", fmt.Errorf("%w; install PostgreSQL or set TEST_DATABASE_URL", err))
	return ""
}

// skipOrFail ends a test that lacks a program: it skips it, giving the reason once for each program, or fails it under
// CI=true.
func skipOrFail(t testing.TB, program string, why error) {
	t.Helper()
	if ci, _ := strconv.ParseBool(setting("CI")); ci {
		t.Fatalf("pgtest: no %s to test against, and under CI none may be skipped: %v", program, why)
	}
	if _, told := skipTold.LoadOrStore(program, true); !told {
		fmt.Fprintf(os.Stderr, "\n*** TESTS AGAINST %s ARE SKIPPED: %v\n\n", strings.ToUpper(program), why)
	}
	t.Skipf("no %s to test against: %v", program, why)
}

var skipTold sync.Map // by program

// setting reads the environment, since a test has no command that could pass settings in.
func setting(name string) string {
	return os.Getenv(name) //nolint:forbidigo // see above
}

func findServer() (string, error) {
	if given := setting("TEST_DATABASE_URL"); given != "" {
		if _, err := url.Parse(given); err != nil {
			return "", fmt.Errorf("TEST_DATABASE_URL is not a URL such as postgres://user:password@localhost/postgres")
		}
		sweep(given)
		return given, nil
	}
	return startThrowaway()
}

func newDatabase(t testing.TB, template string) string {
	t.Helper()
	base := server(t)
	name := databaseName()
	if err := runSQL(base, fmt.Sprintf("create database %s template %s", name, template)); err != nil {
		t.Fatalf("pgtest: creating a database: %v", err)
	}
	t.Cleanup(func() {
		if err := runSQL(base, "drop database if exists "+name+" with (force)"); err != nil {
			t.Errorf("pgtest: dropping a test's database: %v", err)
		}
	})
	return databaseURL(base, name)
}

// databaseName returns a name that is unique across test binaries and machines, and that tells sweep its age.
func databaseName() string {
	return fmt.Sprintf("%s%d_%s", prefix, time.Now().Unix(), randomHex())
}

func randomHex() string {
	var b [6]byte
	_, _ = rand.Read(b[:]) // never fails
	return hex.EncodeToString(b[:])
}

func databaseURL(base, name string) string {
	u, err := url.Parse(base)
	if err != nil {
		panic("pgtest: the server's URL was parsed before: " + err.Error())
	}
	u.Path = "/" + name
	return u.String()
}

func runSQL(url, sql string) error {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	_, err = conn.Exec(ctx, sql)
	return err
}
