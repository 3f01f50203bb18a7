//go:build !linux

package pgtest

// memoryFolder returns nothing: other systems have no such folder that is always there.
func memoryFolder() string { return "" }
