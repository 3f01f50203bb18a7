// Package pgdial opens connections to Postgres, and says in plain words why one can't be opened or used, for HR data,
// ledger and migrations alike. None of its messages contains a password, part of one, or a whole URL.
//
// All work is done in transactions, and nothing in a session outlives one: no prepared statement, no setting, no lock.
// So it makes no difference whether it talks to the server itself or to a pooler such as PgBouncer that gives each
// transaction another session (pool_mode transaction).
package pgdial

import (
	"context"
	"fmt"
	"maps"
	"net"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"procore-assignee-sync/redact"
)

// ApplicationName is what pg_stat_activity shows for our sessions, unless the URL says otherwise.
const ApplicationName = "assignee-sync"

// DefaultConnectTimeout bounds how long opening a connection may take, if neither the caller nor the URL says
// otherwise.
const DefaultConnectTimeout = 10 * time.Second

// Options say how to connect.
type Options struct {
	Setting        string            // name of the setting that holds the URL, for messages
	ConnectTimeout time.Duration     // 0 means what the URL says, else DefaultConnectTimeout
	Params         map[string]string // run-time parameters for each transaction, which override those in the URL
}

// Database is a parsed URL. It holds no connection, and is safe for concurrent use.
type Database struct {
	setting string
	config  *pgx.ConnConfig
	params  map[string]string // run-time parameters that are set in each transaction
	hide    *redact.Replacer  // removes the password from other people's text
}

// Open parses a Postgres URL (or key=value text) without connecting. The error is an *Error of kind BadURL and never
// contains the text, since a malformed one can contain its password anywhere. A URL that can be read in more than one
// way counts as malformed: a wrongly escaped password must not be taken for a host or a database.
func Open(url string, o Options) (*Database, error) {
	bad := func(detail string) error { return &Error{Kind: BadURL, Setting: o.Setting, Detail: detail} }
	if what := faultOf(url); what != "" {
		return nil, bad(what)
	}
	config, err := pgx.ParseConfigWithOptions(url, pgx.ParseConfigOptions{
		ParseConfigOptions: pgconn.ParseConfigOptions{ConnStringAllowedKeys: allKeys()},
	})
	if err != nil || !soundHosts(config) {
		return nil, bad(expectedURL + ", and sslmode, connect_timeout or files that are valid")
	}
	switch {
	case o.ConnectTimeout > 0:
		config.ConnectTimeout = o.ConnectTimeout
	case config.ConnectTimeout == 0:
		config.ConnectTimeout = DefaultConnectTimeout
	}
	if config.DefaultQueryExecMode != pgx.QueryExecModeSimpleProtocol {
		// The other modes differ only in speed, and those that cache statements need the same session again.
		config.DefaultQueryExecMode = pgx.QueryExecModeExec
	}
	d := &Database{setting: o.Setting, config: config, params: map[string]string{}, hide: redact.New(config.Password)}
	if config.RuntimeParams["application_name"] == "" {
		config.RuntimeParams["application_name"] = ApplicationName
	}
	for name, value := range config.RuntimeParams {
		if !slices.Contains(poolersTake, name) {
			d.params[name] = value
			delete(config.RuntimeParams, name)
		}
	}
	maps.Copy(d.params, o.Params)
	return d, nil
}

// poolersTake are the parameters with which a connection may begin: PgBouncer refuses one that asks for any other.
var poolersTake = []string{
	"application_name", "client_encoding", "datestyle", "intervalstyle", "options", "standard_conforming_strings", "timezone",
}

// Place returns host:port/database, without user or password, for people.
func (d *Database) Place() string {
	if strings.HasPrefix(d.config.Host, "/") {
		return fmt.Sprintf("%s/%s", d.config.Host, d.config.Database)
	}
	return net.JoinHostPort(d.config.Host, strconv.Itoa(int(d.config.Port))) + "/" + d.config.Database
}

// Host returns the server's host, or the folder of its socket.
func (d *Database) Host() string { return d.config.Host }

// Name returns the database's name.
func (d *Database) Name() string { return d.config.Database }

// ConnectTimeout returns how long opening a connection may take.
func (d *Database) ConnectTimeout() time.Duration { return d.config.ConnectTimeout }

// Param returns a run-time parameter that each transaction is given, such as statement_timeout, or nothing if it is not
// set.
func (d *Database) Param(name string) string { return d.params[name] }

// Connect opens one connection, for transactions begun with Begin. The caller must close it. Its error is an *Error.
func (d *Database) Connect(ctx context.Context) (*pgx.Conn, error) {
	conn, err := pgx.ConnectConfig(ctx, d.config)
	return conn, d.ExplainAll(err)
}

// Begin begins a transaction with the URL's run-time parameters. The error is the database's own: see Explain.
func (d *Database) Begin(ctx context.Context, conn *pgx.Conn, options pgx.TxOptions) (pgx.Tx, error) {
	tx, err := conn.BeginTx(ctx, options)
	if err != nil || len(d.params) == 0 {
		return tx, err
	}
	var calls []string
	var args []any
	for _, name := range slices.Sorted(maps.Keys(d.params)) {
		calls = append(calls, fmt.Sprintf("set_config($%d, $%d, true)", len(args)+1, len(args)+2))
		args = append(args, name, d.params[name])
	}
	if _, err := tx.Exec(ctx, "select "+strings.Join(calls, ", "), args...); err != nil {
		_ = tx.Rollback(context.WithoutCancel(ctx)) // what went wrong has been reported already
		return nil, &paramError{err}
	}
	return tx, nil
}

// paramError says that the server does not take a parameter of the URL.
type paramError struct{ err error }

func (e *paramError) Error() string { return e.err.Error() }
func (e *paramError) Unwrap() error { return e.err }

// InTx calls do in one transaction on a connection of its own. It commits if do returns no error, and rolls back
// otherwise. Errors from the database are explained; do's own errors are returned as they are.
func (d *Database) InTx(ctx context.Context, options pgx.TxOptions, do func(pgx.Tx) error) error {
	conn, err := d.Connect(ctx)
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	return d.Explain(d.InTxOn(ctx, conn, options, do))
}

// InTxOn is like InTx on an open connection. Its errors are the database's own: see Explain.
func (d *Database) InTxOn(ctx context.Context, conn *pgx.Conn, options pgx.TxOptions, do func(pgx.Tx) error) error {
	tx, err := d.Begin(ctx, conn, options)
	if err != nil {
		return err
	}
	if err := do(tx); err != nil {
		_ = tx.Rollback(context.WithoutCancel(ctx)) // what went wrong has been reported already
		return err
	}
	return tx.Commit(ctx)
}
