package apply

import (
	"maps"
	"slices"
	"strings"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
)

// labels turn ids into what a person can read.
type labels struct {
	people map[procore.LoginID]string
	groups map[procore.GroupUUID]string
}

// labelsOf takes a preset's group names and what the plan's changes call its people.
func labelsOf(p *sync.PresetPlan, changes []sync.Change) labels {
	n := labels{people: map[procore.LoginID]string{}, groups: map[procore.GroupUUID]string{}}
	for _, g := range p.Groups {
		n.groups[g.UUID] = g.Name
	}
	for _, c := range changes {
		n.learn(procore.Login{ID: c.LoginID, Login: c.Login, Name: c.PersonName})
	}
	return n
}

func (n labels) learn(who procore.Login) {
	switch {
	case who.Login != "":
		n.people[who.ID] = who.Login
	case who.Name != "":
		n.people[who.ID] = who.Name
	}
}

func (n labels) learnAll(list []procore.Membership) {
	for _, m := range list {
		for _, who := range m.Assignees {
			n.learn(who)
		}
	}
}

func (n labels) one(id procore.LoginID) string {
	if name := n.people[id]; name != "" {
		return name
	}
	return "login " + string(id)
}

func (n labels) oneOrNobody(id procore.LoginID) string {
	if id == "" {
		return "nobody"
	}
	return n.one(id)
}

func (n labels) list(ids map[procore.LoginID]bool) string {
	if len(ids) == 0 {
		return "nobody"
	}
	var list []string
	for _, id := range slices.SortedFunc(maps.Keys(ids), procore.CompareIDs) {
		list = append(list, n.one(id))
	}
	slices.Sort(list)
	return strings.Join(list, ", ")
}

func (n labels) group(uuid procore.GroupUUID) string {
	if name := n.groups[uuid]; name != "" {
		return name
	}
	return string(uuid) + " (not managed)"
}
