package pgtest

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

// keepAlive is the guard's standard input, which stays open as long as this process lives. It is a package variable so
// that it is never garbage-collected and closed.
var keepAlive []*os.File

// guard starts the server and ends it, with all its files, when standard input closes, that is, when the test binary
// has ended in any way, even if it was killed. Only the test binary reacts to the terminal's signals.
const guard = `
trap '' INT TERM HUP QUIT
dir=$1 postgres=$2 port=$3
"$postgres" -D "$dir/data" -k "$dir" -h 127.0.0.1 -p "$port" >"$dir/log" 2>&1 &
server=$!
cat >/dev/null
kill -QUIT "$server" 2>/dev/null
wait "$server"
rm -rf "$dir"
`

// startThrowaway starts a server for this test binary, and returns the URL of its database postgres.
func startThrowaway() (string, error) {
	bin, err := findBinaries()
	if err != nil {
		return "", err
	}
	dir, err := makeServerDir()
	if err != nil {
		return "", err
	}
	password := randomHex()
	if err := initialise(bin, dir, password); err != nil {
		_ = os.RemoveAll(dir)
		return "", err
	}
	// The port was free when it was chosen, but may be taken a moment later.
	for attempt := 1; ; attempt++ {
		base, err := startServer(bin, dir, password)
		if err == nil {
			return base, nil
		}
		if attempt == 5 || !errors.Is(err, errPortTaken) {
			return "", err
		}
	}
}

// makeServerDir returns a folder that the server's user can use, with a path short enough for a socket.
func makeServerDir() (string, error) {
	var problems []error
	for _, parent := range slices.Compact([]string{memoryFolder(), os.TempDir(), "/tmp"}) {
		if parent == "" {
			continue
		}
		dir, err := os.MkdirTemp(parent, "pgtest-")
		if err != nil {
			problems = append(problems, err)
			continue
		}
		err = giveToServerUser(dir)
		if err == nil {
			return dir, nil
		}
		problems = append(problems, err)
		_ = os.RemoveAll(dir)
	}
	return "", fmt.Errorf("no folder for a throwaway server: %w", errors.Join(problems...))
}

// settings make the server fast and small, since its data is worth nothing after the tests.
const settings = `
fsync = off
synchronous_commit = off
full_page_writes = off
autovacuum = off
max_connections = 100
shared_buffers = 32MB
max_wal_size = 256MB
wal_level = minimal
max_wal_senders = 0
timezone = 'America/New_York'
log_timezone = 'UTC'
`

func initialise(bin, dir, password string) error {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	secret := filepath.Join(dir, "password")
	if err := os.WriteFile(secret, []byte(password+"\n"), 0o644); err != nil { //nolint:gosec // the server's user reads it
		return err
	}
	command := exec.CommandContext(ctx, filepath.Join(bin, "initdb"), "-D", filepath.Join(dir, "data"), "-U", "postgres",
		"--pwfile", secret, "--auth-host=scram-sha-256", "--auth-local=trust", "-E", "UTF8", "--locale=C", "--no-sync")
	command.Dir = dir
	if err := asServerUser(command); err != nil {
		return err
	}
	if output, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w\n%s", err, output)
	}
	file, err := os.OpenFile(filepath.Join(dir, "data", "postgresql.conf"), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	_, err = file.WriteString(settings)
	return errors.Join(err, file.Close())
}

var errPortTaken = errors.New("the port was taken meanwhile")

func startServer(bin, dir, password string) (string, error) {
	port, err := freePort()
	if err != nil {
		return "", err
	}
	read, write, err := os.Pipe()
	if err != nil {
		return "", err
	}
	defer read.Close()
	// It outlives every context: only the end of this process ends it.
	command := exec.CommandContext(context.Background(), "/bin/sh", "-c", guard, "pgtest", dir, filepath.Join(bin, "postgres"), strconv.Itoa(port))
	command.Dir = dir
	command.Stdin = read
	if err := asServerUser(command); err != nil {
		return "", errors.Join(err, write.Close())
	}
	if err := command.Start(); err != nil {
		return "", errors.Join(err, write.Close())
	}
	keepAlive = append(keepAlive, write)

	base := url.URL{
		Scheme: "postgres", User: url.UserPassword("postgres", password),
		Host: net.JoinHostPort("127.0.0.1", strconv.Itoa(port)), Path: "/postgres", RawQuery: "sslmode=disable",
	}
	if err := await(base.String(), filepath.Join(dir, "log")); err != nil {
		return "", err
	}
	return base.String(), nil
}

func freePort() (int, error) {
	listener, err := new(net.ListenConfig).Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	address, err := netip.ParseAddrPort(listener.Addr().String())
	return int(address.Port()), errors.Join(err, listener.Close())
}

// await returns once the server answers, or its log says that it never will.
func await(base, log string) error {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	for {
		conn, err := pgx.Connect(ctx, base)
		if err == nil {
			return conn.Close(ctx)
		}
		said, _ := os.ReadFile(log)
		switch {
		case strings.Contains(string(said), "could not bind"), strings.Contains(string(said), "could not create any TCP"):
			return errPortTaken
		case strings.Contains(string(said), "FATAL:") && !strings.Contains(string(said), "starting up"),
			ctx.Err() != nil:
			return fmt.Errorf("the throwaway server does not start: %w; it says:\n%s", err, said)
		}
		pause(ctx)
	}
}

// pause waits a moment before another attempt.
func pause(ctx context.Context) {
	moment := time.NewTimer(20 * time.Millisecond)
	defer moment.Stop()
	select {
	case <-ctx.Done():
	case <-moment.C:
	}
}

// findBinaries returns the folder with initdb and postgres: from PATH, else the newest where packages install them.
func findBinaries() (string, error) {
	var folders []string
	for _, program := range []string{"postgres", "initdb", "pg_ctl"} {
		if path, err := exec.LookPath(program); err == nil {
			if target, err := filepath.EvalSymlinks(path); err == nil {
				folders = append(folders, filepath.Dir(target))
			}
			folders = append(folders, filepath.Dir(path))
		}
	}
	for _, pattern := range []string{
		"/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/usr/local/pgsql/bin", "/usr/local/opt/postgresql*/bin",
		"/opt/homebrew/opt/postgresql*/bin", "/usr/local/bin",
	} {
		found, _ := filepath.Glob(pattern)
		slices.SortFunc(found, func(a, b string) int { return versionIn(b) - versionIn(a) })
		folders = append(folders, found...)
	}
	for _, folder := range folders {
		if isProgram(filepath.Join(folder, "postgres")) && isProgram(filepath.Join(folder, "initdb")) {
			return folder, nil
		}
	}
	return "", errors.New("no PostgreSQL server is installed (initdb and postgres were looked for in PATH and in the " +
		"usual folders)")
}

// versionIn returns the first number in a path, so that 15 is newer than 9.
func versionIn(path string) int {
	digits := strings.FieldsFunc(path, func(r rune) bool { return r < '0' || r > '9' })
	if len(digits) == 0 {
		return 0
	}
	version, _ := strconv.Atoi(digits[0])
	return version
}

func isProgram(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular() && info.Mode()&0o111 != 0
}
