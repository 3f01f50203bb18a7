package migrations

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/tern/v2/migrate"

	"procore-assignee-sync/migrations/pgdial"
)

// DefaultLockTimeout is how long Migrate waits for another migration, and for locks on tables.
const DefaultLockTimeout = 30 * time.Second

// Options say how far to migrate and how long to wait.
type Options struct {
	To          *int          // version to end at; nil means the latest
	LockTimeout time.Duration // for each lock; 0 means DefaultLockTimeout
}

// Result is what Migrate did.
type Result struct {
	State            // after it, even if it failed on the way
	From    int      // version before
	Applied []string // names of the migrations that ran, in order; when migrating down, newest first
}

// VersionError says that there is no such version to migrate to.
type VersionError struct {
	Set        Set
	To, Latest int
}

// Error says which versions there are.
func (e *VersionError) Error() string {
	return fmt.Sprintf("there is no version %d of the %s schema: it goes from 0 to %d", e.To, e.Set, e.Latest)
}

// Migrate migrates the set's schema to the latest version, or to opts.To. It creates the version table if there is
// none. If two migrations run at once, the second one waits, but no longer than opts.LockTimeout (*BusyError). Each
// migration is one transaction: if one fails, those before it stay. The customer's own views under our names are left
// alone and listed in the result. Migrating down refuses to drop a table that has rows.
func Migrate(ctx context.Context, url string, set Set, opts Options) (Result, error) {
	target, err := opts.target(set)
	if err != nil {
		return Result{}, err
	}
	m := &migrator{set: set, target: target, wait: opts.LockTimeout}
	if m.wait <= 0 {
		m.wait = DefaultLockTimeout
	}
	m.database, err = pgdial.Open(url, pgdial.Options{
		Setting: set.Setting(),
		Params:  map[string]string{"lock_timeout": strconv.FormatInt(m.wait.Milliseconds(), 10)},
	})
	if err != nil {
		return Result{}, err
	}
	before, err := StatusIn(ctx, m.database, set)
	result := Result{State: before, From: before.Current}
	if err != nil || before.Current == target {
		return result, err
	}
	var failed error
	result.Applied, failed = m.run(ctx, before.Current < target)
	// Do this even if it stopped on the way: that is when one needs to know how far it got.
	after, err := StatusIn(ctx, m.database, set)
	if err == nil {
		result.State = after
	}
	if failed != nil {
		return result, failed
	}
	return result, err
}

// target returns the version to end at.
func (o Options) target(set Set) (int, error) {
	if _, err := Files(set); err != nil {
		return 0, err
	}
	if o.To == nil {
		return set.Latest(), nil
	}
	if *o.To < 0 || *o.To > set.Latest() {
		return 0, &VersionError{Set: set, To: *o.To, Latest: set.Latest()}
	}
	return *o.To, nil
}

// migrator is one call of Migrate. It uses tern's file format, numbering and reader, but not its way of applying
// migrations, which holds session locks and resets session settings, while a pooler gives each transaction another
// session.
type migrator struct {
	database *pgdial.Database
	set      Set
	target   int
	wait     time.Duration
}

// run applies one migration after the other, up or down, and returns the names of those that were completed.
func (m *migrator) run(ctx context.Context, forward bool) ([]string, error) {
	steps, err := m.load(ctx)
	if err != nil {
		return nil, err
	}
	conn, err := m.database.Connect(ctx)
	if err != nil {
		return nil, err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	var applied []string
	for {
		var name string
		err := m.database.InTxOn(ctx, conn, pgx.TxOptions{}, func(tx pgx.Tx) (err error) {
			name, err = m.step(ctx, tx, steps, forward)
			return err
		})
		switch {
		case errors.Is(err, errBusy):
			return applied, m.busy(ctx, conn)
		case err != nil:
			return applied, m.explain(err, name)
		case name == "":
			return applied, nil
		}
		applied = append(applied, name)
	}
}

// load reads the set's files as tern does.
func (m *migrator) load(ctx context.Context) ([]*migrate.Migration, error) {
	fsys, err := Files(m.set)
	if err != nil {
		return nil, err
	}
	reader, err := migrate.NewMigrator(ctx, nil, m.set.VersionTable()) // reading needs no connection
	if err == nil {
		err = reader.LoadMigrations(fsys)
	}
	if err != nil {
		return nil, fmt.Errorf("migrations: the embedded set %q can't be loaded: %w", string(m.set), err)
	}
	return reader.Migrations, nil
}

// step applies the next migration under the lock, and returns its name. It returns nothing if there is none to apply,
// perhaps because another process has applied it in the meantime.
func (m *migrator) step(ctx context.Context, tx pgx.Tx, steps []*migrate.Migration, forward bool) (name string, err error) {
	if err := lock(ctx, tx, m.set); err != nil {
		return "", err
	}
	version, err := m.version(ctx, tx)
	if err != nil || version > len(steps) || forward && version >= m.target || !forward && version <= m.target {
		return "", err
	}
	var next *migrate.Migration
	var sql string
	to := version + 1
	if forward {
		next = steps[version]
		sql = next.UpSQL
	} else {
		next, to = steps[version-1], version-1
		sql = next.DownSQL
	}
	if _, err := tx.Exec(ctx, sql); err != nil {
		return next.Name, err
	}
	_, err = tx.Exec(ctx, "update "+pgx.Identifier{m.set.VersionTable()}.Sanitize()+" set version = $1", to)
	return next.Name, err
}

// version returns the schema's version, creating the version table if there is none.
func (m *migrator) version(ctx context.Context, tx pgx.Tx) (int, error) {
	var exists bool
	err := tx.QueryRow(ctx, "select to_regclass($1) is not null", m.set.VersionTable()).Scan(&exists)
	if err == nil && !exists {
		table := pgx.Identifier{m.set.VersionTable()}.Sanitize()
		_, err = tx.Exec(ctx, fmt.Sprintf("create table %s (version int4 not null); insert into %s values (0)", table, table))
	}
	if err != nil {
		return 0, err
	}
	return readVersion(ctx, tx, m.set)
}

// busy says who holds the lock, as far as the server tells.
func (m *migrator) busy(ctx context.Context, conn *pgx.Conn) error {
	e := &BusyError{Set: m.set, Place: m.database.Place(), Waited: m.wait}
	_ = m.database.InTxOn(ctx, conn, pgx.TxOptions{}, func(tx pgx.Tx) error {
		e.Holder = holder(ctx, tx, m.set)
		return nil
	}) // if this fails, the refusal says what it can
	return e
}

// explain says which migration failed, and why.
func (m *migrator) explain(err error, during string) error {
	err = m.database.ExplainAll(err)
	if during == "" {
		return fmt.Errorf("migrating the %s schema, before the first step: %w", m.set, err)
	}
	return fmt.Errorf("migration %s/%s failed and was undone: %w", m.set, during, err)
}
