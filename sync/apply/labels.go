package apply

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
)

// labels holds the names that people read in place of ids.
type labels struct {
	people map[procore.LoginID]procore.Login
	groups map[procore.GroupUUID]string
}

// labelsOf takes the preset's group names, and the people's names from the plan's changes.
func labelsOf(p *sync.PresetPlan, changes []sync.Change) labels {
	n := labels{people: map[procore.LoginID]procore.Login{}, groups: map[procore.GroupUUID]string{}}
	for _, g := range p.Groups {
		n.groups[g.UUID] = g.Name
	}
	for _, c := range changes {
		n.learn(procore.Login{ID: c.LoginID, Login: c.Login, Name: c.PersonName})
	}
	return n
}

// learn adds what is given about a person, and keeps what was known where nothing is given.
func (n labels) learn(who procore.Login) {
	known := n.people[who.ID]
	n.people[who.ID] = procore.Login{ID: who.ID, Login: cmp.Or(who.Login, known.Login), Name: cmp.Or(who.Name, known.Name)}
}

func (n labels) learnAll(list []procore.Membership) {
	for _, m := range list {
		for _, who := range m.Assignees {
			n.learn(who)
		}
	}
}

func (n labels) one(id procore.LoginID) string {
	return cmp.Or(n.people[id].Login, n.people[id].Name, "login "+string(id))
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
