package hrsource

import (
	"context"
	"errors"
	"io"
	"net"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"procore-assignee-sync/migrations/pgdial"
	"procore-assignee-sync/migrations/pgtest"
)

func TestEachTroubleWithTheDatabaseIsToldForWhatItIs(t *testing.T) {
	const manyRows = "select g::text as employee_id, 'a' as team from generate_series(1, 200000) g"
	base := pgtest.Database(t)
	for _, test := range []struct {
		name  string
		setup string // SQL
		cfg   func(base string) Postgres
		kind  pgdial.Kind
		want  []string // all in the message
	}{
		{
			name: "no server", cfg: func(base string) Postgres { return Postgres{URL: elsewhere(t, base, deadPort(t))} },
			kind: pgdial.Unreachable, want: []string{"127.0.0.1:", "HR_DATABASE_URL", "check that the server runs"},
		},
		{
			name: "unknown host", cfg: func(string) Postgres { return Postgres{URL: "postgres://u:hush@nowhere.invalid/x"} },
			kind: pgdial.Unreachable, want: []string{"nowhere.invalid"},
		},
		{name: "wrong password", cfg: func(base string) Postgres {
			u := parse(t, base)
			u.User = url.UserPassword("postgres", "hush")
			return Postgres{URL: u.String()}
		}, kind: pgdial.NotAdmitted, want: []string{"wrong user or password"}},
		{name: "no database", cfg: func(base string) Postgres {
			u := parse(t, base)
			u.Path = "/nowhere"
			return Postgres{URL: u.String()}
		}, kind: pgdial.NoDatabase, want: []string{`database "nowhere" does not exist`}},
		{
			name: "no url", cfg: func(string) Postgres { return Postgres{URL: "postgres://u:hush@host:port/x"} },
			kind: pgdial.BadURL, want: []string{"HR_DATABASE_URL is not a Postgres URL"},
		},
		{
			name: "no table", cfg: plainly, kind: pgdial.MissingTable,
			want: []string{"hr_team_members", "`assignee-sync migrate hr`", "HR_QUERY"},
		},
		{
			name: "no table in the query", cfg: asking("select * from people"), kind: pgdial.MissingTable,
			want: []string{"HR_QUERY", `"people" does not exist`},
		},
		{
			name: "no column", setup: "create table hr_team_members (team text, dept text)", cfg: plainly,
			want: []string{"no column employee_id or email", "it has team, dept"},
		},
		{
			name: "no column at all", setup: "create table hr_team_members (dept text)", cfg: plainly,
			want: []string{"no column team, no column employee_id or email", "it has dept"},
		},
		{name: "no column in the query", cfg: asking("select 1 as id, 'a' as team"), want: []string{"HR_QUERY: there is no column employee_id or email", "AS"}},
		{
			name: "unknown column in the query", cfg: asking("select wage from (select 1 as id) x"), kind: pgdial.MissingColumn,
			want: []string{`"wage" does not exist`, "correct HR_QUERY"},
		},
		{name: "column twice", cfg: asking(`select 'a' as team, 'b' as "Team", 'c' as email`), want: []string{`column "Team"`, "twice"}},
		{
			name: "float id", cfg: asking("select 1e11::float8 as employee_id, 'a' as team"),
			want: []string{`column "employee_id"`, "double precision", "cast it"},
		},
		{name: "boolean status", cfg: asking("select '1' as employee_id, 'a' as team, true as status"), want: []string{`column "status"`, "boolean"}},
		{name: "json team", cfg: asking(`select '1' as employee_id, '"a"'::json as team`), want: []string{`column "team"`, "json"}},
		{name: "text updated_at", cfg: asking("select '1' as employee_id, 'a' as team, 'today' as updated_at"), want: []string{`column "updated_at"`}},
		{name: "no rows", setup: "create table hr_team_members (team text, email text)", cfg: plainly, want: []string{"it has no rows"}},
		{
			name: "no rights", setup: "create table hr_team_members (team text, email text); grant usage on schema public to pg_monitor",
			cfg:  func(base string) Postgres { return Postgres{URL: pgtest.As(t, base, "pg_monitor")} },
			kind: pgdial.Denied, want: []string{"grant select on hr_team_members"},
		},
		{
			name: "rows hidden by a policy", setup: `create table hr_team_members (team text, email text);
			insert into hr_team_members values ('a', 'a@example.org'), ('b', 'b@example.org');
			grant select on hr_team_members to pg_monitor; alter table hr_team_members enable row level security;
			create policy one on hr_team_members using (team = 'a')`,
			cfg:  func(base string) Postgres { return Postgres{URL: pgtest.As(t, base, "pg_monitor")} },
			kind: pgdial.Denied, want: []string{"a policy hides rows", "never taken for all", "bypassrls"},
		},
		{name: "slow", cfg: func(base string) Postgres {
			return Postgres{URL: base, Query: "select pg_sleep(60)::text as team, 'x' as email", StatementTimeout: 20 * time.Millisecond}
		}, kind: pgdial.StatementTimeout, want: []string{"longer than 20ms", "statement_timeout"}},
		{name: "slow by the url", cfg: func(base string) Postgres {
			return Postgres{URL: pgtest.With(t, base, "statement_timeout", "30"), Query: "select pg_sleep(60)::text as team, 'x' as email"}
		}, kind: pgdial.StatementTimeout, want: []string{"longer than 30ms"}},
		{name: "bad sql", cfg: asking("select team form people"), kind: pgdial.BadQuery, want: []string{"correct HR_QUERY"}},
		{
			name: "a missing and a renamed column at once", cfg: asking("select 'x' as email, 'a' as employment_status"),
			want: []string{"there is no column team", `write "employment_status" as status in HR_QUERY`},
		},
		{name: "two statements", cfg: asking("select 1; select 2"), kind: pgdial.BadQuery, want: []string{"correct HR_QUERY"}},
		{
			name: "writing", setup: "create table t (team text, email text)",
			cfg: asking("insert into t values ('a', 'b@c.d') returning *"), kind: pgdial.ReadOnly, want: []string{"must be a SELECT"},
		},
		{
			name: "ended by an administrator in mid-read", cfg: asking(`select g::text as employee_id,
			case when g = 50000 then pg_terminate_backend(pg_backend_pid())::text else 'a' end as team from generate_series(1, 200000) g`),
			kind: pgdial.ConnectionLost, want: []string{"was lost while it was read"},
		},
		{name: "gone in mid-read", cfg: func(base string) Postgres {
			return Postgres{URL: elsewhere(t, base, cutAfter(t, base, 1<<20)), Query: manyRows}
		}, kind: pgdial.ConnectionLost, want: []string{"was lost while it was read", "rows, none of which was taken"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			pgtest.Exec(t, base, "drop table if exists hr_team_members, t; "+test.setup)
			cfg := test.cfg(base)
			if test.name == "wrong password" && admits(cfg.URL) {
				t.Skip("this server takes any password")
			}
			roster, err := cfg.Load(t.Context())
			var refused *SourceError
			if roster != nil || !errors.As(err, &refused) {
				t.Fatalf("got %v, %v, want a *SourceError and no roster", roster, err)
			}
			if test.kind != "" && pgdial.KindOf(err) != test.kind {
				t.Errorf("its kind is %q, want %q: %v", pgdial.KindOf(err), test.kind, err)
			}
			for _, want := range test.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("it does not say %q: %v", want, err)
				}
			}
			password, _ := parse(t, base).User.Password()
			for cause := err; cause != nil; cause = errors.Unwrap(cause) {
				if strings.Contains(cause.Error(), "hush") || password != "" && strings.Contains(cause.Error(), password) {
					t.Errorf("it shows the password: %v", cause)
				}
			}
		})
	}
}

