package report

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
)

// fate is one thing that becomes of people, such as being removed, with the people by cause and group. If there are
// many people, this is shown instead of an entry for each, so that whoever approves a plan can look through those who
// lose a place.
type fate struct {
	title  string // Would lose a place
	mark   mark
	people int
	causes []causeTold
}

// causeTold is one cause of removals, with the groups that lose people because of it. Changes other than removals are
// listed under one cause without a name.
type causeTold struct {
	title  string
	people int
	groups []groupTold
}

// groupTold is a group, how far the changes there reach, and whom they concern, beginning with those who change in the
// most presets.
type groupTold struct {
	group string
	spread
	places int    // how many changes there are: one person in one preset each
	why    string // the reason that all of them share, if they do and no cause is named above them
	people []placesOf
}

// placesOf is a person, and in how many presets they are added to a group or removed from it.
type placesOf struct {
	who     string
	presets int
}

// causeTitles say what each cause means to somebody who looks through the removals.
var causeTitles = map[sync.Cause]string{
	sync.CauseLeft:       "left: HR has them as terminated",
	sync.CauseEnded:      "ended: the end date that HR has for them has passed",
	sync.CauseNotStarted: "not started: the start date that HR has for them is still to come",
	sync.CauseMoved:      "moved: HR has them on another team, in another role or on other projects now",
	sync.CauseNoRule:     "no rule: the role map changed, and puts their team there no longer",
	sync.CauseNotInHR:    "not in HR data: HR has no row for them",
}

// fateOf says what becomes of somebody by a change, and its rank: removals come first, then what is not done, then
// additions.
func fateOf(c sync.Change, asPlan bool) (place int, title string) {
	m := markOf(c.Action, c.Status, asPlan)
	switch {
	case c.Reason.AlreadySo:
		return 2, "Already so, nothing sent"
	case m.words != "":
		return 1, sentence(m.words)
	case c.Action == sync.Remove:
		return 0, either(asPlan, "Would lose a place", "Lost a place")
	default:
		return 3, either(asPlan, "Would gain a place", "Gained a place")
	}
}

// fates groups changes by what becomes of people, by cause and by group.
func fates(changes []sync.Change, asPlan bool) []fate {
	type fateKey struct {
		place int
		title string
		hold  sync.Kind
	}
	sorted := map[fateKey]map[sync.Cause]map[string][]sync.Change{}
	for _, c := range changes {
		place, title := fateOf(c, asPlan)
		key := fateKey{place, title, c.Reason.Hold}
		if sorted[key] == nil {
			sorted[key] = map[sync.Cause]map[string][]sync.Change{}
		}
		cause := sync.Cause("")
		if place == 0 {
			cause = c.Reason.Cause()
		}
		if sorted[key][cause] == nil {
			sorted[key][cause] = map[string][]sync.Change{}
		}
		group := Clean(c.GroupName)
		sorted[key][cause][group] = append(sorted[key][cause][group], c)
	}
	keys := slices.SortedFunc(maps.Keys(sorted), func(a, b fateKey) int {
		return cmp.Or(cmp.Compare(a.place, b.place), strings.Compare(a.title, b.title), strings.Compare(string(a.hold), string(b.hold)))
	})
	list := make([]fate, len(keys))
	for i, key := range keys {
		list[i] = newFate(key.title, key.hold, sorted[key], asPlan)
	}
	return list
}

func newFate(title string, hold sync.Kind, byCause map[sync.Cause]map[string][]sync.Change, asPlan bool) fate {
	f := fate{title: title}
	if hold != "" {
		f.title += " (" + string(hold) + ")"
	}
	everybody := map[procore.LoginID]bool{}
	for _, cause := range append(sync.Causes(), "") {
		told := causeTold{title: causeTitles[cause]}
		people := map[procore.LoginID]bool{}
		for _, group := range slices.Sorted(maps.Keys(byCause[cause])) {
			changes := byCause[cause][group]
			f.mark = markOf(changes[0].Action, changes[0].Status, asPlan)
			g := newGroupTold(group, changes)
			if cause == "" {
				g.why = sharedReason(changes)
			}
			told.groups = append(told.groups, g)
			for _, c := range changes {
				people[c.LoginID], everybody[c.LoginID] = true, true
			}
		}
		if told.people = len(people); told.people > 0 {
			f.causes = append(f.causes, told)
		}
	}
	f.people = len(everybody)
	return f
}

func newGroupTold(group string, changes []sync.Change) groupTold {
	var reached reach
	known := map[procore.LoginID]*person{}
	names := map[string]int{} // how many people have it
	for _, c := range changes {
		if known[c.LoginID] == nil {
			known[c.LoginID] = &person{id: c.LoginID}
			names[Clean(c.PersonName)]++
		}
		known[c.LoginID].add(c)
		reached.add(c)
	}
	g := groupTold{group: group, spread: reached.spread(), places: len(changes)}
	for _, h := range known {
		who := h.name
		if who == "" || names[who] > 1 {
			who = personText(h.name, h.login, h.id)
		}
		g.people = append(g.people, placesOf{who, h.changes})
	}
	slices.SortFunc(g.people, func(a, b placesOf) int {
		return cmp.Or(cmp.Compare(b.presets, a.presets), strings.Compare(a.who, b.who))
	})
	return g
}

// sharedReason returns the reason of all changes, or nothing if they have different ones.
func sharedReason(changes []sync.Change) string {
	why := changes[0].Reason.Says()
	for _, c := range changes {
		if c.Reason.Says() != why {
			return ""
		}
	}
	return Clean(why)
}

// heading returns the group, how far the changes there reach, how many people they concern, and why.
func (g groupTold) heading() string {
	var more []string
	if len(g.people) > 1 {
		people := sync.Several(len(g.people), "person")
		if g.places != g.presets {
			people += " in " + sync.Several(g.places, "place")
		}
		more = append(more, people)
	}
	if g.why != "" {
		more = append(more, g.why)
	}
	text := g.group + " in " + g.String()
	if len(more) > 0 {
		text += " (" + strings.Join(more, "; ") + ")"
	}
	return text
}

// named lists up to most of the group's people, each with their number of presets if it differs from the group's.
func (g groupTold) named(most int) []string {
	list := make([]string, 0, most+1)
	for _, p := range g.people[:min(most, len(g.people))] {
		who := p.who
		if len(g.people) > 1 {
			who += " " + sync.Grouped(p.presets)
		}
		list = append(list, who)
	}
	if more := len(g.people) - len(list); more > 0 {
		list = append(list, "and "+sync.Grouped(more)+" more")
	}
	return list
}

// How many people of a group are named at once. Whoever approves a plan looks through those who lose a place.
const (
	removedNamed = 60
	othersNamed  = 12
)

func (f fate) mostNamed() int {
	if f.mark.sign == "+" {
		return othersNamed
	}
	return removedNamed
}
