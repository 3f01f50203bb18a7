package running

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
)

// farFuture is later than any workflow has started.
var farFuture = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)

// lookAgainAfter is when a place is looked at again if nothing was waiting for somebody there, since they may be on a
// later step. It is half a day less than a week, because a run does not reach this point at the same time every night.
const lookAgainAfter = (7*24 - 12) * time.Hour

// Watched is a person who was removed from managed groups of one project and tool, where a workflow may still be
// waiting for them.
type Watched struct {
	Person procore.Login `json:"person"`
	Place
	Since time.Time `json:"since"`           // when they were removed last
	Left  bool      `json:"left,omitempty"`  // HR says that they have left, not merely moved
	Next  time.Time `json:"next,omitzero"`   // do not look before this; zero means at the next look
	Waits bool      `json:"waits,omitempty"` // the last look found a workflow that is waiting for them
}

// Place is a project and tool. Workflows are listed by these.
type Place struct {
	Project       procore.ProjectID `json:"project_id,omitempty"` // empty for company-level tools
	ProjectNumber string            `json:"project_number,omitempty"`
	ProjectName   string            `json:"project_name,omitempty"`
	Tool          procore.ToolRef   `json:"tool"`
}

// String names the place, for people.
func (p Place) String() string {
	if p.Project == "" {
		return p.Tool.String() + " of the company"
	}
	return fmt.Sprintf("%s of project %s", p.Tool, cmp.Or(p.ProjectNumber, string(p.Project)))
}

// Scope returns the project and tool by which Procore lists.
func (p Place) Scope() procore.AssigneeScope {
	return procore.AssigneeScope{Project: p.Project, Tool: p.Tool}
}

// WatchList holds everybody who is watched: one entry for each person, project and tool, sorted.
type WatchList []Watched

// WithRemoved returns the list with everybody whom the changes removed from a group of one of plan's presets, counting
// only changes that were applied. A person who is on the list already is watched from the newer removal on.
func (l WatchList) WithRemoved(plan *sync.Plan, changes []sync.Change) WatchList {
	if plan == nil {
		return l
	}
	places := make(map[procore.PresetRef]Place, len(plan.Presets))
	for i := range plan.Presets {
		p := &plan.Presets[i]
		places[p.Ref] = Place{Project: p.Ref.Project, ProjectNumber: p.ProjectNumber, ProjectName: p.ProjectName, Tool: p.Tool}
	}
	entries := map[entryKey]Watched{}
	for _, e := range l {
		entries[e.key()] = e
	}
	for _, c := range changes {
		place, known := places[c.Ref()]
		if c.Action != sync.Remove || c.Status != sync.Applied || !known || place.Tool.Type == "" {
			continue
		}
		e := Watched{
			Person: procore.Login{ID: c.LoginID, Login: c.Login, Name: c.PersonName}, Place: place, Since: c.Time.UTC(), Left: c.HasLeft,
		}
		if old, ok := entries[e.key()]; ok {
			e.Left = e.Left || old.Left
			if old.Since.After(e.Since) {
				e.Since = old.Since
			}
		}
		entries[e.key()] = e
	}
	return newWatchList(entries)
}

// With returns everybody on either list. For somebody who is on both it takes the entry with the later removal, and
// newer's entry if that is the same.
func (l WatchList) With(newer WatchList) WatchList {
	entries := map[entryKey]Watched{}
	for _, list := range []WatchList{l, newer} {
		for _, e := range list {
			old := entries[e.key()]
			left := e.Left || old.Left
			if old.Since.After(e.Since) {
				e = old
			}
			e.Left = left
			entries[e.key()] = e
		}
	}
	return newWatchList(entries)
}

// AfterLook returns the list with the result of a look: those whom it looked for are as in left, or gone if they are
// not in there; everybody else stays.
func (l WatchList) AfterLook(looked, left WatchList) WatchList {
	entries := map[entryKey]Watched{}
	for _, e := range l {
		entries[e.key()] = e
	}
	for _, e := range looked {
		if now, there := entries[e.key()]; there && !now.Since.After(e.Since) {
			delete(entries, e.key())
		}
	}
	return newWatchList(entries).With(left)
}

type entryKey struct {
	person procore.LoginID
	scope  procore.AssigneeScope
}

func (w Watched) key() entryKey { return entryKey{w.Person.ID, w.Scope()} }

func newWatchList(entries map[entryKey]Watched) WatchList {
	list := make(WatchList, 0, len(entries))
	for _, e := range entries {
		list = append(list, e)
	}
	list.sort()
	return list
}

func (l WatchList) sort() {
	slices.SortFunc(l, func(a, b Watched) int {
		return cmp.Or(
			procore.CompareIDs(a.Project, b.Project),
			cmp.Compare(a.Tool.String(), b.Tool.String()),
			procore.CompareIDs(a.Person.ID, b.Person.ID),
		)
	})
}

// Due returns those who are to be looked for now: people for whom a workflow is waiting, every time; the others, a week
// after the last look.
func (l WatchList) Due(now time.Time) WatchList {
	var due WatchList
	for _, e := range l {
		if e.Waits || !e.Next.After(now) {
			due = append(due, e)
		}
	}
	return due
}

// Calls estimates the number of calls needed to look for those who are due: one list for each project and tool, and one
// for each person there. If something was waiting for a person at the last look, that workflow and the presets of the
// place are read instead. Each newly found workflow costs one more.
func (l WatchList) Calls(now time.Time) int {
	calls := 0
	for _, place := range l.Due(now).places() {
		waited := 0
		for _, e := range place {
			if e.Waits {
				waited++
			}
		}
		calls += len(place) + waited
		if waited > 0 {
			calls += 2
		}
		if waited < len(place) {
			calls++
		}
	}
	return calls
}

// Counts returns how many are on the list, or nil if nobody is.
func (l WatchList) Counts() *sync.WatchCounts {
	if len(l) == 0 {
		return nil
	}
	people, n := map[procore.LoginID]bool{}, sync.WatchCounts{Places: len(l.places())}
	for _, e := range l {
		people[e.Person.ID] = true
		if e.Waits {
			n.Waited++
		}
	}
	n.People = len(people)
	return &n
}

// LastKnown returns an exception for each person for whom the last look found a workflow waiting. It makes no calls.
func (l WatchList) LastKnown() []sync.Exception {
	var out []sync.Exception
	for _, e := range l {
		if e.Waits {
			out = append(out, sync.Exception{
				Kind: sync.RunningWaits, Subject: personText(e.Person), Project: e.Project,
				Detail: fmt.Sprintf("when last looked for, a workflow of %s waited for them: `assignee-sync running` looks now", e.Place),
			})
		}
	}
	return out
}

// places groups the entries by project and tool, in the list's order.
func (l WatchList) places() []WatchList {
	var out []WatchList
	for i, e := range l {
		if i > 0 && l[i-1].Scope() == e.Scope() {
			out[len(out)-1] = append(out[len(out)-1], e)
			continue
		}
		out = append(out, WatchList{e})
	}
	return out
}
