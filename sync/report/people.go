package report

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
)

// personAndReason is one person and one reason, with the groups to which they are added, or from which they are
// removed, for that reason.
type personAndReason struct {
	*person
	why     string
	sources []string // where HR says so, each once
	groups  []personInGroup
	changes int
}

// personInGroup is what becomes of somebody in the groups of one name, and how far that reaches.
type personInGroup struct {
	action sync.Action
	status sync.Status
	mark   mark
	hold   sync.Kind
	group  string
	spread
}

// String returns "+ Legal in 7 presets of 6 projects", and what became of it if the sign does not say so.
func (g personInGroup) String() string { return g.mark.sign + " " + g.group + g.reachText() }

// reachText returns " in 7 presets of 6 projects", and what became of it.
func (g personInGroup) reachText() string {
	line := " in " + g.spread.String()
	if g.mark.words != "" {
		line += ": " + g.mark.words
	}
	if g.hold != "" {
		line += " (" + string(g.hold) + ")"
	}
	return line
}

type personAndReasonKey struct {
	id  procore.LoginID
	why string
}

type groupKey struct {
	group  string
	action sync.Action
	status sync.Status
	hold   sync.Kind
}

// gathering is a person and a reason while changes are being collected.
type gathering struct {
	personAndReason
	reach map[groupKey]*reach
}

// peopleAndReasons groups the changes by person and reason: those with the most changes first, then by name.
func peopleAndReasons(changes []sync.Change, asPlan bool) []personAndReason {
	drafts := map[personAndReasonKey]*gathering{}
	known := map[procore.LoginID]*person{}
	for _, c := range changes {
		who := known[c.LoginID]
		if who == nil {
			who = &person{id: c.LoginID}
			known[c.LoginID] = who
		}
		who.add(c)
		why := Clean(c.Reason.Says())
		d := drafts[personAndReasonKey{c.LoginID, why}]
		if d == nil {
			d = &gathering{personAndReason: personAndReason{person: who, why: why}, reach: map[groupKey]*reach{}}
			drafts[personAndReasonKey{c.LoginID, why}] = d
		}
		d.add(c, c.Reason.Hold)
	}
	list := make([]personAndReason, 0, len(drafts))
	for _, d := range drafts {
		list = append(list, d.finish(asPlan))
	}
	slices.SortFunc(list, func(a, b personAndReason) int {
		return cmp.Or(
			cmp.Compare(b.person.changes, a.person.changes),
			strings.Compare(a.name, b.name), strings.Compare(a.login, b.login), procore.CompareIDs(a.id, b.id),
			cmp.Compare(b.changes, a.changes), strings.Compare(a.why, b.why),
		)
	})
	return list
}

// person is one person, as far as any of the changes describes them.
type person struct {
	id                    procore.LoginID
	name, login, employee string
	changes               int
}

func (p *person) add(c sync.Change) {
	p.name, p.login, p.employee = cmp.Or(p.name, Clean(c.PersonName)), cmp.Or(p.login, Clean(c.Login)), cmp.Or(p.employee, Clean(c.EmployeeID))
	p.changes++
}

func (d *gathering) add(c sync.Change, hold sync.Kind) {
	d.changes++
	for _, s := range c.Source {
		if s = Clean(s); s != "" && !slices.Contains(d.sources, s) {
			d.sources = append(d.sources, s)
		}
	}
	key := groupKey{Clean(c.GroupName), c.Action, c.Status, hold}
	if d.reach[key] == nil {
		d.reach[key] = &reach{}
	}
	d.reach[key].add(c)
}

func (d *gathering) finish(asPlan bool) personAndReason {
	keys := slices.SortedFunc(maps.Keys(d.reach), func(a, b groupKey) int {
		return cmp.Or(
			strings.Compare(string(a.action), string(b.action)), strings.Compare(a.group, b.group),
			strings.Compare(string(a.status), string(b.status)), strings.Compare(string(a.hold), string(b.hold)),
		)
	})
	for _, k := range keys {
		d.groups = append(d.groups, personInGroup{
			action: k.action, status: k.status, mark: markOf(k.action, k.status, asPlan), hold: k.hold, group: k.group,
			spread: d.reach[k].spread(),
		})
	}
	slices.SortFunc(d.sources, comparePositions)
	return d.personAndReason
}

// who names the person: name and login, as far as they are known.
func (e personAndReason) who() string { return personText(e.name, e.login, e.id) }

func personText(name, login string, id procore.LoginID) string {
	switch byID := "login id " + Clean(string(id)); {
	case name != "" && login != "":
		return name + " <" + login + ">"
	case name != "":
		return name + " (" + byID + ")"
	case login != "":
		return login
	default:
		return byID
	}
}

