package sync

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"time"
)

// NewRunID names a run by its start, in UTC, and six hex digits of rnd: 20261123T020000Z-3f9a1c. Ids sort by start.
// A nil rnd is math/rand/v2's.
func NewRunID(now time.Time, rnd func() uint32) string {
	if rnd == nil {
		rnd = rand.Uint32
	}
	return fmt.Sprintf("%s-%06x", now.UTC().Format("20060102T150405Z"), rnd()&0xffffff)
}

var runID = regexp.MustCompile(`^\d{8}T\d{6}Z-[0-9a-f]{6}$`)

// IsRunID reports whether s has the shape of a run's id; it is safe as the name of a folder then.
func IsRunID(s string) bool { return runID.MatchString(s) }
