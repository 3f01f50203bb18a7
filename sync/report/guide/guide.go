// Package guide is the one table of what each kind of exception, hold and gate means to a person, and what to do about
// it. It also says what exit codes mean, and what helps against errors that do not say so themselves. Terminal, pages,
// workbook, check and docs/administrator.md all take their words from here.
package guide

import (
	"slices"

	"procore-assignee-sync/sync"
)

// Entry says what a kind of exception or a gate means to a person, and what to do about it.
type Entry struct {
	Name  string // of the kind or gate, as in exceptions.csv and summary.json
	Means string // a clause without a full stop
	Todo  string // what to do, a clause; empty if there is nothing to do
	Ends  Ending
}

// Ending is what an exception or gate means for how the run ends.
type Ending string

// The endings.
const (
	Incomplete Ending = "incomplete (exit 4) unless accepted"
	Maybe      Ending = "incomplete (exit 4) where something wanted is left out, otherwise only reported"
	Never      Ending = "only reported"
	Event      Ending = "incomplete (exit 4)" // of a single write: nobody can accept it in advance
	Refused    Ending = "refused (exit 3) unless approved"
	Always     Ending = "refused (exit 3); approving it would change nothing"
)

// Topic is a part of the guide about one thing that people look after.
type Topic struct {
	Title   string
	Entries []Entry
}

// To returns the entry of a kind of exception. If there is none, the entry has only a name.
func To(k sync.Kind) Entry { return find(exceptionTopics, string(k)) }

// ToGate returns the entry of a gate.
func ToGate(g sync.GateName) Entry { return find(gateTopics, string(g)) }

func find(topics []Topic, name string) Entry {
	for _, t := range topics {
		for _, g := range t.Entries {
			if g.Name == name {
				return g
			}
		}
	}
	return Entry{Name: name}
}

// JudgesThePlan reports whether a gate is about how much a plan changes, rather than about what it is made of.
func (g Entry) JudgesThePlan() bool { return gateTopics[0].has(g.Name) }

func (t Topic) has(name string) bool {
	return slices.ContainsFunc(t.Entries, func(g Entry) bool { return g.Name == name })
}
