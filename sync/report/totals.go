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
		sync.Several(c.ManagedGroups, "managed group"), sync.Several(c.Presets, "preset"), either(c.ManagedGroups == 1, "is", "are"))
}

func where(t tally) string {
	whose := sync.Several(t.projects, "project")
	switch {
	case t.company && t.projects == 0:
		whose = "the company"
	case t.company:
		whose += " and the company"
	}
	return fmt.Sprintf("%s of %s (%s)", sync.Several(t.presets, "preset"), whose, sync.Several(t.people, "person"))
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
