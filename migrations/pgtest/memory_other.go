//go:build !linux

package pgtest

// memoryFolder: other systems have none that is always there.
func memoryFolder() string { return "" }
