package pgtest

import "syscall"

// memoryFolder returns a folder in memory with room for a server and its tests' databases, or nothing if there is none:
// creating a database there takes a tenth of the time. It respects TMPDIR.
func memoryFolder() string {
	const folder, enough = "/dev/shm", 1 << 30
	var space syscall.Statfs_t
	if setting("TMPDIR") != "" || syscall.Statfs(folder, &space) != nil || space.Bavail*uint64(space.Bsize) < enough {
		return ""
	}
	return folder
}
