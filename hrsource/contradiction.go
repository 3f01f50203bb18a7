package hrsource

import (
	"fmt"
	"hash/maphash"
	"slices"
	"strings"
)

// findContradictions finds rows that say of one person what can only be true of two: one employee id with several
// e-mails, or one e-mail with several employee ids. All rows with that id or e-mail are at fault, unless they share one
// procore_login.
//
// Rows that are at fault already still count as far as their id and e-mail could be read. Rows of people who have left
// do not count: somebody who is rehired gets a new number but keeps the old e-mail, and a namesake may get an old
// e-mail too.
func (in *Intake) findContradictions(seen *index) {
	ids := in.contradictions((*keptRow).employeeID, (*keptRow).validEmail, seen)
	emails := in.contradictions((*keptRow).validEmail, (*keptRow).employeeID, seen)
	in.blameAll(ids, func(row *keptRow) finding {
		id := row.employeeID()
		return finding{
			column: "employee_id", also: "email", value: id, family: "id contradiction", of: id, others: in.name("employee_id") + "s with more than one e-mail",
			common: fmt.Sprintf("%s %s has more than one e-mail", in.name("employee_id"), quote(id)),
		}
	})
	in.blameAll(emails, func(row *keptRow) finding {
		return finding{
			column: "email", also: "employee_id", family: "email contradiction", of: row.email(), others: in.name("email") + "s with more than one employee id",
			common: fmt.Sprintf("the same %s has more than one employee id", in.name("email")),
		}
	})
}

// contradictions returns, for each key that occurs with two different others, all rows with that key, in order.
func (in *Intake) contradictions(key, other func(*keptRow) string, seen *index) [][]int {
	seen.clear()
	torn := make(map[string]int) // key → its place in groups
	var groups [][]int
	for i := range in.len() {
		row := in.row(i)
		k, o := key(row), other(row)
		if k == "" || o == "" || row.mayHaveLeft {
			continue
		}
		first, known := seen.find(maphash.String(seen.seed, k), i, func(i int) bool { return key(in.row(i)) == k })
		if !known || other(in.row(first)) == o {
			continue
		}
		if _, already := torn[k]; !already {
			torn[k] = len(groups)
			groups = append(groups, nil)
		}
	}
	if len(groups) == 0 {
		return nil
	}
	for i := range in.len() {
		row := in.row(i)
		if group, ok := torn[key(row)]; ok && !row.mayHaveLeft {
			groups[group] = append(groups[group], i)
		}
	}
	return slices.DeleteFunc(groups, func(rows []int) bool { return in.shareLogin(rows, other) })
}

// shareLogin reports whether one procore_login makes it clear that the rows are about one person: each row with a
// different value of other has it, and no row has another one.
func (in *Intake) shareLogin(rows []int, other func(*keptRow) string) bool {
	shared := ""
	for _, i := range rows {
		row := in.row(i)
		login := row.login()
		if login == "" && other(row) == "" {
			continue
		}
		if !isAddress(login) || shared != "" && login != shared {
			return false
		}
		shared = login
	}
	return true
}

// blameAll adds a fault to all rows of each group, naming the positions of the other rows.
func (in *Intake) blameAll(groups [][]int, describe func(*keptRow) finding) {
	for _, rows := range groups {
		for _, i := range rows {
			row := in.row(i)
			f := describe(row)
			f.what = fmt.Sprintf("%s (see also %s)", f.common, in.others(rows, i))
			f.todo = "correct it in HR; or, where they are one person, give these rows one procore_login"
			in.faults[i] = append(in.faults[i], in.blame(i, in.position(row), f))
		}
	}
}

// others lists the positions of all rows but one, shortened.
func (in *Intake) others(rows []int, but int) string {
	const most = 5
	var named []string
	for _, i := range rows[:min(len(rows), most+1)] {
		if i != but && len(named) < most {
			named = append(named, in.position(in.row(i)).String())
		}
	}
	if left := len(rows) - 1 - len(named); left > 0 {
		named = append(named, fmt.Sprintf("and %d more", left))
	}
	return strings.Join(named, ", ")
}
