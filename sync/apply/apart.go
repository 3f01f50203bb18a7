package apply

import (
	"cmp"
	"fmt"
	"slices"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
)

// joining is a person who would be added to a group while in another group that is kept apart from it.
type joining struct {
	who          procore.LoginID
	group, other procore.GroupUUID
}

// joinings returns who would newly be in both groups of a pair if a preset changed from now to after. Somebody who is
// added to both is returned twice.
func joinings(pairs []sync.GroupPair, now, after peopleByGroup) []joining {
	var list []joining
	for _, pair := range pairs {
		for i, group := range pair {
			other := pair[1-i]
			for id := range after[group] {
				if after[other][id] && !now[group][id] {
					list = append(list, joining{id, group, other})
				}
			}
		}
	}
	slices.SortFunc(list, func(a, b joining) int {
		return cmp.Or(cmp.Compare(a.group, b.group), procore.CompareIDs(a.who, b.who), cmp.Compare(a.other, b.other))
	})
	return slices.Compact(list)
}

// keepApart turns a write into a conflict if it would put somebody into both groups of a pair. The plan would not have
// done so, which means that somebody else has added them to the other group since.
func (d *decision) keepApart(n labels, plan *sync.PresetPlan, fresh procore.Preset) {
	if len(plan.Apart) == 0 || len(d.moved) > 0 || len(d.write) == 0 {
		return
	}
	after := peopleSent(sync.Payload(fresh.Memberships, d.write))
	for _, j := range joinings(plan.Apart, peopleRead(fresh.Memberships), after) {
		if name := n.group(j.group); !slices.Contains(d.groups, name) {
			d.groups = append(d.groups, name)
		}
		d.moved = append(d.moved, fmt.Sprintf("%s would come to group %s and sits in group %s now, and SYNC_SEPARATION keeps the two apart",
			n.one(j.who), n.group(j.group), n.group(j.other)))
	}
}

// leaveOutWhoIsKeptApart drops those who are to be put back but would then be in both groups of a pair that the run
// kept apart, and adds an exception for each.
func (r *rollback) leaveOutWhoIsKeptApart(p *sync.PresetPlan, now []procore.Membership, names labels) {
	if len(p.Apart) == 0 {
		return
	}
	out := map[procore.GroupUUID]map[procore.LoginID]procore.GroupUUID{} // the value is the other group they are in
	for _, j := range joinings(p.Apart, peopleRead(now), peopleSent(sync.Payload(now, p.Groups))) {
		if out[j.group] == nil {
			out[j.group] = map[procore.LoginID]procore.GroupUUID{}
		}
		out[j.group][j.who] = j.other
	}
	r.leaveOut(p, names, func(g sync.GroupPlan, id procore.LoginID) *sync.Exception {
		other, is := out[g.UUID][id]
		if !is {
			return nil
		}
		return &sync.Exception{
			Kind: sync.HeldSeparation,
			Detail: fmt.Sprintf("was in the group before run %s and is not put back, since they sit in %s, or would, and SYNC_SEPARATION "+
				"keeps the two apart: the others are put back; decide which of the two they belong to", r.in.Run.ID, names.group(other)),
		}
	})
}