func TestALoadThatIsCancelledSaysSo(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := (Postgres{URL: pgtest.HR(t)}).Load(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func plainly(base string) Postgres { return Postgres{URL: base} }

func asking(query string) func(string) Postgres {
	return func(base string) Postgres { return Postgres{URL: base, Query: query} }
}

func parse(t *testing.T, base string) *url.URL {
	t.Helper()
	u, err := url.Parse(base)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// elsewhere returns base with another host and port.
func elsewhere(t *testing.T, base, address string) string {
	t.Helper()
	u := parse(t, base)
	u.Host = address
	return u.String()
}

// admits reports whether the server lets url in.
func admits(url string) bool {
	conn, err := pgx.Connect(context.Background(), url)
	if err != nil {
		return false
	}
	_ = conn.Close(context.Background())
	return true
}

// deadPort returns an address at which nobody listens.
func deadPort(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().String()
}

// cutAfter returns an address that leads to base's server, until so many bytes have come from it.
func cutAfter(t *testing.T, base string, bytes int64) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var group sync.WaitGroup
	t.Cleanup(func() {
		_ = listener.Close()
		group.Wait()
	})
	group.Go(func() {
		client, err := listener.Accept()
		if err != nil {
			return
		}
		defer client.Close()
		server, err := net.Dial("tcp", parse(t, base).Host)
		if err != nil {
			return
		}
		defer server.Close()
		group.Go(func() { _, _ = io.Copy(server, client) })
		_, _ = io.CopyN(client, server, bytes)
	})
	return listener.Addr().String()
}
