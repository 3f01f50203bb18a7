package snapshot

import (
	"hash/maphash"
	"slices"
	gosync "sync"

	"procore-assignee-sync/procore"
)

// interner keeps one copy of each text and each list of people. The same people, groups and lists occur in every
// preset, and would otherwise take most of the memory of a large company's snapshot. Interned lists must not be
// changed. It is safe for concurrent use.
type interner struct {
	mu    gosync.Mutex
	kept  map[string]string
	lists map[uint64][][]procore.Login // by hash
	seed  maphash.Seed
}

// preset replaces the texts and lists of a preset by the interned ones. Nobody else may use the preset yet.
func (n *interner) preset(p *procore.Preset) {
	n.mu.Lock()
	defer n.mu.Unlock()
	keep(n, &p.Template.ID)
	keep(n, &p.Template.Name)
	keep(n, &p.Template.Published)
	keep(n, &p.Manager)
	for i := range p.Memberships {
		keep(n, &p.Memberships[i].Group)
		p.Memberships[i].Assignees = n.list(p.Memberships[i].Assignees)
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

// logins returns the interned list of the same people.
func (n *interner) logins(list []procore.Login) []procore.Login {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.list(list)
}

func (n *interner) list(list []procore.Login) []procore.Login {
	if len(list) == 0 {
		return list
	}
	if n.lists == nil {
		n.lists, n.seed = map[uint64][][]procore.Login{}, maphash.MakeSeed()
	}
	hash := n.hash(list)
	for _, kept := range n.lists[hash] {
		if slices.Equal(kept, list) {
			return kept
		}
	}
	list = slices.Clone(list)
	for i := range list {
		keep(n, &list[i].ID)
		keep(n, &list[i].Login)
		keep(n, &list[i].Name)
	}
	n.lists[hash] = append(n.lists[hash], list)
	return list
}

func (n *interner) hash(list []procore.Login) uint64 {
	var h maphash.Hash
	h.SetSeed(n.seed)
	for i := range list {
		_, _ = h.WriteString(string(list[i].ID)) // writing to a hash never fails
		_ = h.WriteByte(0)
	}
	return h.Sum64()
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
