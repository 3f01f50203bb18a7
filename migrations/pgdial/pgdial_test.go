package pgdial_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"procore-assignee-sync/migrations/pgdial"
)

func open(t *testing.T, url string, o pgdial.Options) *pgdial.Database {
	t.Helper()
	d, err := pgdial.Open(url, o)
	if err != nil {
		t.Fatalf("%s: %v", url, err)
	}
	return d
}

func TestWhatTheURLSaysIsRespected(t *testing.T) {
	for url, want := range map[string]string{
		"postgres://u:p@db.example:6543/hr":                                     "db.example:6543/hr 10s",
		"postgresql://u:a:b@db.example/hr?connect_timeout=3&search_path=people": "db.example:5432/hr 3s people",
		"host=/run/postgresql dbname=hr user=u password='it''s'":                "",
		"host=/run/postgresql dbname=hr user=u password='it\\'s a'":             "/run/postgresql/hr 10s",
		"host=db password=a;b/c@d:e dbname=hr search_path='a, b'":               "db:5432/hr 10s a, b",
		"postgres://u@[::1]/hr":                                                 "[::1]:5432/hr 10s",
		"postgres:///hr?host=/run/postgresql&user=u":                            "/run/postgresql/hr 10s",
		"postgres://u:p%40ss%2Fword@one.example,two.example:6/hr?ssl=true":      "one.example:5432/hr 10s",
	} {
		if want == "" {
			if _, err := pgdial.Open(url, pgdial.Options{}); err == nil {
				t.Errorf("%s was taken", url)
			}
			continue
		}
		d := open(t, url, pgdial.Options{})
		got := strings.TrimSpace(fmt.Sprintf("%s %s %s", d.Place(), d.ConnectTimeout(), d.Param("search_path")))
		if got != want {
			t.Errorf("%s: got %s, want %s", url, got, want)
		}
	}
	d := open(t, "postgres://u@h/d?connect_timeout=3&lock_timeout=5", pgdial.Options{
		ConnectTimeout: time.Second, Params: map[string]string{"lock_timeout": "7"},
	})
	if d.ConnectTimeout() != time.Second || d.Param("lock_timeout") != "7" {
		t.Errorf("what the caller says comes first: got %s, %s", d.ConnectTimeout(), d.Param("lock_timeout"))
	}
}

func TestAURLThatIsNoneIsRefusedWithoutShowingIt(t *testing.T) {
	for _, url := range []string{
		"", "  ", "postgres://u:hush@host:port/x", "postgres://u:hu%zzsh@host/x", "mysql://u:hush@host/x",
		"host=h password='hush", "postgres://u:hush@h/x?sslmode=perhaps", "postgres://u:hush@h/x?connect_timeout=soon",
		"postgres://u:Sunny@hush@db.example:5432/hr", "postgres://u:1234/hush@db.example/hr", "postgres://u:12?hush@db.example/hr",
		"postgres://u:12?a=hush@db.example/hr", "postgres://u:12#hush@db.example/hr", "postgres://u@corp:hush@db.example/hr",
		"postgres://u:hu sh@db.example/hr", "host=h password=Sunny hush=1 user=u", "host=h password=Sunny hush user=u",
		"postgres://h/x?user=u&password=Sunny&hush=1", "hush", "postgres://u:p@ho!hush/x",
	} {
		_, err := pgdial.Open(url, pgdial.Options{Setting: "LEDGER_DATABASE_URL"})
		if pgdial.KindOf(err) != pgdial.BadURL || !strings.Contains(err.Error(), "LEDGER_DATABASE_URL is not a Postgres URL") {
			t.Errorf("%q: got %v", url, err)
		}
		if err != nil && (errors.Unwrap(err) != nil || strings.Contains(err.Error(), "hush") || strings.Contains(err.Error(), "zz")) {
			t.Errorf("%q shows: %v", url, err)
		}
	}
}

