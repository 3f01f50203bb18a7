package pgtest

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
)

// PoolMode is how PgBouncer assigns the server's sessions.
type PoolMode string

// The pool modes, from the most generous to the strictest.
const (
	PoolSession     PoolMode = "session"     // one for each client
	PoolTransaction PoolMode = "transaction" // another one for each transaction
	PoolStatement   PoolMode = "statement"   // another one for each statement; it allows no transactions
)

// PgBouncer starts a real PgBouncer in front of the server of rawURL, which one of the functions here returned, and
// returns the URL of the same database through it. It ends with the test, or with the test binary. More lines for its
// section [pgbouncer] may be given, such as "default_pool_size = 1". If it is not installed, the test is skipped with a
// reason; under CI=true it fails.
func PgBouncer(t testing.TB, rawURL string, mode PoolMode, lines ...string) string {
	t.Helper()
	program, err := findBouncer()
	if err != nil {
		skipOrFail(t, "PgBouncer", err)
	}
	target, err := url.Parse(rawURL)
	if err != nil {
		t.Fatalf("pgtest: %v", err)
	}
	b := &bouncer{program: program, server: target, mode: mode, lines: lines}
	through, err := b.start()
	if err != nil {
		t.Fatalf("pgtest: %v", err)
	}
	t.Cleanup(b.stop)
	return through
}

// findBouncer returns the path of PgBouncer: from PATH, else from where packages install it.
func findBouncer() (string, error) {
	for _, name := range []string{"pgbouncer", "/usr/sbin/pgbouncer", "/usr/local/sbin/pgbouncer", "/opt/homebrew/bin/pgbouncer"} {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", errors.New("PgBouncer is not installed (it was looked for in PATH and in the usual folders)")
}

type bouncer struct {
	program string
	server  *url.URL
	mode    PoolMode
	lines   []string

	dir   string
	stdin *os.File // of its guard
	ended chan struct{}
}

// guardBouncer starts PgBouncer, and ends it when standard input closes, as guard does for the server.
const guardBouncer = `
trap '' INT TERM HUP QUIT
"$2" -q "$1/pgbouncer.ini" >"$1/log" 2>&1 &
bouncer=$!
cat >/dev/null
kill -KILL "$bouncer" 2>/dev/null
wait "$bouncer" 2>/dev/null
rm -rf "$1"
`

func (b *bouncer) start() (string, error) {
	var err error
	if b.dir, err = makeServerDir(); err != nil {
		return "", err
	}
	// The port was free when it was chosen, but may be taken a moment later.
	for attempt := 1; ; attempt++ {
		through, err := b.startOn()
		if err == nil {
			return through, nil
		}
		b.stop()
		if attempt == 5 || !errors.Is(err, errPortTaken) {
			return "", err
		}
		if b.dir, err = makeServerDir(); err != nil {
			return "", err
		}
	}
}

func (b *bouncer) startOn() (string, error) {
	port, err := freePort()
	if err != nil {
		return "", err
	}
	file := filepath.Join(b.dir, "pgbouncer.ini")
	if err := os.WriteFile(file, []byte(b.settings(port)), 0o644); err != nil { //nolint:gosec // its own user reads it
		return "", err
	}
	read, write, err := os.Pipe()
	if err != nil {
		return "", err
	}
	defer read.Close()
	command := exec.CommandContext(context.Background(), "/bin/sh", "-c", guardBouncer, "pgtest", b.dir, b.program)
	command.Dir, command.Stdin = b.dir, read
	if err := errors.Join(asServerUser(command), command.Start()); err != nil {
		return "", errors.Join(err, write.Close())
	}
	b.stdin, b.ended = write, make(chan struct{})
	go func() {
		_ = command.Wait() // it is killed in the end
		close(b.ended)
	}()
	through := *b.server
	through.Host = net.JoinHostPort("127.0.0.1", strconv.Itoa(port))
	return through.String(), b.await(port)
}

// settings returns PgBouncer's configuration. It knows the server's password, so clients need none.
func (b *bouncer) settings(port int) string {
	password, _ := b.server.User.Password()
	quote := func(text string) string { return "'" + strings.ReplaceAll(text, "'", "''") + "'" }
	return fmt.Sprintf("[databases]\n* = host=%s port=%s user=%s password=%s\n[pgbouncer]\nlisten_addr = 127.0.0.1\n"+
		"listen_port = %d\nunix_socket_dir =\nauth_type = any\npool_mode = %s\ndefault_pool_size = 5\n"+
		"ignore_startup_parameters =\n%s\n", b.server.Hostname(), b.server.Port(), quote(b.server.User.Username()),
		quote(password), port, b.mode, strings.Join(b.lines, "\n"))
}

// await returns once PgBouncer answers, or its log says that it never will. It asks PgBouncer itself, not the server.
func (b *bouncer) await(port int) error {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	for {
		conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
		if err == nil {
			return conn.Close()
		}
		said, _ := os.ReadFile(filepath.Join(b.dir, "log"))
		switch {
		case strings.Contains(string(said), "in use"):
			return errPortTaken
		case strings.Contains(string(said), "FATAL"), ctx.Err() != nil:
			return fmt.Errorf("PgBouncer does not start: %w; it says:\n%s", err, said)
		}
		pause(ctx)
	}
}

// stop ends PgBouncer as a crash would: clients and server see their connections end.
func (b *bouncer) stop() {
	if b.stdin == nil {
		_ = os.RemoveAll(b.dir)
		return
	}
	_ = b.stdin.Close()
	<-b.ended
	b.stdin = nil
}

// ExecModes returns all values of a URL's default_query_exec_mode; "" stands for none.
func ExecModes() []string {
	modes := []string{""}
	for _, mode := range []pgx.QueryExecMode{
		pgx.QueryExecModeCacheStatement, pgx.QueryExecModeCacheDescribe, pgx.QueryExecModeDescribeExec,
		pgx.QueryExecModeExec, pgx.QueryExecModeSimpleProtocol,
	} {
		modes = append(modes, strings.ReplaceAll(mode.String(), " ", "_"))
	}
	return modes
}

// WithExecMode returns url with that default_query_exec_mode, or unchanged if mode is empty.
func WithExecMode(t testing.TB, rawURL, mode string) string {
	t.Helper()
	if mode == "" {
		return rawURL
	}
	return With(t, rawURL, "default_query_exec_mode", mode)
}
