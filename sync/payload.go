package sync

import (
	"slices"

	"procore-assignee-sync/procore"
)

// Payload returns the whole list to send: every group of the preset as read, in its place, with the people replaced in
// the groups that this write changes, followed by groups that the preset does not have yet.
func Payload(read []procore.Membership, write []GroupPlan) []procore.GroupWrite {
	after := make(map[procore.GroupUUID][]procore.LoginID, len(write))
	for _, g := range write {
		after[g.UUID] = g.After
	}
	list := make([]procore.GroupWrite, 0, len(read)+len(write))
	there := map[procore.GroupUUID]bool{}
	for _, m := range read {
		ids := make([]procore.LoginID, 0, len(m.Assignees))
		for _, who := range m.Assignees {
			ids = append(ids, who.ID)
		}
		if want, ok := after[m.Group]; ok {
			ids = InOrder(ids, want)
		}
		there[m.Group] = true
		list = append(list, procore.GroupWrite{UUID: m.Group, LoginIDs: ids})
	}
	for _, g := range write {
		if !there[g.UUID] {
			list = append(list, procore.GroupWrite{UUID: g.UUID, LoginIDs: InOrder(nil, g.After)})
		}
	}
	return list
}

// InOrder returns the people of want: first those who are there already, in their present order, then the others in
// want's order.
func InOrder(there, want []procore.LoginID) []procore.LoginID {
	wanted := LoginSet(want)
	ids := make([]procore.LoginID, 0, len(want))
	for _, id := range slices.Concat(there, want) {
		if wanted[id] {
			ids = append(ids, id)
			delete(wanted, id)
		}
	}
	return ids
}
