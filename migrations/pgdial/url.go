package pgdial

import (
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
)

// expectedURL says what a URL should look like.
const expectedURL = "expected postgres://user:password@host:5432/database, with @ : / ? # % and spaces of the password " +
	"written as %40 %3A %2F %3F %23 %25 %20"

// faultOf says what is wrong with the text of a URL and what to write instead, without showing any of it; nothing if it
// has the form of a Postgres URL or of key=value text.
// https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING
func faultOf(text string) string {
	if strings.TrimSpace(text) == "" {
		return "it is empty"
	}
	if what := foreignForm(text); what != "" {
		return what
	}
	for _, scheme := range []string{"postgres://", "postgresql://"} {
		if rest, is := strings.CutPrefix(text, scheme); is {
			return faultOfURL(rest)
		}
	}
	if strings.Contains(text, "://") {
		return "it begins with another scheme: write postgres://user:password@host:5432/database"
	}
	return faultOfKeywords(text)
}

// faultOfURL checks what follows the scheme. Only one @ is allowed, the one before the host: any other is part of the
// user or the password, and what is beside it must not be taken for something else.
func faultOfURL(rest string) string {
	authority, after := rest, ""
	if end := strings.IndexAny(rest, "/?#"); end >= 0 {
		authority, after = rest[:end], rest[end:]
	}
	switch {
	case strings.Count(authority, "@") > 1, strings.Contains(after, "@"), strings.Contains(after, "#"):
		return "it has an @ or # in the user, the password or after the host, where they must be written as %40 and %23: " + expectedURL
	case strings.ContainsAny(rest, " \t\r\n"):
		return "it has a space or a line break in it: " + expectedURL
	}
	_, query, _ := strings.Cut(after, "?")
	keys, err := url.ParseQuery(query)
	if err != nil {
		return expectedURL
	}
	return faultOfKeys(slices.Sorted(maps.Keys(keys)), !keys.Has("password"))
}

// keyBefore finds the keys of key=value text, with a value in quotes or without.
var keyBefore = regexp.MustCompile(`\s*([^\s=]+)\s*=\s*(?:'(?:[^'\\]|\\.)*'|(?:[^\s'\\]|\\.)(?:[^\s\\]|\\.)*|)`)

// faultOfKeywords checks key=value text. It never shows an unknown key, which may be part of a password with an
// unquoted space.
func faultOfKeywords(text string) string {
	var keys []string
	rest := text
	for strings.TrimSpace(rest) != "" {
		found := keyBefore.FindStringSubmatch(rest)
		if len(found) == 0 || !strings.HasPrefix(rest, found[0]) {
			return expectedURL + "; or key=value text such as host=db dbname=hr user=sync password='…', with values that hold spaces in single quotes"
		}
		keys = append(keys, found[1])
		rest = strings.TrimPrefix(rest, found[0])
	}
	return faultOfKeys(keys, false)
}

// faultOfKeys says what is wrong with the keys of a URL's query or of key=value text. It names an unknown key only if
// it can't be part of a password.
func faultOfKeys(keys []string, name bool) string {
	for _, key := range keys {
		if what, foreign := foreignKeys[strings.ToLower(key)]; foreign {
			return what
		}
	}
	for _, key := range keys {
		switch {
		case slices.Contains(connectionKeys, key), slices.Contains(runtimeKeys, key):
		case name && plainKey.MatchString(key):
			return "it has the key " + key + ", which is not known: leave it out, or set the parameter for the user (alter role … set …)"
		default:
			return "it has a key that is not known and not shown, since it may be a piece of a password: " + expectedURL +
				"; in key=value text put values that hold spaces in single quotes"
		}
	}
	return ""
}

var plainKey = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_.]{0,40}$`)

// connectionKeys are the keys of libpq and pgx that say how to connect.
var connectionKeys = []string{
	"host", "hostaddr", "port", "dbname", "database", "user", "password", "passfile", "connect_timeout", "service", "servicefile",
	"ssl", "sslmode", "sslkey", "sslcert", "sslcertmode", "sslrootcert", "sslnegotiation", "sslpassword", "sslsni",
	"krbspn", "krbsrvname", "target_session_attrs", "channel_binding", "require_auth", "min_protocol_version",
	"max_protocol_version", "default_query_exec_mode", "statement_cache_capacity", "description_cache_capacity",
}

// runtimeKeys are the server's parameters that make sense in a URL of ours.
var runtimeKeys = []string{
	"application_name", "client_encoding", "datestyle", "extra_float_digits", "idle_in_transaction_session_timeout",
	"idle_session_timeout", "intervalstyle", "lock_timeout", "options", "role", "row_security", "search_path",
	"standard_conforming_strings", "statement_timeout", "synchronous_commit", "temp_buffers", "timezone", "transaction_timeout",
	"work_mem",
}

// allKeys returns the keys that pgx may take.
func allKeys() []string { return slices.Concat(connectionKeys, runtimeKeys) }

// plainHost matches a host's name or address, possibly with a zone.
var plainHost = regexp.MustCompile(`^[A-Za-z0-9_.:%-]+$`)

// soundHosts reports whether every host looks like one, or is a socket's folder.
func soundHosts(config *pgx.ConnConfig) bool {
	sound := func(host string) bool { return plainHost.MatchString(host) || strings.HasPrefix(host, "/") }
	for _, other := range config.Fallbacks {
		if !sound(other.Host) {
			return false
		}
	}
	return sound(config.Host)
}
