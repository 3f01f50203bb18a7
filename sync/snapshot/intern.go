package snapshot

import (
	gosync "sync"

	"procore-assignee-sync/procore"
)

// interner keeps one copy of each text. The same people and groups come with every preset, and would take most of the
// memory of a large company's snapshot. It is safe for concurrent use.
type interner struct {
	mu   gosync.Mutex
	kept map[string]string
}

// preset lets the texts of a preset be the kept ones. Nobody else may use the preset yet.
func (n *interner) preset(p *procore.Preset) {
	n.mu.Lock()
	defer n.mu.Unlock()
	keep(n, &p.Template.ID)
	keep(n, &p.Template.Name)
	keep(n, &p.Template.Published)
	keep(n, &p.Manager)
	for i := range p.Memberships {
		keep(n, &p.Memberships[i].Group)
		keepLogins(n, p.Memberships[i].Assignees)
	}
	for i := range p.Individual {
		on := &p.Individual[i]
		keep(n, &on.Step)
		for j := range on.Logins {
			keep(n, &on.Logins[j].ID)
			keep(n, &on.Logins[j].RoleType)
		}
	}
}

// logins does the same with a list of people.
func (n *interner) logins(logins []procore.Login) {
	n.mu.Lock()
	defer n.mu.Unlock()
	keepLogins(n, logins)
}

func keepLogins(n *interner, logins []procore.Login) {
	for i := range logins {
		keep(n, &logins[i].ID)
		keep(n, &logins[i].Login)
		keep(n, &logins[i].Name)
	}
}

func keep[T ~string](n *interner, text *T) {
	kept, ok := n.kept[string(*text)]
	if !ok {
		if n.kept == nil {
			n.kept = map[string]string{}
		}
		kept = string(*text)
		n.kept[kept] = kept
	}
	*text = T(kept)
}
