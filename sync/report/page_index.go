package report

import (
	"slices"
	"strings"
	"unicode/utf8"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
)

// pageIndex is the JSON from which the page's script makes people and details. Rows are lists of numbers that refer to
// lists of texts, so that ten thousand changes stay small.
type pageIndex struct {
	Plan      bool       `json:"plan"`
	Texts     []string   `json:"texts"`    // every text that occurs more than once
	Marks     [][]string `json:"marks"`    // sign, words, class, status
	People    [][]string `json:"people"`   // name, login, login id, employee id; the second is empty if it is the same as the first
	Entries   []any      `json:"entries"`  // person, why, sources, [[class, text, length of the group's name], …]
	Projects  [][]string `json:"projects"` // title, id
	Presets   []any      `json:"presets"`  // project, template, id, remarks, troubles, changes
	Writes    [][]string `json:"writes"`   // time, status and request id of the answer
	Items     []any      `json:"items"`    // by kind: the exceptions that are not on the page yet
	atText    map[string]int
	atMark    map[mark]map[sync.Status]int
	atEntry   map[personAndReasonKey]int
	atWrite   map[[3]string]int
	forPeople map[procore.LoginID]int
}

func newPageIndex(r *reading) pageIndex {
	x := pageIndex{
		Plan: r.asPlan, Texts: []string{}, Marks: [][]string{}, People: [][]string{}, Entries: []any{}, Projects: [][]string{},
		Presets: []any{}, Writes: [][]string{}, Items: []any{},
		atText: map[string]int{}, atMark: map[mark]map[sync.Status]int{}, atEntry: map[personAndReasonKey]int{}, atWrite: map[[3]string]int{},
		forPeople: map[procore.LoginID]int{},
	}
	for _, e := range r.people {
		x.addEntry(e)
	}
	for _, p := range r.projects {
		x.addProject(p, r.asPlan)
	}
	return x
}

// text returns the number of a text, which is stored once.
func (x *pageIndex) text(s string) int {
	i, known := x.atText[s]
	if !known {
		i = len(x.Texts)
		x.atText[s] = i
		x.Texts = append(x.Texts, s)
	}
	return i
}

func (x *pageIndex) addEntry(e personAndReason) {
	who, known := x.forPeople[e.id]
	if !known {
		who = len(x.People)
		x.forPeople[e.id] = who
		name, login := nameAndLogin(e.person)
		x.People = append(x.People, []string{name, login, Clean(string(e.id)), e.employee})
	}
	x.atEntry[personAndReasonKey{e.id, e.why}] = len(x.Entries)
	groups := make([]any, 0, len(e.groups))
	for _, g := range e.groups {
		groups = append(groups, []int{x.text(g.mark.class()), x.text(g.String()), utf8.RuneCountInString(g.group)})
	}
	x.Entries = append(x.Entries, []any{who, x.text(e.why), x.text(someRows(e.sources)), groups})
}

func (x *pageIndex) addProject(p projectNode, asPlan bool) {
	project := len(x.Projects)
	x.Projects = append(x.Projects, []string{p.title, Clean(string(p.id))})
	for _, preset := range p.presets {
		remarks, troubles, changes := []int{}, []int{}, [][]int{}
		for _, g := range preset.groups {
			if rest := g.rest(); rest != "" {
				remarks = append(remarks, x.text(g.name+": "+rest))
			}
			for _, c := range g.changes {
				changes = append(changes, x.change(g, c, asPlan))
			}
		}
		if rest := preset.rest(asPlan); rest != "" {
			remarks = append(remarks, x.text(sentence(rest)))
		}
		for _, n := range preset.notes {
			troubles = append(troubles, x.text(sentence(strings.ReplaceAll(string(n.status), "_", " "))+": "+n.text))
		}
		x.Presets = append(x.Presets, []any{project, x.text(preset.title), Clean(string(preset.id)), remarks, troubles, changes})
	}
}

// change returns a change as group, entry, mark, write, why and source. It leaves out, from the end, whatever is the
// same as in the entry, and the write if there was none.
func (x *pageIndex) change(g groupNode, c sync.Change, asPlan bool) []int {
	at := x.atEntry[personAndReasonKey{c.LoginID, Clean(c.Reason.Says())}]
	row := []int{x.text(g.name), at, x.mark(c, asPlan), x.write(c), x.text(reasonIn(c, g.hold)), x.text(rowsInShort(cleaned(c.Source)))}
	entry, _ := x.Entries[at].([]any)
	if row[4] == entry[1] && row[5] == entry[2] {
		row = row[:4]
		if row[3] < 0 {
			row = row[:3]
		}
	}
	return row
}

// mark returns the number of a change's sign, words, class and status.
func (x *pageIndex) mark(c sync.Change, asPlan bool) int {
	m := markOf(c.Action, c.Status, asPlan)
	if x.atMark[m] == nil {
		x.atMark[m] = map[sync.Status]int{}
	}
	i, known := x.atMark[m][c.Status]
	if !known {
		i = len(x.Marks)
		x.atMark[m][c.Status] = i
		x.Marks = append(x.Marks, []string{m.sign, m.spelled(c.Action, asPlan), m.class(), strings.ReplaceAll(string(c.Status), "_", " ")})
	}
	return i
}

// write returns the number of the answer that settled a change, or -1 if there is none.
func (x *pageIndex) write(c sync.Change) int {
	if c.Time.IsZero() && c.HTTPStatus == 0 && c.RequestID == "" {
		return -1
	}
	w := [3]string{"", httpStatus(c.HTTPStatus), Clean(c.RequestID)}
	if !c.Time.IsZero() {
		w[0] = moment(c.Time)
	}
	i, known := x.atWrite[w]
	if !known {
		i = len(x.Writes)
		x.atWrite[w] = i
		x.Writes = append(x.Writes, slices.Clone(w[:]))
	}
	return i
}

// addKinds returns the blocks of kinds of exceptions, and how many there are. What is not shown at once goes into the
// index.
func (x *pageIndex) addKinds(section string, kinds []exceptionKind) (blocks []kindBlock, total string) {
	for _, k := range kinds {
		block := kindBlock{
			ID: section + "-" + string(k.kind), Kind: string(k.kind), Count: k.count(), Means: sentence(k.guide.Means),
			Todo: k.guide.Todo, More: max(0, len(k.items)-pageItems),
		}
		rest := [][]string{}
		for i, it := range k.items {
			b := itemBlock{it.subject, it.detail, some(it.places, placesShown), some(it.sources, sourcesShown)}
			if i < pageItems {
				block.Items = append(block.Items, b)
			} else {
				rest = append(rest, []string{b.Subject, b.Detail, b.Places, b.Sources})
			}
		}
		if len(rest) > 0 {
			x.Items = append(x.Items, []any{block.ID, rest})
		}
		blocks = append(blocks, block)
	}
	return blocks, sizeOf(kinds)
}
