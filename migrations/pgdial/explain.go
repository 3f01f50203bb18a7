package pgdial

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
)

// Kind is the kind of trouble, for callers that depend on it.
type Kind string

// The kinds of trouble.
const (
	BadURL           Kind = "bad url"
	BadParam         Kind = "bad parameter" // of the URL
	BadPool          Kind = "bad pool"      // a pooler that can't do what is needed
	Unreachable      Kind = "unreachable"
	NotAdmitted      Kind = "not admitted" // password, user, or pg_hba.conf
	NoDatabase       Kind = "no such database"
	Busy             Kind = "busy" // too many connections, starting up, shutting down
	Timeout          Kind = "timeout"
	MissingTable     Kind = "missing table"
	MissingColumn    Kind = "missing column"
	Denied           Kind = "permission denied"
	StatementTimeout Kind = "statement timeout"
	LockTimeout      Kind = "lock timeout"
	ReadOnly         Kind = "read-only"
	BadQuery         Kind = "bad query"
	ConnectionLost   Kind = "connection lost"
	Other            Kind = "other"
)

// IsSetting reports whether the setting with the URL, or what it names, must be corrected.
func (k Kind) IsSetting() bool {
	switch k {
	case BadURL, BadParam, BadPool, NotAdmitted, NoDatabase:
		return true
	}
	return false
}

// IsConfig reports whether somebody must correct settings, credentials or rights, so that waiting does not help.
func (k Kind) IsConfig() bool {
	switch k {
	case BadURL, BadParam, BadPool, NotAdmitted, NoDatabase, MissingTable, MissingColumn, Denied, ReadOnly, BadQuery:
		return true
	}
	return false
}

// Error is trouble with a database, in plain words. Unwrap returns the cause if it is safe to show.
type Error struct {
	Kind    Kind
	Setting string // the setting that holds the URL
	Place   string // host:port/database; empty if unknown
	Detail  string // what happened and what to do
	Cause   error
}

// URLFault returns what is wrong with a setting that is not a URL, as text to follow its name.
func (e *Error) URLFault() string { return "is not a Postgres URL: " + e.Detail }

// Error says what happened, where, and what to do.
func (e *Error) Error() string {
	if e.Kind == BadURL {
		return e.Setting + " " + e.URLFault()
	}
	if e.Place == "" {
		return fmt.Sprintf("postgres (%s): %s", e.Setting, e.Detail)
	}
	return fmt.Sprintf("postgres at %s (%s): %s", e.Place, e.Setting, e.Detail)
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Cause }

// KindOf returns the kind of the *Error in err, or Other if there is none.
func KindOf(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return Other
}

// ExplainAll turns an error from the database into an *Error, unless it is one already.
func (d *Database) ExplainAll(err error) error {
	var explained *Error
	if err == nil || errors.As(err, &explained) {
		return err
	}
	e := &Error{Kind: Other, Setting: d.setting, Place: d.Place(), Cause: err, Detail: err.Error()}
	e.explain(err)
	e.Detail = d.hide.Text(e.Detail)
	if d.hide.Text(err.Error()) != err.Error() {
		e.Cause = nil
	}
	return e
}

// Explain is like ExplainAll, but returns errors that are not from the database as they are.
func (d *Database) Explain(err error) error {
	var fromServer *pgconn.PgError
	var connecting *pgconn.ConnectError
	if errors.As(err, &fromServer) || errors.As(err, &connecting) || isLost(err) || errors.Is(err, context.DeadlineExceeded) {
		return d.ExplainAll(err)
	}
	return err
}

func (e *Error) explain(err error) {
	var fromServer *pgconn.PgError
	var connecting *pgconn.ConnectError
	switch {
	case errors.As(err, &fromServer):
		e.explainServer(fromServer)
		if e.Kind == Other && errors.As(err, new(*paramError)) {
			e.Kind, e.Detail = BadParam, "the server does not take a parameter of the URL: "+e.Detail
		}
	case errors.As(err, &connecting):
		e.explainConnecting(connecting)
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		e.Kind, e.Detail = Timeout, "gave up waiting: "+err.Error()
	case isLost(err):
		e.Kind, e.Detail = ConnectionLost, "the connection was lost: "+err.Error()
	}
}

