package sync

import "time"

// Mode says whether people are taken out of groups.
type Mode string

// The modes of SYNC_MODE.
const (
	Authoritative Mode = "authoritative"
	Additive      Mode = "additive"
)

// Policy is what the settings ask for of identity, holds and gates. The zero value is not usable: start from DefaultPolicy.
type Policy struct {
	Mode           Mode
	Protected      []string // globs over logins, case-folded
	ManagedDomains []string // exact domains, case-folded; empty: every domain

	Limits

	AllowFirstRun bool

	MinRows          int
	MaxRejectedRows  int
	MaxShrinkPercent int
	MaxAge           time.Duration // 0: no limit
}

// DefaultPolicy is what the settings' defaults say.
func DefaultPolicy() Policy {
	return Policy{
		Mode:             Authoritative,
		Limits:           Limits{MaxGroupRemovalPercent: 50, MaxRemovalPercent: 25, MaxAdditionPercent: 50},
		MinRows:          1,
		MaxShrinkPercent: 20,
	}
}
