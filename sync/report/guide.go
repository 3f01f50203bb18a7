package report

import (
	"slices"

	"procore-assignee-sync/sync"
)

// Guide says what a kind of exception or a gate means to a person, and what to do about it. It is the one place that
// says so: terminal, pages, workbook, check, explain and docs/administrator.md all take their words from here.
type Guide struct {
	Name  string // of the kind or gate, as exceptions.csv and summary.json write it
	Means string // a clause without a full stop
	Todo  string // what to do, a clause; empty where nothing is
	Ends  Ending
}

// Ending is what something means for how the run ends.
type Ending string

// The endings.
const (
	EndsIncomplete Ending = "incomplete (exit 4) unless accepted"
	EndsMaybe      Ending = "incomplete (exit 4) where something wanted is left out, else told only"
	EndsNever      Ending = "told only"
	EndsEvent      Ending = "incomplete (exit 4)" // of a single write: nobody can accept it beforehand
	EndsRefused    Ending = "refused (exit 3) unless approved"
	EndsAlways     Ending = "refused (exit 3); approving it would change nothing"
)

// Topic is a part of the guide: what concerns one thing that people look after.
type Topic struct {
	Title  string
	Guides []Guide
}

// GuideTo gives the guide of a kind of exception. A kind without one is shown by its name alone.
func GuideTo(k sync.Kind) Guide { return find(exceptionTopics, string(k)) }

// GuideToGate gives the guide of a gate.
func GuideToGate(g sync.GateName) Guide { return find(gateTopics, string(g)) }

// Topics gives the whole guide: exceptions, then gates.
func Topics() (exceptions, gates []Topic) { return exceptionTopics, gateTopics }

func find(topics []Topic, name string) Guide {
	for _, t := range topics {
		for _, g := range t.Guides {
			if g.Name == name {
				return g
			}
		}
	}
	return Guide{Name: name}
}

// judgesThePlan says whether a gate is about how much a plan changes, rather than about what it is made of.
func (g Guide) judgesThePlan() bool { return gateTopics[0].has(g.Name) }

func (t Topic) has(name string) bool {
	return slices.ContainsFunc(t.Guides, func(g Guide) bool { return g.Name == name })
}
