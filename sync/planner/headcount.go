package planner

import "procore-assignee-sync/hrsource"

// Headcount is the number of people in HR. Rows that share an employee id, an e-mail or a login are one person.
type Headcount struct {
	People int            // of any status
	Today  int            // members today
	Teams  map[string]int // by team, as HR writes it
}

// CountPeople counts the distinct people among HR rows.
func CountPeople(members []hrsource.Member, today hrsource.Date) Headcount {
	all, now := make([]*hrsource.Member, len(members)), []*hrsource.Member{}
	for i := range members {
		all[i] = &members[i]
		if all[i].On(today) {
			now = append(now, all[i])
		}
	}
	first := firstRows(all)
	count := Headcount{People: distinctPeople(first), Today: distinctPeople(firstRows(now)), Teams: map[string]int{}}
	type onTeam struct {
		team string
		who  int
	}
	seen := make(map[onTeam]bool, len(members))
	for i, m := range all {
		if at := (onTeam{m.Team, first[i]}); !seen[at] {
			seen[at] = true
			count.Teams[m.Team]++
		}
	}
	return count
}

func distinctPeople(first []int) int {
	n := 0
	for i, who := range first {
		if who == i {
			n++
		}
	}
	return n
}

// firstRows returns for each row the index of its person's first row.
func firstRows(members []*hrsource.Member) []int {
	same := make([]int, len(members)) // by row: itself, or an earlier row of the same person
	first := func(i int) int {
		for same[i] != i {
			same[i] = same[same[i]]
			i = same[i]
		}
		return i
	}
	seen := [3]map[string]int{{}, {}, {}}
	for i, m := range members {
		same[i] = i
		for kind, text := range [3]string{m.EmployeeID, hrsource.FoldAddress(m.Email), hrsource.FoldAddress(m.Login())} {
			if text == "" {
				continue
			}
			other, ok := seen[kind][text]
			if !ok {
				seen[kind][text] = i
				continue
			}
			a, b := first(other), first(i)
			same[max(a, b)] = min(a, b)
		}
	}
	for i := range same {
		same[i] = first(i)
	}
	return same
}