func TestAConnectionStringOfAnotherLibraryIsToldWithWhatToWriteInstead(t *testing.T) {
	for url, want := range map[string]string{
		"jdbc:postgresql://db.example:5432/hr?user=u&password=hush":              "JDBC",
		"Host=db.example;Port=5432;Database=hr;Username=u;Password=hush":         ".NET",
		"Server=db.example;User Id=u;Password=hush;":                             ".NET",
		"host = db.example ; password = hush ;":                                  ".NET",
		"Driver={PostgreSQL Unicode};Server=db.example;Uid=u;Pwd=hush":           "ODBC",
		"postgresql+psycopg2://u:hush@db.example/hr":                             "Python driver",
		"postgres://u:hush@db.example/hr?schema=people":                          "search_path=",
		"postgres://u:hush@db.example/hr?currentSchema=people":                   "search_path=",
		"postgres://u:hush@db.example/hr?pgbouncer=true&connection_limit=1":      "leave it out",
		"postgres://u:hush@db.example/hr?sslmode=require&statement_cache_size=0": "leave it out",
		"postgres://u:hush@db.example/hr?connectTimeout=10":                      "connect_timeout",
		"postgres://u:hush@db.example/hr?colour=red":                             "the key colour",
		"DATABASE_URL=postgres://u:hush@db.example/hr":                           "leave them out",
		"\"postgres://u:hush@db.example/hr\"":                                    "take them away",
		"psql postgres://u:hush@db.example/hr":                                   "leave out psql",
		"sqlserver://u:hush@db.example/hr":                                       "another kind of database",
		"server=db.example uid=u password=hush":                                  "host=",
	} {
		_, err := pgdial.Open(url, pgdial.Options{Setting: "HR_DATABASE_URL"})
		if pgdial.KindOf(err) != pgdial.BadURL || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "hush") {
			t.Errorf("%s: got %v", url, err)
		}
	}
}

func TestEachTroubleHasItsKind(t *testing.T) {
	somewhere := open(t, "postgres://u@h/d", pgdial.Options{Setting: "HR_DATABASE_URL"})
	for _, test := range []struct {
		err    error
		kind   pgdial.Kind
		config bool
	}{
		{&pgconn.PgError{Code: "28P01"}, pgdial.NotAdmitted, true},
		{&pgconn.PgError{Code: "28000"}, pgdial.NotAdmitted, true},
		{&pgconn.PgError{Code: "3D000"}, pgdial.NoDatabase, true},
		{&pgconn.PgError{Code: "53300"}, pgdial.Busy, false},
		{&pgconn.PgError{Code: "57P03"}, pgdial.Busy, false},
		{&pgconn.PgError{Code: "57P01"}, pgdial.ConnectionLost, false},
		{&pgconn.PgError{Code: "42501"}, pgdial.Denied, true},
		{&pgconn.PgError{Code: "57014"}, pgdial.StatementTimeout, false},
		{&pgconn.PgError{Code: "XX000"}, pgdial.Other, false},
		{fmt.Errorf("copying: %w", &pgconn.PgError{Code: "25006"}), pgdial.ReadOnly, true},
		{io.ErrUnexpectedEOF, pgdial.ConnectionLost, false},
		{pgconn.ErrConnClosed, pgdial.ConnectionLost, false},
		{context.DeadlineExceeded, pgdial.Timeout, false},
		{&pgconn.PgError{Code: "08P01", Message: "transaction blocks not allowed in statement pooling mode"}, pgdial.BadPool, true},
		{&pgconn.PgError{Code: "08P01", Message: "unsupported startup parameter: options"}, pgdial.BadParam, true},
		{&pgconn.PgError{Code: "08P01", Message: "query_wait_timeout"}, pgdial.Busy, false},
		{errors.New("something else"), pgdial.Other, false},
	} {
		err := somewhere.ExplainAll(test.err)
		if kind := pgdial.KindOf(err); kind != test.kind || kind.IsConfig() != test.config {
			t.Errorf("%v: got %q, whose mending is the settings': %v", test.err, kind, kind.IsConfig())
		}
		if !errors.Is(err, test.err) {
			t.Errorf("%v is not found in %v", test.err, err)
		}
		if again := somewhere.ExplainAll(err); again != err {
			t.Errorf("explained twice: %v", again)
		}
	}
}

func TestWhatIsNotTheDatabasesStaysAsItIs(t *testing.T) {
	somewhere := open(t, "postgres://u@h/d", pgdial.Options{Setting: "HR_DATABASE_URL"})
	ours := errors.New("ours")
	if got := somewhere.Explain(ours); got != ours {
		t.Errorf("got %v", got)
	}
	if got := somewhere.Explain(io.ErrUnexpectedEOF); pgdial.KindOf(got) != pgdial.ConnectionLost {
		t.Errorf("got %v", got)
	}
}

func TestRowsOfTheServersDetailsAreNotShown(t *testing.T) {
	somewhere := open(t, "postgres://u@h/d", pgdial.Options{Setting: "HR_DATABASE_URL"})
	err := somewhere.ExplainAll(&pgconn.PgError{Code: "23514", Message: "violates check", Detail: "Failing row contains (ann@example.org)"})
	if strings.Contains(err.Error(), "ann@") {
		t.Errorf("got %v", err)
	}
}
