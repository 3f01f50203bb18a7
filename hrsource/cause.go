package hrsource

import (
	"cmp"
	"slices"
	"strings"

	"golang.org/x/text/language"
	"golang.org/x/text/message"
)

// RejectedCause is one thing that is wrong with rejected rows, however many have it. A row with several faults counts
// for each.
type RejectedCause struct {
	Column string   `json:"column,omitempty"` // canonical name of the column at fault
	What   string   `json:"what"`             // what is wrong, as in the first row
	Rows   int      `json:"rows"`             // how many rows have it
	At     []string `json:"at"`               // where the first of them are, at most MostAt
	Todo   string   `json:"todo,omitempty"`   // what to do
}

// MostAt is how many rows a cause names at most.
const MostAt = 20

// Detail says how many rows there are, where the first of them is, and what to do.
func (c RejectedCause) Detail() string { return joinHint(rowsFrom(c.Rows, c.At[0]), c.Todo) }

// All returns where all rows are, if they are few.
func (c RejectedCause) All() []string {
	if c.Rows == 1 || c.Rows > len(c.At) {
		return nil
	}
	return c.At
}

// String returns all of it in one line.
func (c RejectedCause) String() string {
	line := c.What + ": " + c.Detail()
	if all := c.All(); all != nil {
		line += " (" + strings.Join(all, "; ") + ")"
	}
	return line
}

// rowsFrom says how many rows there are, and where the first of them is.
func rowsFrom(rows int, first string) string {
	if rows == 1 {
		return "1 row, " + first
	}
	return message.NewPrinter(language.English).Sprintf("%d rows, first ", rows) + first
}

// joinHint appends what to do to what is wrong.
func joinHint(what, todo string) string {
	if todo == "" {
		return what
	}
	return what + "; " + todo
}

// fault is one thing that is wrong with a row.
type fault struct {
	cause   int      // index in causes
	columns []string // canonical; the first may be empty
	value   string   // the offending value, shortened; empty if it is personal
	what    string   // what is wrong with this row
}

// causes collects what is wrong with rows, in the order in which it was first met.
type causes struct {
	all []cause
	at  map[causeKey]int
}

// causeKey identifies a cause: rows have the same cause if their faults are of the same family and value.
type causeKey struct{ family, value string }

type cause struct {
	causeKey
	RejectedCause
	row    int    // the last row with this cause
	others string // how several causes of one family are called, such as "values of status that are not known"
}

// note counts a row for a cause, and returns the index of the cause.
func (c *causes) note(key causeKey, row int, at Position, first func() cause) int {
	place, known := c.at[key]
	if !known {
		if c.at == nil {
			c.at = map[causeKey]int{}
		}
		place = len(c.all)
		c.at[key] = place
		made := first()
		made.causeKey, made.row = key, -1
		c.all = append(c.all, made)
	}
	if one := &c.all[place]; one.row != row {
		one.row = row
		one.Rows++
		if len(one.At) < MostAt {
			one.At = append(one.At, at.String())
		}
	}
	return place
}

// advise sets what to do about the causes of a family, which may depend on all rows.
func (c *causes) advise(family string, todo func() string) {
	said := ""
	for i := range c.all {
		if c.all[i].family != family {
			continue
		}
		if said == "" {
			said = todo()
		}
		c.all[i].Todo = said
	}
}

// mostOfFamily is how many causes of one family are listed individually.
const mostOfFamily = 10

// list returns the causes for people, those with the most rows first. Beyond mostOfFamily, the causes of a family are
// combined into one.
func (c *causes) list() []RejectedCause {
	order := make([]int, len(c.all))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(c.all[b].Rows, c.all[a].Rows) })
	var list []RejectedCause
	told, rest := map[string]int{}, map[string]int{} // by family: how many are listed, and the index of the combined rest
	for _, i := range order {
		one := c.all[i].RejectedCause
		family := c.all[i].family
		told[family]++
		if told[family] <= mostOfFamily || c.all[i].others == "" {
			list = append(list, one)
			continue
		}
		at, begun := rest[family]
		if !begun {
			rest[family] = len(list)
			list = append(list, one)
			at = len(list) - 1
			list[at].Rows, list[at].At = 0, slices.Clone(one.At[:1])
		}
		list[at].Rows += one.Rows
		list[at].What = message.NewPrinter(language.English).Sprintf("%d more %s", told[family]-mostOfFamily, c.all[i].others)
	}
	return list
}

// quote puts a value from HR in quotes.
func quote(value string) string { return "'" + value + "'" }
