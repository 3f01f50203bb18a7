//go:build unix

package pgtest

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"strconv"
	"syscall"
)

// serverUser returns the user that the server runs as, or nil for the current user. Postgres refuses to run as root.
func serverUser() (*syscall.Credential, error) {
	if os.Geteuid() != 0 {
		return nil, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		account, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, err := strconv.ParseUint(account.Uid, 10, 32)
		if err != nil || uid == 0 {
			continue
		}
		gid, err := strconv.ParseUint(account.Gid, 10, 32)
		if err != nil {
			continue
		}
		return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nil
	}
	return nil, fmt.Errorf("postgres can't run as root, and there is neither a user postgres nor nobody")
}

// asServerUser makes command run as the server's user, in a process group of its own, so that an interrupt at the
// terminal reaches only the test binary.
func asServerUser(command *exec.Cmd) error {
	credential, err := serverUser()
	if err != nil {
		return err
	}
	command.SysProcAttr = &syscall.SysProcAttr{Credential: credential, Setpgid: true}
	return nil
}

// giveToServerUser gives the folder to the server's user, and checks that this user can get there.
func giveToServerUser(dir string) error {
	credential, err := serverUser()
	if err != nil || credential == nil {
		return err
	}
	if err := os.Chown(dir, int(credential.Uid), int(credential.Gid)); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	check := exec.CommandContext(ctx, "/bin/sh", "-c", `cd "$1" && : >probe && rm probe`, "pgtest", dir)
	check.Dir = "/"
	if err := asServerUser(check); err != nil {
		return err
	}
	if output, err := check.CombinedOutput(); err != nil {
		return fmt.Errorf("the server's user can't use %s: %w\n%s", dir, err, output)
	}
	return nil
}
