package hrsource

import (
	"fmt"
	"hash/maphash"
	"slices"
	"strings"
)

// findContradictions finds where HR says of one person what can only be true of two: one employee id with several
// e-mails, one e-mail with several employee ids. All rows of such an id or e-mail are at fault, unless they share one
// procore_login.
//
// Rows that are at fault already still speak of their people, as far as their id and e-mail could be read.
func (in *intake) findContradictions(seen *index) {
	ids := in.contradictions((*keptRow).employeeID, (*keptRow).validEmail, seen)
	emails := in.contradictions((*keptRow).validEmail, (*keptRow).employeeID, seen)
	in.blame(ids, "employee_id", func(row *keptRow) (value, subject string) {
		return row.employeeID(), fmt.Sprintf("%s %q has more than one e-mail", in.name("employee_id"), row.employeeID())
	})
	in.blame(emails, "email", func(*keptRow) (value, subject string) {
		return "", fmt.Sprintf("the same %s has more than one employee id", in.name("email"))
	})
}

// contradictions gives, for each key that stands with two different others, all rows of that key, in order.
func (in *intake) contradictions(key, other func(*keptRow) string, seen *index) [][]int {
	seen.clear()
	torn := make(map[string]int) // key → its place in groups
	var groups [][]int
	for i := range in.len() {
		row := in.row(i)
		k, o := key(row), other(row)
		if k == "" || o == "" {
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
		if group, ok := torn[key(in.row(i))]; ok {
			groups[group] = append(groups[group], i)
		}
	}
	return slices.DeleteFunc(groups, func(rows []int) bool { return in.shareLogin(rows, other) })
}

// shareLogin says whether one procore_login makes clear that the rows speak of one person: each row that says something
// else of them has it, and none has another.
func (in *intake) shareLogin(rows []int, other func(*keptRow) string) bool {
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

// blame puts a fault on all rows of each group, which names where the others are.
func (in *intake) blame(groups [][]int, column string, describe func(*keptRow) (value, subject string)) {
	for _, rows := range groups {
		for _, i := range rows {
			value, subject := describe(in.row(i))
			in.faults[i] = append(in.faults[i], rowFault{
				column, shorten(value),
				fmt.Sprintf("%s (see also %s); correct it in HR, or give these rows one procore_login", subject, in.others(rows, i)),
			})
		}
	}
}

// others names the positions of the rows but one, shortened.
func (in *intake) others(rows []int, but int) string {
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