// explainConnecting explains errors that occurred before the server said anything.
func (e *Error) explainConnecting(err *pgconn.ConnectError) {
	var unknownHost *net.DNSError
	var netErr net.Error
	switch cause := err.Unwrap(); {
	case errors.As(cause, &unknownHost) && !unknownHost.IsTimeout:
		e.Kind, e.Detail = Unreachable, fmt.Sprintf("host %s is not known: check the name in the URL", unknownHost.Name)
	case errors.Is(cause, context.Canceled):
		e.Kind, e.Detail = Timeout, "connecting was cancelled"
	case errors.Is(cause, context.DeadlineExceeded), errors.As(cause, &netErr) && netErr.Timeout():
		e.Kind, e.Detail = Unreachable, "no answer in time: check host, port and firewall, or raise connect_timeout in the URL"
	default:
		e.Kind = Unreachable
		tried := strings.ReplaceAll(cause.Error(), "\n", "; ") // one for each address and encryption mode
		e.Detail = fmt.Sprintf("can't connect: check that the server runs, host, port and sslmode (%s)", tried)
	}
}

// serverTrouble says what each SQLSTATE means here, and what to do. The server's own message follows.
// https://www.postgresql.org/docs/current/errcodes-appendix.html
var serverTrouble = map[string]struct {
	kind Kind
	todo string
}{
	"28P01": {NotAdmitted, "wrong user or password: check the URL"},
	"28000": {NotAdmitted, "the server does not let this user in: check user, sslmode and the server's pg_hba.conf"},
	"3D000": {NoDatabase, "no such database: check the name in the URL"},
	"53300": {Busy, "too many connections: try again later, or raise max_connections"},
	"57P03": {Busy, "the server is starting or stopping: try again later"},
	"57P01": {ConnectionLost, "the server ended the connection"},
	"57P02": {ConnectionLost, "the server crashed and ended the connection"},
	"57P05": {ConnectionLost, "the server ended the connection because it was idle"},
	"25P03": {ConnectionLost, "the server ended the connection because a transaction was idle"},
	"42P01": {MissingTable, "a table or view is missing"},
	"42703": {MissingColumn, "a column is missing"},
	"42501": {Denied, "permission denied: grant the user what migrations/roles.sql grants"},
	"57014": {StatementTimeout, "the statement was cancelled, most likely by its timeout"},
	"55P03": {LockTimeout, "gave up waiting for a lock"},
	"3F000": {Denied, "there is no schema to work in: grant rights on one, and name it in the URL's search_path"},
	"25006": {ReadOnly, "the transaction or the server is read-only"},
	"42601": {BadQuery, "the query is not valid SQL"},
	"26000": {BadPool, "a pooler stands between that gives each statement another session: set its pool_mode to transaction or session"},
}

// poolerTrouble are PgBouncer's messages, which have to be recognised by their text since nearly all have the code
// protocol_violation. https://www.pgbouncer.org/config.html
var poolerTrouble = []struct {
	says string
	kind Kind
	todo string
}{
	{"statement pooling", BadPool, "the pooler gives each statement another session, and transactions are needed: set pool_mode to transaction or session, or name the server itself in the URL"},
	{"unsupported startup parameter", BadParam, "the pooler does not take a parameter of the URL: leave out options, and write what it sets as parameters of their own, such as search_path=…"},
	{"no such database", NoDatabase, "the pooler knows no such database: check the name in the URL"},
	{"no such user", NotAdmitted, "the pooler knows no such user: check the URL"},
	{"no more connections allowed", Busy, "the pooler takes no more connections: try again later, or raise max_client_conn"},
	{"query_wait_timeout", Busy, "the pooler had no connection to give: it must give at least two for each run (default_pool_size)"},
	{"server_login_retry", Busy, "the pooler can't log in to the server: try again later"},
	{"idle_transaction_timeout", ConnectionLost, "the pooler ended a transaction because it was idle: a run keeps one open, so set idle_transaction_timeout to 0 for this user or database"},
	{"idle transaction timeout", ConnectionLost, "the pooler ended a transaction because it was idle: a run keeps one open, so set idle_transaction_timeout to 0 for this user or database"},
	{"server conn crashed", ConnectionLost, "the pooler lost its connection to the server"},
}

func (e *Error) explainServer(err *pgconn.PgError) {
	// Leave out the server's details, which can contain whole rows.
	said := fmt.Sprintf("%s (SQLSTATE %s)", err.Message, err.Code)
	for _, trouble := range poolerTrouble {
		if strings.Contains(err.Message, trouble.says) {
			e.Kind, e.Detail = trouble.kind, trouble.todo+": "+said
			return
		}
	}
	if trouble, known := serverTrouble[err.Code]; known {
		e.Kind, e.Detail = trouble.kind, trouble.todo+": "+said
		return
	}
	e.Detail = said
}

// isLost reports whether err means that the connection is gone.
func isLost(err error) bool {
	var netErr net.Error
	return errors.Is(err, pgconn.ErrConnClosed) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) ||
		errors.As(err, &netErr)
}
