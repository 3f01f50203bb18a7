package pgtest

import "syscall"

// memoryFolder is a folder in memory with room for a server and its tests' databases, and nothing where there is none:
// creating a database there takes a tenth of the time. A TMPDIR that is set is respected.
func memoryFolder() string {
	const folder, enough = "/dev/shm", 1 << 30
	var space syscall.Statfs_t
	if setting("TMPDIR") != "" || syscall.Statfs(folder, &space) != nil || space.Bavail*uint64(space.Bsize) < enough {
		return ""
	}
	return folder
}
