package sync

import (
	"maps"

	"procore-assignee-sync/procore"
)

// LoginSet returns the ids as a set.
func LoginSet(ids []procore.LoginID) map[procore.LoginID]bool {
	set := make(map[procore.LoginID]bool, len(ids))
	for _, id := range ids {
		set[id] = true
	}
	return set
}

// SameLogins reports whether a and b hold the same people, in any order.
func SameLogins(a, b []procore.LoginID) bool { return maps.Equal(LoginSet(a), LoginSet(b)) }
