//go:build !unix

package pgtest

import (
	"errors"
	"os/exec"
)

// errNotHere says that a throwaway server needs a Unix system; elsewhere TEST_DATABASE_URL must name a server.
var errNotHere = errors.New("a throwaway server can be started on Unix systems only: set TEST_DATABASE_URL")

func asServerUser(*exec.Cmd) error { return errNotHere }

func giveToServerUser(string) error { return errNotHere }
