package hrsource

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"procore-assignee-sync/migrations/pgdial"
)

// DefaultStatementTimeout bounds the reading of a table if neither the caller nor the URL says otherwise.
const DefaultStatementTimeout = 5 * time.Minute

// Postgres is a [Source]: which table, view or query to load, and how to read it.
type Postgres struct {
	URL    string // HR_DATABASE_URL
	Query  string // HR_QUERY; empty means every row of the table or view hr_team_members
	Format RowFormat

	ConnectTimeout   time.Duration  // 0 means the URL's connect_timeout, else pgdial.DefaultConnectTimeout
	StatementTimeout time.Duration  // 0 means the URL's statement_timeout, else DefaultStatementTimeout
	Location         *time.Location // decides the day of a start or end with a time zone; nil means UTC
}

// Load reads all HR rows in one read-only, repeatable-read transaction. Rows of the table are numbered in the order of
// employee id, e-mail, team, role, project and the rest, since a table has no order of its own; rows of a query, in the
// query's order. Either all rows are read or none. The error is a *SourceError, which wraps a *pgdial.Error if the
// database gave one. No error shows the URL's password.
func (p Postgres) Load(ctx context.Context) (*Roster, error) {
	from := relation{setting: hrSetting, table: hrTable, query: strings.TrimSpace(p.Query)}
	database, err := pgdial.Open(p.URL, pgdial.Options{Setting: hrSetting, ConnectTimeout: p.ConnectTimeout})
	if err != nil {
		return nil, from.refuse(err, "")
	}
	location := p.Location
	if location == nil {
		location = time.UTC
	}
	rows := &tableRows{location: location, format: p.Format}
	err = from.read(ctx, database, p.StatementTimeout, func(tx pgx.Tx) error {
		return rows.load(ctx, tx, from)
	})
	if err != nil {
		return nil, err
	}
	return rows.roster(from)
}

const (
	hrSetting = "HR_DATABASE_URL"
	hrTable   = "hr_team_members"
	mapTable  = "role_mappings"
)

// relation is what is read, for messages and positions.
type relation struct {
	setting string // that holds the URL
	table   string
	query   string // HR_QUERY; empty: the table itself
}

// name returns what positions and messages call it.
func (r relation) name() string {
	if r.query != "" {
		return "HR_QUERY"
	}
	return r.table
}

// postgresKey identifies the source across runs: after a query has been edited or a server has moved, it is still the
// same HR.
const postgresKey = "postgres"

// read opens a connection and calls load in a read-only transaction that sees a single state of the database.
func (r relation) read(ctx context.Context, database *pgdial.Database, limit time.Duration, load func(pgx.Tx) error) error {
	limit = statementTimeout(database, limit)
	// The server enforces the statement's limit; this one is for a server that no longer responds.
	ctx, cancel := context.WithTimeout(ctx, limit+database.ConnectTimeout()+10*time.Second)
	defer cancel()
	err := database.InTx(ctx, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}, func(tx pgx.Tx) error {
		// For this transaction only, so that a pooler's connection is left as it was. Text must be UTF-8 and dates ISO,
		// whatever the defaults of server and user are. If a row-level policy would hide rows from the user, the server
		// must refuse the query: some of the rows must not pass for all of them.
		_, err := tx.Exec(ctx, `select set_config('statement_timeout', $1, true), set_config('datestyle', 'ISO, YMD', true),
			set_config('client_encoding', 'UTF8', true), set_config('row_security', 'off', true)`, pgx.QueryExecModeExec, strconv.FormatInt(limit.Milliseconds(), 10))
		if err != nil {
			return err
		}
		return load(tx)
	})
	var refused *SourceError
	if err == nil || errors.As(err, &refused) {
		return err
	}
	return r.refuse(database.ExplainAll(err), limit.String())
}

// statementTimeout returns the caller's timeout, else the URL's, else the default.
func statementTimeout(database *pgdial.Database, asked time.Duration) time.Duration {
	if asked > 0 {
		return asked
	}
	said := database.Param("statement_timeout")
	if ms, err := strconv.Atoi(said); err == nil && ms > 0 {
		return time.Duration(ms) * time.Millisecond
	}
	if limit, err := time.ParseDuration(said); err == nil && limit > 0 {
		return limit
	}
	return DefaultStatementTimeout
}
