package pgdial

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"testing"
	"unicode"

	"github.com/jackc/pgx/v5/pgconn"
	"pgregory.net/rapid"
)

// pieces are what a password breaks into where it is not escaped.
func pieces(password string) []string {
	words := strings.FieldsFunc(password, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	var long []string
	for _, word := range words {
		if len(word) >= 4 {
			long = append(long, word)
		}
	}
	return long
}

// However a password is wrongly escaped, no message shows a piece of it: not of a URL that is refused, and of one that is
// taken neither where it leads nor what the network and the server say of it.
func TestNoPieceOfAPasswordIsEverShown(t *testing.T) {
	word := rapid.StringMatching(`[QZXJ][a-z0-9]{3,6}|[6-9]{4}|[a-z]?`)
	mark := rapid.StringMatching(`[@/:?#%&=;, '\\[\]]`)
	forms := []string{
		"postgres://hrsync:%s@db.example:5432/hr", "postgresql://hrsync:%s@db.example/hr?sslmode=disable", "postgres://u:x:%s@db.example/hr",
		"postgres://db.example/hr?user=u&password=%s", "host=db.example user=u password=%s dbname=hr", "host=db.example password='%s'",
		"postgres://u:%s@", "host=db.example;password=%s;database=hr", "jdbc:postgresql://db.example/hr?password=%s", "%s",
	}
	rapid.Check(t, func(t *rapid.T) {
		password := ""
		for range rapid.IntRange(1, 5).Draw(t, "pieces") {
			password += word.Draw(t, "word") + mark.Draw(t, "mark")
		}
		password += word.Draw(t, "end")
		text := fmt.Sprintf(rapid.SampledFrom(forms).Draw(t, "form"), password)
		for _, said := range allMessages(text) {
			for _, piece := range pieces(password) {
				if strings.Contains(said, piece) {
					t.Fatalf("%q shows %q: %s", text, piece, said)
				}
			}
		}
	})
}

// allMessages are what is said of a URL: why it is refused or, of one that is taken, what may be said when it is used.
func allMessages(text string) []string {
	d, err := Open(text, Options{Setting: "HR_DATABASE_URL"})
	if err != nil {
		return []string{err.Error()}
	}
	said := []string{d.Place()}
	add := func(err error) {
		for err = d.ExplainAll(err); err != nil; err = errors.Unwrap(err) {
			said = append(said, err.Error())
		}
	}
	// Nothing is looked up: the name is unknown, as of a piece of a password.
	d.config.LookupFunc = func(_ context.Context, host string) ([]string, error) {
		return nil, &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
	}
	d.config.DialFunc = func(context.Context, string, string) (net.Conn, error) { return nil, errors.New("refused") }
	_, err = d.Connect(context.Background())
	add(err)
	password := d.config.Password
	add(&pgconn.PgError{Code: "28P01", Message: "it repeats " + password})
	for name := range d.config.RuntimeParams {
		add(&pgconn.PgError{Code: "42704", Message: "unrecognized configuration parameter " + name})
	}
	for name := range d.params {
		add(&pgconn.PgError{Code: "42704", Message: "unrecognized configuration parameter " + name})
	}
	return said
}
