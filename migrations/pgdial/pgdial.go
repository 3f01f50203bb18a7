// Package pgdial opens connections to Postgres and says in plain words why one can't be opened or used, so that HR data,
// ledger and migrations speak with one voice. No message of it holds a password or a whole URL.
package pgdial

import (
	"context"
	"fmt"
	"maps"
	"net"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

// ApplicationName is what pg_stat_activity shows of our sessions, where the URL does not say otherwise.
const ApplicationName = "assignee-sync"

// DefaultConnectTimeout bounds the time in which a connection is opened, where neither the caller nor the URL says so.
const DefaultConnectTimeout = 10 * time.Second

// Options say how to connect.
type Options struct {
	Setting        string            // name of the setting that holds the URL, for messages
	ConnectTimeout time.Duration     // 0: what the URL says, else DefaultConnectTimeout
	Params         map[string]string // run-time parameters of the session, over those of the URL
}

// Parse reads a Postgres URL (or key=value text). The error is an *Error of kind BadURL and never holds the text, since
// a malformed one can hide its password anywhere.
func Parse(url string, o Options) (*pgx.ConnConfig, error) {
	if strings.TrimSpace(url) == "" {
		return nil, &Error{Kind: BadURL, Setting: o.Setting, Detail: "it is empty"}
	}
	config, err := pgx.ParseConfig(url)
	if err != nil {
		return nil, &Error{Kind: BadURL, Setting: o.Setting, Detail: "expected postgres://user:password@host:5432/database" +
			" with reserved characters of the password percent-encoded, and sslmode, connect_timeout or files that are valid"}
	}
	switch {
	case o.ConnectTimeout > 0:
		config.ConnectTimeout = o.ConnectTimeout
	case config.ConnectTimeout == 0:
		config.ConnectTimeout = DefaultConnectTimeout
	}
	if config.RuntimeParams["application_name"] == "" {
		config.RuntimeParams["application_name"] = ApplicationName
	}
	maps.Copy(config.RuntimeParams, o.Params)
	return config, nil
}

// Connect opens one connection. Its error is an *Error.
func Connect(ctx context.Context, url string, o Options) (*pgx.Conn, error) {
	config, err := Parse(url, o)
	if err != nil {
		return nil, err
	}
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return nil, Explain(err, o.Setting, config)
	}
	return conn, nil
}

// Place says where a connection goes, for people: host:port/database, without user or password.
func Place(config *pgx.ConnConfig) string {
	if strings.HasPrefix(config.Host, "/") {
		return fmt.Sprintf("%s/%s", config.Host, config.Database)
	}
	return net.JoinHostPort(config.Host, strconv.Itoa(int(config.Port))) + "/" + config.Database
}