// because returns the reason, and where HR says so.
func (e personAndReason) because() string {
	from := someRows(e.sources)
	if from == "" {
		return e.why
	}
	return strings.TrimSpace(e.why + " (" + from + ")")
}

// comparePositions orders positions such as hr.csv:9 and hr.csv:14 by file, then by number.
func comparePositions(a, b string) int {
	fileA, lineA := cutLine(a)
	fileB, lineB := cutLine(b)
	return cmp.Or(strings.Compare(fileA, fileB), procore.CompareIDs(lineA, lineB))
}

func cutLine(position string) (file, line string) {
	i := strings.LastIndexByte(position, ':')
	if i < 0 {
		return position, ""
	}
	return position[:i], position[i+1:]
}

// someRows lists the first of many HR rows, naming their file once: hr.csv:14, 27 and 3 more.
func someRows(list []string) string {
	text := rowsInShort(list[:min(len(list), sourcesShown)])
	if more := len(list) - sourcesShown; more > 0 {
		text += " and " + sync.Grouped(more) + " more"
	}
	return text
}

// rowsInShort lists HR rows, naming their file once.
func rowsInShort(list []string) string {
	short, last := make([]string, 0, len(list)), ""
	for _, at := range list {
		file, line := cutLine(at)
		if file == last && line != "" {
			at = line
		}
		short, last = append(short, at), file
	}
	return strings.Join(short, ", ")
}

// groupSum is what becomes of all groups of one name: how many people gain or lose a place there, in how many presets.
type groupSum struct {
	group              string
	gains, loses, left groupCount // left: what was to change there and did not
}

type groupCount struct {
	people  map[procore.LoginID]bool
	presets map[procore.PresetRef]bool
}

// String returns "3 in 12 presets", or nothing if there is nobody.
func (g groupCount) String() string {
	if len(g.people) == 0 {
		return ""
	}
	return sync.Grouped(len(g.people)) + " in " + sync.Several(len(g.presets), "preset")
}

// groupTable lists the groups with how many people gain and lose a place in each, and the headings.
func (r *reading) groupTable() (heads [4]string, rows [][4]string) {
	heads = [4]string{
		"Group", either(r.asPlan, "People to add", "People added"), either(r.asPlan, "People to remove", "People removed"),
		either(r.asPlan, "Held", "Not done"),
	}
	for _, g := range r.groups {
		rows = append(rows, [4]string{g.group, g.gains.String(), g.loses.String(), g.left.String()})
	}
	return heads, rows
}

func groupSums(changes []sync.Change, asPlan bool) []groupSum {
	sums := map[string]*groupSum{}
	for _, c := range changes {
		name := Clean(c.GroupName)
		s := sums[name]
		if s == nil {
			s = &groupSum{group: name}
			sums[name] = s
		}
		counted := &s.gains
		switch {
		case c.Status != sync.Planned && c.Status != sync.Applied && (c.Status != sync.NotAttempted || !asPlan):
			counted = &s.left
		case c.Action == sync.Remove:
			counted = &s.loses
		}
		counted.add(c)
	}
	list := make([]groupSum, 0, len(sums))
	for _, name := range slices.Sorted(maps.Keys(sums)) {
		list = append(list, *sums[name])
	}
	return list
}

func (g *groupCount) add(c sync.Change) {
	if g.people == nil {
		g.people, g.presets = map[procore.LoginID]bool{}, map[procore.PresetRef]bool{}
	}
	g.people[c.LoginID] = true
	g.presets[c.Ref()] = true
}

// persons counts the people in a list in which the entries of one person are adjacent.
func persons(list []personAndReason) int {
	n := 0
	for i, e := range list {
		if i == 0 || list[i-1].id != e.id {
			n++
		}
	}
	return n
}

// howMany counts the people: those who gain or lose a place, and those for whom nothing changes.
func (r *reading) howMany() string {
	t := count(r.rec.Changes, r.asPlan)
	text, rest := sync.Grouped(t.people), persons(r.people)-t.people
	if t.gain > 0 && t.lose > 0 {
		text += fmt.Sprintf(": %s %s a place, %s %s one", sync.Grouped(t.lose), either(r.asPlan, "would lose", "lost"),
			sync.Grouped(t.gain), either(r.asPlan, "would gain", "gained"))
		if both := t.gain + t.lose - t.people; both > 0 {
			text += ", " + sync.Grouped(both) + " of them both"
		}
	}
	if rest > 0 {
		text += "; besides, " + sync.Grouped(rest) + either(r.asPlan, " whose changes are all held", " for whom nothing was done")
	}
	return text
}
