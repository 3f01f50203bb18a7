// Package pgdial opens connections to Postgres and says in plain words why one can't be opened or used, so that HR data,
// ledger and migrations speak with one voice. No message of it holds a password, a part of one, or a whole URL.
//
// All work is done in transactions, and nothing of a session outlives one: no prepared statement, no setting, no lock. So
// it makes no difference whether the server itself answers or a pooler such as PgBouncer that gives each transaction
// another session (pool_mode transaction).
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

// ApplicationName is what pg_stat_activity shows of our sessions, where the URL does not say otherwise.
const ApplicationName = "assignee-sync"

// DefaultConnectTimeout bounds the time in which a connection is opened, where neither the caller nor the URL says so.
const DefaultConnectTimeout = 10 * time.Second

// Options say how to connect.
type Options struct {
	Setting        string            // name of the setting that holds the URL, for messages
	ConnectTimeout time.Duration     // 0: what the URL says, else DefaultConnectTimeout
	Params         map[string]string // run-time parameters of each transaction, over those of the URL
}

// Database is where a URL leads. It holds no connection, and is safe for concurrent use.
type Database struct {
	setting string
	config  *pgx.ConnConfig
	params  map[string]string // run-time parameters that are set in each transaction
	hide    *redact.Replacer  // of the password, for texts of others
}

// Open reads a Postgres URL (or key=value text), and connects to nothing yet. The error is an *Error of kind BadURL and
// never holds the text, since a malformed one can hide its password anywhere. A URL that can be read in more than one way
// is malformed: whatever is wrongly escaped in a password must not be taken for a host or a database.
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
		// The other modes differ in speed alone, and those that remember statements need the same session again.
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

// poolersTake are the parameters that a connection may begin with: PgBouncer refuses one that asks for any other.
var poolersTake = []string{
	"application_name", "client_encoding", "datestyle", "intervalstyle", "options", "standard_conforming_strings", "timezone",
}

// Place says where it leads, for people: host:port/database, without user or password.
func (d *Database) Place() string {
	if strings.HasPrefix(d.config.Host, "/") {
		return fmt.Sprintf("%s/%s", d.config.Host, d.config.Database)
	}
	return net.JoinHostPort(d.config.Host, strconv.Itoa(int(d.config.Port))) + "/" + d.config.Database
}

// Host is the server's host, or the folder of its socket.
func (d *Database) Host() string { return d.config.Host }

// Name is the database's name.
func (d *Database) Name() string { return d.config.Database }

// ConnectTimeout bounds the time in which a connection is opened.
func (d *Database) ConnectTimeout() time.Duration { return d.config.ConnectTimeout }

// Param is a run-time parameter that each transaction is given, such as statement_timeout; empty where it is not.
func (d *Database) Param(name string) string { return d.params[name] }

// Connect opens one connection, for transactions that Begin begins. The caller closes it. Its error is an *Error.
func (d *Database) Connect(ctx context.Context) (*pgx.Conn, error) {
	conn, err := pgx.ConnectConfig(ctx, d.config)
	return conn, d.ExplainAll(err)
}

// Begin begins a transaction in which the URL's run-time parameters hold. The error is the database's own: see Explain.
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
		_ = tx.Rollback(context.WithoutCancel(ctx)) // what went wrong is said already
		return nil, &paramError{err}
	}
	return tx, nil
}

// paramError says that the server does not take a parameter of the URL.
type paramError struct{ err error }

func (e *paramError) Error() string { return e.err.Error() }
func (e *paramError) Unwrap() error { return e.err }

// InTx does something in one transaction on a connection of its own. It is committed where do gives no error, and undone
// otherwise. Errors of the database are explained; those of do that are none stay as they are.
func (d *Database) InTx(ctx context.Context, options pgx.TxOptions, do func(pgx.Tx) error) error {
	conn, err := d.Connect(ctx)
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	return d.Explain(d.InTxOn(ctx, conn, options, do))
}

// InTxOn does so on a connection that is open. Its errors are the database's own: see Explain.
func (d *Database) InTxOn(ctx context.Context, conn *pgx.Conn, options pgx.TxOptions, do func(pgx.Tx) error) error {
	tx, err := d.Begin(ctx, conn, options)
	if err != nil {
		return err
	}
	if err := do(tx); err != nil {
		_ = tx.Rollback(context.WithoutCancel(ctx)) // what went wrong is said already
		return err
	}
	return tx.Commit(ctx)
}
