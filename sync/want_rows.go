package sync

import (
	"cmp"
	"slices"
	"strings"

	"procore-assignee-sync/hrsource"
)

// inOrderOfPosition gives the members by position, however they came.
func inOrderOfPosition(members []hrsource.Member) []*hrsource.Member {
	out := make([]*hrsource.Member, len(members))
	for i := range members {
		out[i] = &members[i]
	}
	byPosition := func(a, b *hrsource.Member) int {
		return slices.CompareFunc(a.At, b.At, comparePositions)
	}
	if !slices.IsSortedFunc(out, byPosition) {
		slices.SortStableFunc(out, byPosition)
	}
	return out
}

func comparePositions(a, b hrsource.Position) int {
	return cmp.Or(strings.Compare(a.Source, b.Source), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Row, b.Row),
		strings.Compare(a.Detail, b.Detail))
}

func joinPositions(at []hrsource.Position) string {
	texts := make([]string, len(at))
	for i, p := range at {
		texts[i] = p.String()
	}
	return strings.Join(texts, ";")
}

// rowIndex finds the rows of a person: those whose identifiers led to them.
type rowIndex struct {
	start []int32 // by person, one more than there are
	rows  []int32
}

func indexRows(rows []hrRow, persons int) rowIndex {
	x := rowIndex{start: make([]int32, persons+1)}
	for i := range rows {
		if rows[i].result.resolved() {
			x.start[rows[i].who+1]++
		}
	}
	for i := range persons {
		x.start[i+1] += x.start[i]
	}
	x.rows = make([]int32, x.start[persons])
	next := slices.Clone(x.start)
	for i := range rows {
		if rows[i].result.resolved() {
			who := rows[i].who
			x.rows[next[who]] = int32(i)
			next[who]++
		}
	}
	return x
}

// of gives a person's rows, by position.
func (x *rowIndex) of(who int32) []int32 { return x.rows[x.start[who]:x.start[who+1]] }

// membersToday counts the distinct people who are members today: rows that share an employee id, an e-mail or a login
// are one person.
func (r *roster) membersToday() int {
	parent := make([]int32, 0, len(r.rows))
	root := func(i int32) int32 {
		for parent[i] != i {
			parent[i] = parent[parent[i]]
			i = parent[i]
		}
		return i
	}
	people := 0
	seen := [3]map[string]int32{{}, {}, {}}
	for i := range r.rows {
		if !r.rows[i].today {
			continue
		}
		m := r.rows[i].member
		me := int32(len(parent))
		parent = append(parent, me)
		people++
		for k, text := range [3]string{m.EmployeeID, foldLogin(m.Email), foldLogin(m.Login())} {
			if text == "" {
				continue
			}
			other, ok := seen[k][text]
			if !ok {
				seen[k][text] = me
				continue
			}
			if a, b := root(other), root(me); a != b {
				parent[b] = a
				people--
			}
		}
	}
	return people
}
