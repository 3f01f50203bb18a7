package report

import (
	"math"
	"strings"
	"time"

	"procore-assignee-sync/sync"
)

// either returns a if first is true, else b.
func either(first bool, a, b string) string {
	if first {
		return a
	}
	return b
}

// seconds writes a duration for people: 40 s, 12 min, 3 h 20 min.
func seconds(s float64) string {
	return sync.Lasting(time.Duration(math.Round(s*1000)) * time.Millisecond)
}

// sentence returns s with a capital first letter.
func sentence(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

// spread is how far something reaches: how many presets of how many projects, and separately of the company.
type spread struct {
	presets, projects int
	company           bool
	only              string // the project's number and name if there is only one
}

// String returns "7 presets of 6 projects", "2 presets of 1 project (24-017 Harbour Tower)", "1 preset of the company".
func (s spread) String() string {
	return sync.Several(s.presets, "preset") + " of " + s.whose()
}

func (s spread) whose() string {
	whose := sync.Several(s.projects, "project")
	switch {
	case s.company && s.projects == 0:
		whose = "the company"
	case s.company:
		whose += " and the company"
	case s.only != "":
		whose += " (" + s.only + ")"
	}
	return whose
}
