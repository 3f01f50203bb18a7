package report

import (
	"fmt"
	"strings"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
)

// state is a run's outcome in a word, with a class for its colour.
type state struct{ word, class string }

func stateOf(rec sync.Record) state {
	switch rec.Summary.Outcome {
	case sync.Done:
		return state{either(isPlan(rec), "Planned", "Done"), "good"}
	case sync.Incomplete:
		return state{"Incomplete", "warn"}
	case sync.Refused:
		return state{"Refused", "bad"}
	case sync.RunFailed:
		return state{"Failed", "bad"}
	case sync.Interrupted:
		return state{"Interrupted", "bad"}
	default:
		return state{"Planned", "good"}
	}
}

// title says what the report is about.
func title(rec sync.Record) string {
	what := either(isPlan(rec), "Plan", "Result")
	switch {
	case rec.Run.RollbackOf != "":
		what += " of a rollback"
	case rec.Run.Command == sync.CommandHandover:
		what += " of a hand-over"
	case rec.Run.Command == sync.CommandRespond:
		what += " of responses"
	}
	return what + " for " + either(rec.Run.CompanyName == "", "Procore company ", "") + company(rec.Run)
}

// company names a run's company, as far as it is known.
func company(run sync.Run) string {
	id := Clean(string(run.Company))
	if name := Clean(run.CompanyName); name != "" {
		return name + " (Procore company " + id + ")"
	}
	return id
}

// refused reports whether a run was to write and was refused. Reports then show what it would have done as such.
func refused(rec sync.Record) bool {
	return rec.Summary.Outcome == sync.Refused && rec.Run.Command != sync.CommandPlan
}

// inShort returns one line that says what the plan would do, or what was done.
func inShort(rec sync.Record) string {
	line := wouldDoOrDid(rec)
	switch {
	case line == "":
		return "No plan was made: nothing was written"
	case refused(rec):
		return line + "; nothing was written"
	default:
		return line
	}
}

// wouldDoOrDid is empty if no plan was made.
func wouldDoOrDid(rec sync.Record) string {
	asPlan := isPlan(rec)
	t := count(rec.Changes, asPlan)
	var b strings.Builder
	switch {
	case rec.Run.Command == sync.CommandHandover:
		return waitTotals(rec)
	case rec.Run.Command == sync.CommandRespond:
		return responseTotals(rec)
	case rec.Plan == nil && len(rec.Changes) == 0:
		return ""
	case t == tally{}:
		b.WriteString("No changes: " + asWanted(rec))
	case t.added+t.removed > 0 && asPlan:
		fmt.Fprintf(&b, "%s%s to add, %s to remove in %s (%s)", either(refused(rec), "", "Plan: "), sync.Grouped(t.added), sync.Grouped(t.removed), t.spread, sync.Several(t.people, "person"))
	case t.added+t.removed > 0:
		fmt.Fprintf(&b, "Applied: %s added, %s removed in %s (%s)", sync.Grouped(t.added), sync.Grouped(t.removed), t.spread, sync.Several(t.people, "person"))
	case asPlan:
		b.WriteString("No changes to send")
	default:
		b.WriteString("Nothing was applied")
	}
	for _, part := range []struct {
		n    int
		word string
	}{{t.already, "already so, nothing sent"}, {t.failed, "failed"}, {t.conflict, "in conflict"}, {t.held(), "held" + t.howHeld()}, {t.notTried, "not attempted"}} {
		if part.n > 0 {
			fmt.Fprintf(&b, "; %s %s", sync.Grouped(part.n), part.word)
		}
	}
	if asPlan && t.added+t.removed > 0 && !refused(rec) {
		b.WriteString("; nothing else changes")
	}
	return b.String()
}

func asWanted(rec sync.Record) string {
	if rec.Plan == nil {
		return "nothing was to be done"
	}
	if rec.Run.RollbackOf != "" {
		return "what run " + Clean(rec.Run.RollbackOf) + " changed is as it was before it"
	}
	c := rec.Plan.Counts
	return fmt.Sprintf("%s in %s %s already as wanted",
		sync.Several(c.ManagedGroups, "managed group"), sync.Several(c.Presets, "preset"), either(c.ManagedGroups == 1, "is", "are"))
}

// tally counts changes by status and action, the people they concern, and how far they reach.
type tally struct {
	added, removed   int // planned or applied
	failed, conflict int
	heldAdd          int // held, and so not added
	heldRemove       int
	notTried         int
	already          int // found made already when read again
	people           int // distinct, of those added or removed
	gain, lose       int // those of them who are added somewhere, and those who are removed somewhere
	spread               // of those added or removed
}

func (t tally) held() int { return t.heldAdd + t.heldRemove }

// howHeld says what the holds prevent.
func (t tally) howHeld() string {
	switch {
	case t.heldAdd == 0:
		return " and not removed"
	case t.heldRemove == 0:
		return " and not added"
	default:
		return fmt.Sprintf(" (%s not added, %s not removed)", sync.Grouped(t.heldAdd), sync.Grouped(t.heldRemove))
	}
}

func count(changes []sync.Change, asPlan bool) tally {
	var t tally
	var reach reach
	people, gain, lose := map[procore.LoginID]bool{}, map[procore.LoginID]bool{}, map[procore.LoginID]bool{}
	for _, c := range changes {
		switch {
		case c.Status == sync.Failed:
			t.failed++
		case c.Status == sync.Conflict:
			t.conflict++
		case c.Status == sync.Held && c.Action == sync.Add:
			t.heldAdd++
		case c.Status == sync.Held:
			t.heldRemove++
		case c.Status == sync.NotAttempted && !asPlan:
			t.notTried++
		case c.Reason.AlreadySo:
			t.already++
		default:
			if c.Action == sync.Add {
				t.added++
				gain[c.LoginID] = true
			} else {
				t.removed++
				lose[c.LoginID] = true
			}
			people[c.LoginID] = true
			reach.add(c)
		}
	}
	t.people, t.gain, t.lose, t.spread = len(people), len(gain), len(lose), reach.spread()
	t.only = "" // the details say which
	return t
}

// reach collects presets for a spread.
type reach struct {
	presets  map[procore.PresetRef]bool
	projects map[procore.ProjectID]string // with their titles
}

func (r *reach) add(c sync.Change) {
	if r.presets == nil {
		r.presets, r.projects = map[procore.PresetRef]bool{}, map[procore.ProjectID]string{}
	}
	r.presets[c.Ref()] = true
	if _, known := r.projects[c.Project]; !known {
		r.projects[c.Project] = projectTitle(c)
	}
}

func (r *reach) spread() spread {
	s := spread{presets: len(r.presets), projects: len(r.projects)}
	if _, s.company = r.projects[""]; s.company {
		s.projects--
	} else if s.projects == 1 {
		for _, title := range r.projects {
			s.only = title
		}
	}
	return s
}
