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

func parse(t *testing.T, url string, o pgdial.Options) string {
	t.Helper()
	config, err := pgdial.Parse(url, o)
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("%s %s %s", pgdial.Place(config), config.ConnectTimeout, config.RuntimeParams["application_name"])
}

func TestWhatTheURLSaysIsRespected(t *testing.T) {
	for url, want := range map[string]string{
		"postgres://u:p@db.example:6543/hr":                                     "db.example:6543/hr 10s assignee-sync",
		"postgres://u@db.example/hr?connect_timeout=3&application_name=nightly": "db.example:5432/hr 3s nightly",
		"host=/run/postgresql dbname=hr user=u":                                 "/run/postgresql/hr 10s assignee-sync",
		"postgres://u@[::1]/hr":                                                 "[::1]:5432/hr 10s assignee-sync",
	} {
		if got := parse(t, url, pgdial.Options{}); got != want {
			t.Errorf("%s: got %s, want %s", url, got, want)
		}
	}
	if got := parse(t, "postgres://u@h/d?connect_timeout=3", pgdial.Options{ConnectTimeout: time.Second}); !strings.Contains(got, " 1s ") {
		t.Errorf("what the caller says comes first: got %s", got)
	}
}

func TestAURLThatIsNoneIsRefusedWithoutShowingIt(t *testing.T) {
	for _, url := range []string{
		"", "  ", "postgres://u:hush@host:port/x", "postgres://u:hu%zzsh@host/x", "mysql://u:hush@host/x",
		"host=h password='hush", "postgres://u:hush@h/x?sslmode=perhaps", "postgres://u:hush@h/x?connect_timeout=soon",
	} {
		_, err := pgdial.Parse(url, pgdial.Options{Setting: "LEDGER_DATABASE_URL"})
		if pgdial.KindOf(err) != pgdial.BadURL || !strings.Contains(err.Error(), "LEDGER_DATABASE_URL is not a Postgres URL") {
			t.Errorf("%q: got %v", url, err)
		}
		if err != nil && (errors.Unwrap(err) != nil || strings.Contains(err.Error(), "hush") || strings.Contains(err.Error(), "zz")) {
			t.Errorf("%q shows: %v", url, err)
		}
	}
}

func TestEachTroubleHasItsKind(t *testing.T) {
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
		{errors.New("something else"), pgdial.Other, false},
	} {
		err := pgdial.Explain(test.err, "HR_DATABASE_URL", nil)
		if kind := pgdial.KindOf(err); kind != test.kind || kind.IsConfig() != test.config {
			t.Errorf("%v: got %q, whose mending is the settings': %v", test.err, kind, kind.IsConfig())
		}
		if !errors.Is(err, test.err) {
			t.Errorf("%v is not found in %v", test.err, err)
		}
		if again := pgdial.Explain(err, "", nil); again != err {
			t.Errorf("explained twice: %v", again)
		}
	}
}

func TestWhatIsNotTheDatabasesStaysAsItIs(t *testing.T) {
	ours := errors.New("ours")
	if got := pgdial.ExplainDatabase(ours, "HR_DATABASE_URL", nil); got != ours {
		t.Errorf("got %v", got)
	}
	if got := pgdial.ExplainDatabase(io.ErrUnexpectedEOF, "HR_DATABASE_URL", nil); pgdial.KindOf(got) != pgdial.ConnectionLost {
		t.Errorf("got %v", got)
	}
}

func TestRowsOfTheServersDetailsAreNotShown(t *testing.T) {
	err := pgdial.Explain(&pgconn.PgError{Code: "23514", Message: "violates check", Detail: "Failing row contains (ann@example.org)"}, "X", nil)
	if strings.Contains(err.Error(), "ann@") {
		t.Errorf("got %v", err)
	}
}
