// Package report shows a plan or its result: to a person on a terminal, in Markdown or on a page, to a program as JSON,
// and to a spreadsheet as CSV.
//
// Every function takes a finished sync.Record and a writer, and the same record always gives the same bytes. Text from
// HR or Procore is never trusted: a name can't move the terminal's cursor, break out of the page, or run as a formula.
// A report never says more than what happened.
package report

import (
	"slices"

	"procore-assignee-sync/sync"
)

// reading is a record as people read it: how it ended, what is left for a person to do, who is added or removed and
// why, and where. It is made once from the record, and every format shows it in this order.
type reading struct {
	rec    sync.Record
	asPlan bool

	state   state
	inShort string   // what the plan would do, or what was done
	totals  string   // the same, for where the state does not precede it
	gates   *refusal // nil if no gate was tripped
	todo    []exceptionKind

	people []personAndReason
	groups []groupSum
	// Running workflows that wait come here, between the people and the details: see waitEntries.
	projects []projectNode

	told     []exceptionKind // worth knowing
	accepted []exceptionKind
	facts    []fact // what was read, with which rules, who ran and approved it
}

func read(rec sync.Record) *reading {
	r := &reading{rec: rec, asPlan: isPlan(rec)}
	r.state = stateOf(rec)
	r.inShort = inShort(rec)
	r.totals = either(refused(rec), "Refused: ", "") + r.inShort
	r.gates = refusalOf(rec)
	var undone, told, accepted []sync.Exception
	for _, e := range rec.Exceptions {
		switch {
		case e.Accepted:
			accepted = append(accepted, e)
		case e.Incomplete:
			undone = append(undone, e)
		default:
			told = append(told, e)
		}
	}
	r.todo, r.told, r.accepted = byKind(undone), byKind(told), byKind(accepted)
	tellCauses(rec.Plan, r.todo)
	r.people, r.groups = peopleAndReasons(rec.Changes, r.asPlan), groupSums(rec.Changes, r.asPlan)
	r.projects = tree(rec, rec.Changes)
	r.facts = facts(rec)
	return r
}

// toldBesides returns what is worth knowing, for formats with a section of their own on running workflows that wait.
func (r *reading) toldBesides() []exceptionKind {
	if len(r.rec.Waiting) == 0 {
		return r.told
	}
	return slices.DeleteFunc(slices.Clone(r.told), func(k exceptionKind) bool {
		return k.kind == sync.RunningWaits || k.kind == sync.NoSuccessor
	})
}

// detailsShown is the number of changes up to which text shows the details without being asked.
const detailsShown = 200

// Detail says how much of a report is shown.
type Detail int

// How much is shown: the details if there are few of them, none of them, or all.
const (
	DetailAuto Detail = iota
	DetailNone
	DetailAll
)

// showsDetails reports whether text shows the details of that many changes.
func (d Detail) showsDetails(changes int) bool {
	return d == DetailAll || d == DetailAuto && changes <= detailsShown
}

// isPlan reports whether the record shows what would be done rather than what was done: it is a dry run, a plan that
// still waits for its apply, or a plan that was refused as a whole.
func isPlan(rec sync.Record) bool {
	if rec.Summary.Outcome == sync.Refused {
		return true
	}
	for _, c := range rec.Changes {
		if c.Status != sync.Planned && c.Status != sync.Held {
			return false
		}
	}
	return rec.Summary.Outcome == "" || rec.Run.Command == sync.CommandPlan
}
