package sync

import (
	"cmp"
	"slices"

	"procore-assignee-sync/procore"
)

// Count computes the plan's counts from its presets and changes. It ignores changes that are neither planned nor held.
// The company's own presets belong to no project.
func (p *Plan) Count() {
	p.Counts = PlanCounts{Presets: len(p.Presets)}
	projects := map[procore.ProjectID]bool{}
	for i := range p.Presets {
		preset := &p.Presets[i]
		if preset.Ref.Project != "" {
			projects[preset.Ref.Project] = true
		}
		if preset.Changed() {
			p.Counts.PresetsToWrite++
		}
		p.Counts.ManagedGroups += len(preset.Groups)
	}
	p.Counts.Projects = len(projects)
	p.Counts.WantedRemovals, p.Counts.Memberships = p.removalFigures()
	for i := range p.Changes {
		switch c := &p.Changes[i]; {
		case c.Status == Held && c.Action == Add:
			p.Counts.HeldAdditions++
		case c.Status == Held:
			p.Counts.HeldRemovals++
		case c.Status == Planned && c.Action == Add:
			p.Counts.Additions++
		case c.Status == Planned:
			p.Counts.Removals++
		}
	}
}

// removalFigures returns how many removals are wanted, including those in held groups, and how many people are in
// managed groups as read.
func (p *Plan) removalFigures() (wanted, memberships int) {
	for i := range p.Presets {
		for j := range p.Presets[i].Groups {
			g := &p.Presets[i].Groups[j]
			gone, people := g.wantedRemovals()
			wanted += gone
			memberships += people
		}
	}
	return wanted, memberships
}

// wantedRemovals returns how many people would leave the group if it were not held, and how many are in it.
func (g *GroupPlan) wantedRemovals() (gone, people int) {
	after := g.After
	if g.Hold != "" {
		after = g.Wanted
	}
	if sameIDs(g.Before, after) {
		return 0, distinct(g.Before)
	}
	wanted, there := LoginSet(after), LoginSet(g.Before)
	for id := range there {
		if !wanted[id] {
			gone++
		}
	}
	return gone, len(there)
}

// sameIDs reports whether two lists are the same. It is fast if they share their memory.
func sameIDs(a, b []procore.LoginID) bool {
	if len(a) != len(b) {
		return false
	}
	if len(a) == 0 || &a[0] == &b[0] {
		return true
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

// distinct counts the distinct ids. Groups are small, so comparing is faster than a set.
func distinct(ids []procore.LoginID) int {
	const small = 32
	if len(ids) > small {
		return len(LoginSet(ids))
	}
	n := 0
next:
	for i, id := range ids {
		for _, other := range ids[:i] {
			if other == id {
				continue next
			}
		}
		n++
	}
	return n
}

// CountKinds counts exceptions by kind, sorted by kind. It never returns nil.
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
	for i := range counts {
		counts[i].name(exceptions)
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
			if c.Reason.AlreadySo {
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
