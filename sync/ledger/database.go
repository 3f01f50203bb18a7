package ledger

import (
	"context"
	"fmt"
	gosync "sync"
	"time"

	"github.com/jackc/pgx/v5"

	"procore-assignee-sync/migrations"
	"procore-assignee-sync/migrations/pgdial"
)

// Time limits for one call to the database. A run that waited for ever would end without its reports.
const (
	readPatience  = time.Minute
	writePatience = 5 * time.Minute
)

// database is a ledger in Postgres: the same runs as in the folder, shared by all machines, and a lock that holds
// across them. Each call is one transaction on a connection of its own, so that no connection grows stale during a long
// run and everything works behind a pooler. Only a lock keeps its connection, with a transaction that stays open. It is
// safe for concurrent use.
type database struct {
	db *pgdial.Database

	mu    gosync.Mutex
	locks map[*lockTx]bool // locks that are held
}

// openDatabase opens the ledger in the database at url (LEDGER_DATABASE_URL). Its schema must be the one that this
// program knows; otherwise the error says to run `assignee-sync migrate ledger`.
func openDatabase(ctx context.Context, url string) (*database, error) {
	db, err := pgdial.Open(url, pgdial.Options{Setting: migrations.Ledger.Setting()})
	if err != nil {
		return nil, err
	}
	p := &database{db: db, locks: map[*lockTx]bool{}}
	state, err := migrations.StatusIn(ctx, db, migrations.Ledger)
	if err != nil {
		return nil, err
	}
	if len(state.Pending) > 0 {
		return nil, &NotMigratedError{State: state}
	}
	err = p.read(ctx, func(ctx context.Context, tx pgx.Tx) error {
		encoding := tx.Conn().PgConn().ParameterStatus("server_encoding")
		if encoding != "UTF8" {
			return fmt.Errorf("the ledger database %s has the encoding %s, which can't hold every name: create it with "+
				"encoding UTF8", state.Place, encoding)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return p, nil
}

// NotMigratedError says that the ledger's tables are missing, or older than this program.
type NotMigratedError struct{ State migrations.State }

// Error says what is wrong with the schema and what to do.
func (e *NotMigratedError) Error() string {
	if e.State.Current == 0 {
		return fmt.Sprintf("the ledger database %s has no tables yet: run `assignee-sync migrate ledger`", e.State.Place)
	}
	return fmt.Sprintf("the ledger database %s is at version %d of %d: run `assignee-sync migrate ledger`",
		e.State.Place, e.State.Current, e.State.Latest)
}

// missingRights lists the tables on which the user lacks a right that runs need. Without this check, a table added
// after the rights were granted would be found to be closed only after Procore had been written to.
const missingRights = `
select coalesce(string_agg(distinct name, ', ' order by name), '')
from (values
	('sync_runs', 'select insert update delete'), ('sync_changes', 'select insert update delete'),
	('sync_exceptions', 'select insert update delete'), ('sync_journal', 'select insert update delete'),
	('sync_running', 'select insert update delete'), ('sync_manifests', 'select insert'),
	('sync_locks', 'select insert update'), ('sync_memory', 'select insert update'), ('sync_watch', 'select insert update')
) as t (name, needed), unnest(string_to_array(needed, ' ')) as needs (privilege)
where not has_table_privilege(to_regclass(name)::oid, privilege)`

// canWrite checks, without writing anything, whether the user has the rights that runs need.
func (p *database) canWrite(ctx context.Context) error {
	var closed string
	err := p.read(ctx, func(ctx context.Context, tx pgx.Tx) error { return tx.QueryRow(ctx, missingRights).Scan(&closed) })
	if err != nil || closed == "" {
		return err
	}
	return &pgdial.Error{
		Kind: pgdial.Denied, Setting: migrations.Ledger.Setting(), Place: p.place(),
		Detail: "the user may not write " + closed + ": grant what migrations/roles.sql grants, once more after each migration",
	}
}

// close releases the locks that are still held.
func (p *database) close() error {
	var first error
	for _, l := range p.heldLocks() {
		if err := l.release(); first == nil {
			first = err
		}
	}
	return first
}

// place says where the ledger is, for people: host:port/database.
func (p *database) place() string { return p.db.Place() }

// read calls do in a read-only transaction that sees a single state of the database.
func (p *database) read(ctx context.Context, do func(context.Context, pgx.Tx) error) error {
	return p.inTx(ctx, readPatience, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}, do)
}

// write calls do in a transaction that is rolled back if do returns an error.
func (p *database) write(ctx context.Context, do func(context.Context, pgx.Tx) error) error {
	return p.inTx(ctx, writePatience, pgx.TxOptions{}, do)
}

func (p *database) inTx(ctx context.Context, patience time.Duration, options pgx.TxOptions,
	do func(context.Context, pgx.Tx) error,
) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	return p.db.InTx(ctx, options, func(tx pgx.Tx) error { return do(ctx, tx) })
}
