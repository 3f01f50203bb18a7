//go:build !unix

package ledger

import (
	"errors"
	"os"
)

// lockFile refuses: without flock(2) nothing would keep two runs apart.
func lockFile(*os.File) error {
	return errors.New("this system has no file locks that the kernel frees: run apply and rollback on Linux, macOS or in the container")
}

// syncFolder has nothing to do where folders can't be synced.
func syncFolder(string) error { return nil }

// mayWrite can't tell where the system has no access(2).
func mayWrite(string) error { return nil }
