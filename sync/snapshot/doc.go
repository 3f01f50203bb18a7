// Package snapshot reads everything that a plan needs from Procore into a sync.Snapshot.
//
// A list that could not be read to its end is an error or an entry of Snapshot.Unreadable, never a shorter list: what
// was not read can't look like people who have left.
package snapshot
