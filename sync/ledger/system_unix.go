//go:build unix

package ledger

import (
	"os"
	"syscall"
)

// syncFolder syncs a folder, so that the names in it survive a power cut.
func syncFolder(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	err = d.Sync()
	if cerr := d.Close(); err == nil {
		err = cerr
	}
	return err
}

// mayWrite returns why this process may not create files in a folder, without creating one; see access(2).
func mayWrite(dir string) error {
	const writeAndSearch = 2 | 1
	return syscall.Access(dir, writeAndSearch)
}
