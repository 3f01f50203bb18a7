package sync

import "time"

// Mode says whether people are removed from groups.
type Mode string

// The modes of SYNC_MODE.
const (
	Authoritative Mode = "authoritative"
	Additive      Mode = "additive"
)

// Policy is what the settings say about identity, holds and gates. The zero value is not usable: start from
// DefaultPolicy.
type Policy struct {
	Mode           Mode
	Protected      []string // globs over logins, case-folded
	ManagedDomains []string // exact domains, case-folded; empty means every domain

	Limits

	AllowFirstRun bool

	MinRows          int
	MaxRejectedRows  int
	MaxShrinkPercent int
	MaxAge           time.Duration // 0 means no limit
}

// DefaultPolicy returns the policy of the default settings.
func DefaultPolicy() Policy {
	return Policy{
		Mode:             Authoritative,
		Limits:           Limits{MaxGroupRemovalPercent: 50, MaxRemovalPercent: 25, MaxAdditionPercent: 50},
		MinRows:          1,
		MaxShrinkPercent: 20,
	}
}
