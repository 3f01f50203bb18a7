package sync

import (
	"cmp"
	"slices"
	"strings"
)

// MaxNear is how many similar names a message suggests at most.
const MaxNear = 3

// lettersPerTypo says how similar is similar: one typo is allowed per this many characters.
const lettersPerTypo = 4

// NearNames returns the names most similar to one that was not found, nearest first and as they were written: those
// that differ by a typo or two, the order of words, or a word more or less.
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

// typed returns the part of a name in which typos are counted, which is not the domain: all addresses of a company end
// alike.
func typed(name string) string {
	local, _, _ := strings.Cut(name, "@")
	return FoldName(local)
}

// nameDistance returns the number of typos between two folded names; reordered words, or words left out at an end,
// count as one.
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

// editDistance counts insertions, deletions, replacements and swaps of adjacent letters.
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

// NearHint words similar names for the end of a message. It returns nothing if there are none.
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
