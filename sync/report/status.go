package report

import "procore-assignee-sync/sync"

// mark is the sign and the words by which a change is shown. The words are empty where the sign says it all.
type mark struct {
	sign  string
	words string
}

// markOf says a change no better than it went. In a plan that was refused, what was not attempted is still what was
// planned.
func markOf(c sync.Change, asPlan bool) mark {
	add := c.Action == sync.Add
	switch c.Status {
	case sync.Held:
		return mark{"!", either(add, "held, not added", "held, not removed")}
	case sync.Failed:
		return mark{"x", either(add, "failed to add", "failed to remove")}
	case sync.Conflict:
		return mark{"x", either(add, "conflict, not added", "conflict, not removed")}
	case sync.NotAttempted:
		if !asPlan {
			return mark{"?", either(add, "not attempted, to add", "not attempted, to remove")}
		}
	case sync.Planned, sync.Applied:
	}
	return mark{either(add, "+", "-"), ""}
}

func either(first bool, a, b string) string {
	if first {
		return a
	}
	return b
}

// isPlan says whether the record shows what would be done, rather than what was: a dry run, a plan that still waits
// for its apply, or one that was refused as a whole.
func isPlan(rec sync.Record) bool {
	if rec.Summary.Outcome == sync.Refused {
		return true
	}
	for _, c := range rec.Changes {
		if c.Status != sync.Planned && c.Status != sync.Held {
			return false
		}
	}
	return rec.Summary.Outcome == "" || rec.Run.Command == "plan"
}

// tally counts changes by status and action, with how many people, presets and projects they touch.
type tally struct {
	added, removed   int // planned or applied
	failed, conflict int
	held, notTried   int
	already          int // found so when read again
	people           int // distinct, of those added or removed
	presets          int // with an addition or removal
	projects         int
	company          bool // a preset of the company's own tools is among them
}

func count(changes []sync.Change, asPlan bool) tally {
	var t tally
	people, presets, projects := set{}, set{}, set{}
	for _, c := range changes {
		switch {
		case c.Status == sync.Failed:
			t.failed++
		case c.Status == sync.Conflict:
			t.conflict++
		case c.Status == sync.Held:
			t.held++
		case c.Status == sync.NotAttempted && !asPlan:
			t.notTried++
		case c.AlreadySo():
			t.already++
		default:
			if c.Action == sync.Add {
				t.added++
			} else {
				t.removed++
			}
			people.put(string(c.LoginID))
			presets.put(string(c.Project) + "/" + string(c.Preset))
			if c.Project == "" {
				t.company = true
			} else {
				projects.put(string(c.Project))
			}
		}
	}
	t.people, t.presets, t.projects = len(people), len(presets), len(projects)
	return t
}

type set map[string]struct{}

func (s set) put(key string) { s[key] = struct{}{} }
