package sync

import (
	"fmt"
	"slices"
	"strings"

	"procore-assignee-sync/procore"
)

// decision is what a preset, as just read, leaves to be done of its plan.
type decision struct {
	moved   []string                   // what moved since the plan was made, for a person; nothing is sent then
	groups  []string                   // the names of the groups that moved
	write   []GroupPlan                // the groups that this write changes
	already map[procore.GroupUUID]bool // changed groups that hold what was planned as they are
}

// decide compares a preset as just read with its plan: all managed groups, those too that the plan leaves alone.
func decide(n labels, plan *PresetPlan, fresh procore.Preset) decision {
	d := decision{already: map[procore.GroupUUID]bool{}}
	if fresh.Template.Published != plan.VersionID {
		d.moved = append(d.moved, fmt.Sprintf("the published version of the template is %s now, the plan was made for %s",
			orNone(string(fresh.Template.Published)), plan.VersionID))
		return d
	}
	now := seatingRead(fresh.Memberships)
	for _, g := range plan.Groups {
		asBefore, asPlanned := now.holds(g.UUID, g.Before), now.holds(g.UUID, g.After)
		switch {
		case asBefore && asPlanned:
		case asPlanned:
			d.already[g.UUID] = true
		case asBefore:
			d.write = append(d.write, g)
		default:
			d.groups = append(d.groups, g.Name)
			d.moved = append(d.moved, fmt.Sprintf("group %s moved since the plan was made: it held %s and holds %s",
				g.Name, n.list(idSet(g.Before)), n.list(now[g.UUID])))
		}
	}
	return d
}

// payload is the whole list to send: every group of the preset as just read, in its place, with the people of the
// groups that this write changes put in, and groups that the preset lacks at the end.
func payload(fresh procore.Preset, write []GroupPlan) []procore.GroupWrite {
	after := make(map[procore.GroupUUID][]procore.LoginID, len(write))
	for _, g := range write {
		after[g.UUID] = g.After
	}
	list := make([]procore.GroupWrite, 0, len(fresh.Memberships)+len(write))
	there := map[procore.GroupUUID]bool{}
	for _, m := range fresh.Memberships {
		ids := make([]procore.LoginID, 0, len(m.Assignees))
		for _, who := range m.Assignees {
			ids = append(ids, who.ID)
		}
		if want, ok := after[m.Group]; ok {
			ids = inOrder(ids, want)
		}
		there[m.Group] = true
		list = append(list, procore.GroupWrite{UUID: m.Group, LoginIDs: ids})
	}
	for _, g := range write {
		if !there[g.UUID] {
			list = append(list, procore.GroupWrite{UUID: g.UUID, LoginIDs: inOrder(nil, g.After)})
		}
	}
	return list
}

// inOrder gives the people of want: first those who are there already, in their order, then the others in want's.
func inOrder(there, want []procore.LoginID) []procore.LoginID {
	wanted := idSet(want)
	ids := make([]procore.LoginID, 0, len(want))
	for _, id := range slices.Concat(there, want) {
		if wanted[id] {
			ids = append(ids, id)
			delete(wanted, id)
		}
	}
	return ids
}

func groupIDs(groups []GroupPlan) []procore.GroupUUID {
	ids := make([]procore.GroupUUID, 0, len(groups))
	for _, g := range groups {
		ids = append(ids, g.UUID)
	}
	return ids
}

func orNone(s string) string {
	if strings.TrimSpace(s) == "" {
		return "none"
	}
	return s
}
