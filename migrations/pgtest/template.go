package pgtest

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"procore-assignee-sync/migrations"
)

// prefix begins the name of every test database, so that no other one is ever dropped.
const prefix = "assignee_sync_test_"

var templates = map[migrations.Set]func() (string, error){
	migrations.HR:     sync.OnceValues(func() (string, error) { return makeTemplate(migrations.HR) }),
	migrations.Ledger: sync.OnceValues(func() (string, error) { return makeTemplate(migrations.Ledger) }),
}

// templateFor returns the name of a migrated database to clone, which is much faster than migrating for each test.
func templateFor(t testing.TB, set migrations.Set) string {
	t.Helper()
	server(t)
	name, err := templates[set]()
	if err != nil {
		t.Fatalf("pgtest: preparing the %s schema: %v", set, err)
	}
	return name
}

// makeTemplate creates a migrated database, named after its SQL, that is shared with every test binary on the same
// server, now and later. It gets that name only once it is complete.
func makeTemplate(set migrations.Set) (string, error) {
	base, err := theServer()
	if err != nil {
		return "", err
	}
	digest, err := sqlDigest(set)
	if err != nil {
		return "", err
	}
	name := fmt.Sprintf("%stemplate_%s_%s", prefix, set, digest)

	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	conn, err := pgx.Connect(ctx, base)
	if err != nil {
		return "", err
	}
	defer conn.Close(ctx)
	if _, err := conn.Exec(ctx, "select pg_advisory_lock(hashtext($1))", name); err != nil {
		return "", err
	}
	var exists bool
	err = conn.QueryRow(ctx, "select exists (select from pg_database where datname = $1)", name).Scan(&exists)
	if err != nil || exists {
		return name, err
	}
	draft := databaseName()
	if _, err := conn.Exec(ctx, "create database "+draft+" template template0"); err != nil {
		return "", err
	}
	if _, err := migrations.Migrate(ctx, databaseURL(base, draft), set, migrations.Options{}); err != nil {
		return "", err
	}
	return name, publish(ctx, conn, draft, name)
}

// publish renames the draft, after waiting for the session that migrated it to end on the server.
func publish(ctx context.Context, conn *pgx.Conn, draft, name string) error {
	for {
		_, err := conn.Exec(ctx, fmt.Sprintf("alter database %s rename to %s", draft, name))
		if err == nil || !strings.Contains(err.Error(), "55006") { // object_in_use
			return err
		}
		if ctx.Err() != nil {
			return err
		}
		pause(ctx)
	}
}

// sqlDigest returns a digest that changes with any of the set's files.
func sqlDigest(set migrations.Set) (string, error) {
	files, err := migrations.Files(set)
	if err != nil {
		return "", err
	}
	names, err := fs.Glob(files, "*.sql") // sorted
	if err != nil {
		return "", err
	}
	sum := sha256.New()
	for _, name := range names {
		content, err := fs.ReadFile(files, name)
		if err != nil {
			return "", err
		}
		fmt.Fprintf(sum, "%s %d\n%s", name, len(content), content)
	}
	return hex.EncodeToString(sum.Sum(nil))[:12], nil
}

// sweep drops what crashed test binaries left on a long-lived server. It is a courtesy, and does no harm if it fails.
func sweep(base string) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	conn, err := pgx.Connect(ctx, base)
	if err != nil {
		return
	}
	defer conn.Close(ctx)
	rows, err := conn.Query(ctx, "select datname from pg_database where starts_with(datname, $1)", prefix)
	if err != nil {
		return
	}
	names, _ := pgx.CollectRows(rows, pgx.RowTo[string])
	for _, name := range names {
		born, _, _ := strings.Cut(strings.TrimPrefix(name, prefix), "_")
		seconds, err := strconv.ParseInt(born, 10, 64)
		if err != nil || time.Since(time.Unix(seconds, 0)) < 6*time.Hour {
			continue
		}
		if _, err := conn.Exec(ctx, "drop database if exists "+pgx.Identifier{name}.Sanitize()+" with (force)"); err != nil {
			fmt.Fprintf(os.Stderr, "pgtest: dropping the leftover database %s: %v\n", name, err)
		}
	}
}
