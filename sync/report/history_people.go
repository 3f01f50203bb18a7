package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
)

// historyPerson is one person in a history.
type historyPerson struct {
	person
	events map[eventKey]*event
}

// eventKey says which events in several places and runs are combined into one.
type eventKey struct{ run, what, group, why, but string }

// event is one thing that happened to a person, or did not, with all places and runs in which it is the same.
type event struct {
	who         string
	what        string // "removed from", "held, not removed from"
	group       string
	done        bool // it took effect, or may have
	first, last time.Time
	reach       reach
	places      map[string][]string // by template
	templates   []string
	whys        []string // they differ only in the rules of the role map
	but         string
	by          string // who ran the last one
	runs        map[string]bool
}

// peopleOf groups a history by person; the person with the most recent event comes first.
func peopleOf(f sync.HistoryFilter, h *sync.History) []*historyPerson {
	people := map[procore.LoginID]*historyPerson{}
	of := func(id procore.LoginID) *historyPerson {
		if people[id] == nil {
			people[id] = &historyPerson{person: person{id: id}, events: map[eventKey]*event{}}
		}
		return people[id]
	}
	for _, p := range h.Changes {
		who := of(p.Change.LoginID)
		who.add(p.Change)
		who.change(p)
	}
	for _, p := range h.Invited {
		for _, who := range append([]procore.Login{p.Waiting.Person}, p.Waiting.Successors...) {
			if f.HasPerson(who) {
				of(who.ID).invited(who, p)
			}
		}
	}
	for _, p := range h.LeftOut {
		leftOut(people, p).leftOut(p)
	}
	list := make([]*historyPerson, 0, len(people))
	for _, p := range people {
		list = append(list, p)
	}
	slices.SortFunc(list, func(a, b *historyPerson) int {
		return cmp.Or(strings.Compare(a.name, b.name), strings.Compare(a.login, b.login), procore.CompareIDs(a.id, b.id))
	})
	return list
}

// leftOut finds the person whom an exception names; a change nearly always identifies them.
func leftOut(people map[procore.LoginID]*historyPerson, p sync.PastLeftOut) *historyPerson {
	subject := Clean(p.Exception.Subject)
	for _, who := range people {
		if subject == who.login || who.login == "" && subject == who.name {
			return who
		}
	}
	who := &historyPerson{person: person{login: subject}, events: map[eventKey]*event{}}
	people[procore.LoginID(subject)] = who
	return who
}

// event returns the event with the given key, adding the run to it.
func (p *historyPerson) event(key eventKey, why string, run sync.Run, outcome sync.Outcome, at time.Time) *event {
	e := p.events[key]
	if e == nil {
		e = &event{
			who: cmp.Or(p.login, p.name, "login id "+Clean(string(p.id))), what: key.what, group: key.group, but: key.but,
			first: at, places: map[string][]string{}, runs: map[string]bool{},
		}
		p.events[key] = e
	}
	if !at.Before(e.last) {
		e.last, e.by = at, onWhoseWord(run, outcome)
	}
	if e.runs[run.ID] = true; !slices.Contains(e.whys, why) {
		e.whys = append(e.whys, why)
	}
	return e
}

func (p *historyPerson) change(past sync.PastChange) {
	c := past.Change
	what, done := happened(c)
	why := reasonOfChange(c)
	key := eventKey{what: what, group: Clean(c.GroupName), why: string(c.Reason.Hold) + c.Reason.Says() + c.Source.String(), but: Clean(c.Error)}
	if done {
		key.run = past.Run.ID
	}
	e := p.event(key, why, past.Run, past.Outcome, past.At())
	e.done = done
	e.reach.add(c)
	e.at(Clean(c.TemplateName), placeOf(c.Project, c.ProjectNumber, c.ProjectName))
}

func reasonOfChange(c sync.Change) string {
	return strings.TrimSpace(Clean(c.Reason.String()) + suffixed(prefixed(" (", Clean(c.Source.String())), ")"))
}

// at notes a place once.
func (e *event) at(template, place string) {
	if _, known := e.places[template]; !known {
		e.templates = append(e.templates, template)
	}
	if !slices.Contains(e.places[template], place) {
		e.places[template] = append(e.places[template], place)
	}
}

func (p *historyPerson) invited(who procore.Login, past sync.PastInvitation) {
	w := past.Waiting
	p.name, p.login = cmp.Or(p.name, Clean(who.Name)), cmp.Or(p.login, Clean(who.Login))
	failed := w.State == sync.WaitFailed
	what := either(failed, "failed to be invited to", "invited to")
	why := "in the place of " + personText(Clean(w.Person.Name), Clean(w.Person.Login), w.Person.ID)
	if who.ID == w.Person.ID {
		var successors []string
		for _, s := range w.Successors {
			successors = append(successors, personText(Clean(s.Name), Clean(s.Login), s.ID))
		}
		what = either(failed, "failed to get successors on", "got successors on")
		why = either(failed, "to be invited: ", "invited: ") + strings.Join(successors, ", ") + "; the leaver stays on the step"
	}
	key := eventKey{run: past.Run.ID, what: what, group: "step " + cmp.Or(Clean(w.StepName), "unknown"), why: why, but: Clean(w.Error)}
	e := p.event(key, why, past.Run, past.Outcome, past.Run.StartedAt)
	e.done = true
	e.at("workflow "+Clean(string(w.Instance)), Clean(w.Tool.String())+" of "+either(w.Project == "", "", "project ")+
		placeOf(w.Project, w.ProjectNumber, w.ProjectName))
}

func (p *historyPerson) leftOut(past sync.PastLeftOut) {
	x := past.Exception
	why := string(x.Kind) + ": " + Clean(x.Detail)
	key := eventKey{what: "not put back into", group: Clean(x.GroupName), why: why}
	p.event(key, why, past.Run, past.Outcome, past.Run.StartedAt).
		at(Clean(x.TemplateName), either(x.Project == "", "the company", "project "+Clean(string(x.Project))))
}

// inOrder returns what took effect, newest first, then what did not.
func (p *historyPerson) inOrder() []*event {
	list := make([]*event, 0, len(p.events))
	for _, e := range p.events {
		list = append(list, e)
	}
	place := map[bool]int{true: 0, false: 1} // of what is done or is not
	slices.SortFunc(list, func(a, b *event) int {
		return cmp.Or(
			cmp.Compare(place[a.done], place[b.done]), b.last.Compare(a.last), strings.Compare(a.what, b.what), strings.Compare(a.group, b.group),
			slices.Compare(a.whys, b.whys), strings.Compare(a.but, b.but), strings.Compare(a.by, b.by),
		)
	})
	return list
}

// happened says what became of a change ("added to", "held, not removed from") and whether it took effect or may have.
func happened(c sync.Change) (what string, done bool) {
	verb, preposition := "added", "to"
	if c.Action == sync.Remove {
		verb, preposition = "removed", "from"
	}
	switch {
	case c.Reason.AlreadySo:
		return fmt.Sprintf("%s already, %s", verb, preposition), true
	case c.Status == sync.Applied:
		return verb + " " + preposition, true
	case c.Status == sync.Failed: // it may have taken effect: the error says what is known
		return "failed to be " + verb + " " + preposition, true
	default:
		return fmt.Sprintf("not %s (%s) %s", verb, strings.ReplaceAll(string(c.Status), "_", " "), preposition), false
	}
}

func placeOf(project procore.ProjectID, number, name string) string {
	if project == "" {
		return "the company"
	}
	return Clean(cmp.Or(strings.TrimSpace(number+" "+name), string(project)))
}
