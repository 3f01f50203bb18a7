package report

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"procore-assignee-sync/sync"
)

// totals is the one line that says what the plan would do, or what was done.
func totals(rec sync.Record) string {
	asPlan := isPlan(rec)
	t := count(rec.Changes, asPlan)
	var b strings.Builder
	switch {
	case rec.Plan == nil && len(rec.Changes) == 0:
		return "No plan was made: nothing was written"
	case t == tally{}:
		b.WriteString("No changes: " + asWanted(rec))
	case t.added+t.removed > 0 && asPlan:
		fmt.Fprintf(&b, "Plan: %d to add, %d to remove in %s", t.added, t.removed, where(t))
	case t.added+t.removed > 0:
		fmt.Fprintf(&b, "Applied: %d added, %d removed in %s", t.added, t.removed, where(t))
	case asPlan:
		b.WriteString("No changes to send")
	default:
		b.WriteString("Nothing was applied")
	}
	for _, part := range []struct {
		n    int
		word string
	}{{t.already, "already so, nothing sent"}, {t.failed, "failed"}, {t.conflict, "in conflict"}, {t.held, "held"}, {t.notTried, "not attempted"}} {
		if part.n > 0 {
			fmt.Fprintf(&b, "; %d %s", part.n, part.word)
		}
	}
	if asPlan && t.added+t.removed > 0 {
		b.WriteString("; nothing else changes")
	}
	return b.String()
}

func asWanted(rec sync.Record) string {
	if rec.Plan == nil {
		return "nothing was to be done"
	}
	c := rec.Plan.Counts
	return fmt.Sprintf("%s in %s %s already as wanted",
		several(c.ManagedGroups, "managed group"), several(c.Presets, "preset"), either(c.ManagedGroups == 1, "is", "are"))
}

func where(t tally) string {
	whose := several(t.projects, "project")
	switch {
	case t.company && t.projects == 0:
		whose = "the company"
	case t.company:
		whose += " and the company"
	}
	return fmt.Sprintf("%s of %s (%s)", several(t.presets, "preset"), whose, people(t.people))
}

// several gives a count with its noun: "1 preset", "2 presets".
func several(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return grouped(n) + " " + noun + "s"
}

func people(n int) string {
	if n == 1 {
		return "1 person"
	}
	return grouped(n) + " people"
}

// grouped writes a number in groups of three digits: 12,345.
func grouped(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// shortDigest is what people type: the first 12 hex digits.
func shortDigest(digest string) string { return digest[:min(len(digest), 12)] }

// approval is the command that applies exactly this plan although gates refuse it.
func approval(p *sync.Plan) string {
	if p.RollbackOf != "" {
		return "assignee-sync rollback " + p.RollbackOf + " --approve " + shortDigest(p.Digest)
	}
	return "assignee-sync apply --approve " + shortDigest(p.Digest)
}

// seconds writes a time as people say it: 40 s, 12 min, 3 h 20 min.
func seconds(s float64) string {
	d := time.Duration(s * float64(time.Second)).Round(time.Second)
	switch {
	case s < 10:
		return strconv.FormatFloat(s, 'f', 1, 64) + " s"
	case d < 2*time.Minute:
		return fmt.Sprintf("%d s", int(d.Seconds()))
	case d < 2*time.Hour:
		return fmt.Sprintf("%d min", int(d.Round(time.Minute).Minutes()))
	default:
		d = d.Round(time.Minute)
		return fmt.Sprintf("%d h %d min", int(d.Hours()), int(d.Minutes())%60)
	}
}
