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
	To          *int          // version to end at; nil: the latest
	LockTimeout time.Duration // for each lock; 0: DefaultLockTimeout
}

// Result is what Migrate did.
type Result struct {
	State            // after it, also where it failed on the way
	From    int      // version before
	Applied []string // names of the migrations that ran, in order; on the way back the newest first
}

// VersionError says that there is no such version to migrate to.
type VersionError struct {
	Set        Set
	To, Latest int
}

// Error says so.
func (e *VersionError) Error() string {
	return fmt.Sprintf("there is no version %d of the %s schema: it goes from 0 to %d", e.To, e.Set, e.Latest)
}

// Migrate brings the schema of the set to the latest version, or to opts.To. It creates the version table where there is
// none. Two that run at once do not meet: the second waits, no longer than opts.LockTimeout (*BusyError). Each migration
// is one transaction: where one fails, those before it stay. Views of the customer's own under our names are left alone
// and named in the result. On the way back a table that holds rows is not dropped but refused.
//
// The connection must lead to the server itself or to a pool by session: the locks are the session's.
func Migrate(ctx context.Context, url string, set Set, opts Options) (Result, error) {
	target, err := opts.target(set)
	if err != nil {
		return Result{}, err
	}
	wait := opts.LockTimeout
	if wait <= 0 {
		wait = DefaultLockTimeout
	}
	conn, err := pgdial.Connect(ctx, url, pgdial.Options{
		Setting: set.Setting(),
		// As the session's own default it bounds tern's lock as well, which would wait for ever, and outlives the
		// "reset all" after each migration.
		Params: map[string]string{"lock_timeout": strconv.FormatInt(wait.Milliseconds(), 10)},
	})
	if err != nil {
		return Result{}, err
	}
	// Closing gives the locks back, whatever happened.
	defer conn.Close(context.WithoutCancel(ctx))

	if err := lock(ctx, conn, set, wait); err != nil {
		return Result{}, err
	}
	before, err := StatusOn(ctx, conn, set)
	result := Result{State: before, From: before.Current}
	if err != nil || before.Current == target {
		return result, err
	}
	var failed error
	result.Applied, failed = run(ctx, conn, set, target)
	// Also where it stopped on the way: how far it came is what one needs to know then.
	after, err := StatusOn(ctx, conn, set)
	if err == nil {
		result.State = after
	}
	if failed != nil {
		return result, failed
	}
	return result, err
}

// target gives the version to end at.
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

// run lets tern do the work, and gives the names of the migrations that ran whole.
func run(ctx context.Context, conn *pgx.Conn, set Set, target int) ([]string, error) {
	fsys, err := Files(set)
	if err != nil {
		return nil, err
	}
	migrator, err := migrate.NewMigrator(ctx, conn, set.VersionTable())
	if err != nil {
		return nil, explain(err, conn, set, "")
	}
	if err := migrator.LoadMigrations(fsys); err != nil {
		return nil, fmt.Errorf("migrations: the embedded set %q can't be loaded: %w", string(set), err)
	}
	var begun []string
	migrator.OnStart = func(_ int32, name, _, _ string) { begun = append(begun, name) }
	if err := migrator.MigrateTo(ctx, int32(target)); err != nil {
		return begun[:max(len(begun)-1, 0)], explain(err, conn, set, last(begun))
	}
	return begun, nil
}

func last(names []string) string {
	if len(names) == 0 {
		return ""
	}
	return names[len(names)-1]
}

// explain says which migration failed and why.
func explain(err error, conn *pgx.Conn, set Set, during string) error {
	// tern wraps the server's error in one of its own with the whole SQL beside it: only the server's words are wanted.
	var failed migrate.MigrationPgError
	if errors.As(err, &failed) {
		err = failed.PgError
	}
	err = pgdial.Explain(err, set.Setting(), conn.Config())
	if during == "" {
		return fmt.Errorf("migrating the %s schema, before the first step: %w", set, err)
	}
	return fmt.Errorf("migration %s/%s failed and was undone: %w", set, during, err)
}
