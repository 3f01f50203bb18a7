package migrations

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"procore-assignee-sync/migrations/pgdial"
)

// State is how far a database is migrated.
type State struct {
	Set       Set
	Place     string      // host:port/database
	Current   int         // 0 means that nothing has been applied yet
	Latest    int         // the version that this program needs
	Pending   []string    // names of the migrations to come, in order
	LeftAlone []LeftAlone // the customer's own relations under our names
}

// LeftAlone is a view or table of the customer's own that has one of our names. No migration touches it.
type LeftAlone struct {
	Name string
	Kind string // "view", "table", "materialized view", …
}

// String says this in words.
func (l LeftAlone) String() string {
	return fmt.Sprintf("the %s %s is your own and was left alone", l.Kind, l.Name)
}

// Status returns how far the database is migrated. It changes nothing and needs only to read the version table. Its
// errors are pgdial's, or say that the schema is newer than this program knows (*NewerError).
func Status(ctx context.Context, url string, set Set) (State, error) {
	if _, err := Files(set); err != nil {
		return State{}, err
	}
	database, err := pgdial.Open(url, pgdial.Options{Setting: set.Setting()})
	if err != nil {
		return State{}, err
	}
	return StatusIn(ctx, database, set)
}

// StatusIn is like Status for a database whose URL has been parsed.
func StatusIn(ctx context.Context, database *pgdial.Database, set Set) (state State, err error) {
	err = database.InTx(ctx, pgx.TxOptions{}, func(tx pgx.Tx) error {
		state, err = readState(ctx, tx, set)
		return err
	})
	state.Place = database.Place()
	if err == nil && state.Current > state.Latest {
		err = &NewerError{State: state}
	}
	return state, err
}

// NewerError says that a database was migrated by a later version of this program.
type NewerError struct{ State State }

// Error says which versions these are, and what to do.
func (e *NewerError) Error() string {
	return fmt.Sprintf("the %s schema in %s is at version %d, and this assignee-sync knows %d only: use the newer one",
		e.State.Set, e.State.Place, e.State.Current, e.State.Latest)
}

func readState(ctx context.Context, tx pgx.Tx, set Set) (State, error) {
	names, err := set.names()
	if err != nil {
		return State{}, err
	}
	state := State{Set: set, Latest: len(names)}
	if state.Current, err = readVersion(ctx, tx, set); err != nil {
		return state, err
	}
	state.Pending = names[min(state.Current, len(names)):]
	state.LeftAlone, err = leftAlone(ctx, tx, set)
	return state, err
}

// readVersion returns 0 if the version table does not exist.
func readVersion(ctx context.Context, tx pgx.Tx, set Set) (int, error) {
	var exists bool
	err := tx.QueryRow(ctx, "select to_regclass($1) is not null", set.VersionTable()).Scan(&exists)
	if err != nil || !exists {
		return 0, err
	}
	var version int
	err = tx.QueryRow(ctx, "select version from "+pgx.Identifier{set.VersionTable()}.Sanitize()).Scan(&version)
	if errors.Is(err, pgx.ErrNoRows) {
		return 0, fmt.Errorf("the table %s is empty, so it can't be told how far the schema is migrated: insert the "+
			"number of the last migration that was applied", set.VersionTable())
	}
	return version, err
}

// madeBy ends the comment on every HR table that the migrations created; the SQL for migrating down looks for it too.
const madeBy = "Made by: assignee-sync migrate hr"

const findRelations = `
select c.relname as name,
       case c.relkind
           when 'v' then 'view'
           when 'm' then 'materialized view'
           when 'f' then 'foreign table'
           else 'table'
       end as kind,
       coalesce(obj_description(c.oid, 'pg_class'), '') as description
from unnest($1::text[]) with ordinality as asked (name, place)
join pg_catalog.pg_class c on c.oid = to_regclass(asked.name)
order by asked.place`

func leftAlone(ctx context.Context, tx pgx.Tx, set Set) ([]LeftAlone, error) {
	type relation struct{ Name, Kind, Description string }
	rows, err := tx.Query(ctx, findRelations, set.relations())
	if err != nil {
		return nil, err
	}
	found, err := pgx.CollectRows(rows, pgx.RowToStructByName[relation])
	var theirs []LeftAlone
	for _, r := range found {
		if r.Kind != "table" || !strings.HasSuffix(r.Description, madeBy) {
			theirs = append(theirs, LeftAlone{Name: r.Name, Kind: r.Kind})
		}
	}
	return theirs, err
}
