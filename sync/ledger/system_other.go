//go:build !unix

package ledger

// syncFolder does nothing on systems where folders can't be synced.
func syncFolder(string) error { return nil }

// mayWrite returns nil on systems without access(2).
func mayWrite(string) error { return nil }
