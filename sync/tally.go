package sync

import (
	"cmp"
	"slices"
)

// CountKinds counts exceptions by kind, sorted by kind. It never gives nil.
func CountKinds(exceptions []Exception) []KindCount {
	counts := []KindCount{}
	for _, e := range exceptions {
		i, found := slices.BinarySearchFunc(counts, e.Kind, func(c KindCount, k Kind) int { return cmp.Compare(c.Kind, k) })
		if !found {
			counts = slices.Insert(counts, i, KindCount{Kind: e.Kind})
		}
		counts[i].Count++
		switch {
		case e.Accepted:
			counts[i].Accepted++
		case e.Incomplete:
			counts[i].Undone++
		}
	}
	return counts
}

// CountResults counts changes by what became of them.
func CountResults(changes []Change) ResultCounts {
	var n ResultCounts
	for _, c := range changes {
		switch c.Status {
		case Planned:
			n.Planned++
		case Applied:
			n.Applied++
			if c.AlreadySo() {
				n.AlreadySo++
			}
		case Failed:
			n.Failed++
		case Conflict:
			n.Conflict++
		case Held:
			n.Held++
		case NotAttempted:
			n.NotAttempted++
		}
	}
	return n
}
