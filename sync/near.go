package sync

import (
	"cmp"
	"slices"
	"strings"
)

// MaxNear is how many near names a message offers.
const MaxNear = 3

// lettersPerTypo: one typo is allowed per this many characters of a name that is still near.
const lettersPerTypo = 4

// NearNames returns the names most like one that was not found, nearest first, as they were written: those that a typo
// or two, another order of words or a word more or less would explain.
func NearNames(name string, among []string) []string {
	type near struct {
		name     string
		distance int
	}
	folded, typos := FoldName(name), max(1, len([]rune(typed(name)))/lettersPerTypo)
	seen := map[string]bool{"": true}
	var found []near
	for _, other := range among {
		key := FoldName(other)
		if seen[key] || folded == "" {
			continue
		}
		seen[key] = true
		if d := nameDistance(folded, key); d <= typos {
			found = append(found, near{other, d})
		}
	}
	slices.SortFunc(found, func(a, b near) int {
		return cmp.Or(cmp.Compare(a.distance, b.distance), strings.Compare(a.name, b.name))
	})
	var names []string
	for _, n := range found[:min(MaxNear, len(found))] {
		names = append(names, n.name)
	}
	return names
}

// typed is the part of a name that typos are counted by: all addresses of a company end alike.
func typed(name string) string {
	local, _, _ := strings.Cut(name, "@")
	return FoldName(local)
}

// nameDistance is how many typos part two folded names; words in another order, and words left out at an end, are one.
func nameDistance(a, b string) int {
	d := editDistance([]rune(a), []rune(b))
	if strings.HasPrefix(a+" ", b+" ") || strings.HasPrefix(b+" ", a+" ") || sameWords(a, b) {
		d = min(d, 1)
	}
	return d
}

func sameWords(a, b string) bool {
	x, y := strings.Fields(a), strings.Fields(b)
	slices.Sort(x)
	slices.Sort(y)
	return slices.Equal(x, y)
}

// editDistance counts insertions, deletions, replacements and swaps of neighbours.
func editDistance(a, b []rune) int {
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(b)]
}

// NearHint words near names for the end of a message; none is nothing.
func NearHint(names []string) string {
	if len(names) == 0 {
		return ""
	}
	quoted := make([]string, len(names))
	for i, n := range names {
		quoted[i] = `"` + n + `"`
	}
	return "; did you mean " + strings.Join(quoted, " or ") + "?"
}
