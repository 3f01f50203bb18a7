package sync

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"procore-assignee-sync/procore"
)

// person is one login of Procore, by id, with all that was read of it anywhere in the run.
type person struct {
	id         procore.LoginID
	login      string // as workflows gave it, else the directory; empty where Procore gave none
	folded     string // login, folded: what people are sorted by
	name       string
	employeeID string // the directory's; empty where it has none, or has two

	inDirectory  bool
	active       bool // the directory has them active, or does not know them
	workflow     bool // login is one that workflows gave
	twoEmployees bool
	protected    bool // some address of theirs matches SYNC_PROTECTED_LOGINS
	outside      bool // their login is outside SYNC_MANAGED_DOMAINS
}

// label is how the person is named in exceptions: login, else id.
func (p *person) label() string {
	return cmp.Or(p.login, "login "+string(p.id))
}

// people is everybody whom Procore gave, found by id, by address and by employee id.
type people struct {
	all        []person
	byID       map[procore.LoginID]int32
	byLogin    lookup
	byEmployee lookup
	protected  []string // globs, folded
}

// lookup finds the persons of a text. Nearly every text has one.
type lookup struct {
	first map[string]int32
	more  map[string][]int32
}

func (l *lookup) add(text string, who int32) {
	if text == "" {
		return
	}
	switch at, ok := l.first[text]; {
	case !ok:
		l.first[text] = who
	case at != who && !slices.Contains(l.more[text], who):
		l.more[text] = append(l.more[text], who)
	}
}

// find appends the persons of text that are not in into yet.
func (l *lookup) find(text string, into []int32) []int32 {
	if text == "" {
		return into
	}
	who, ok := l.first[text]
	if !ok {
		return into
	}
	if !slices.Contains(into, who) {
		into = append(into, who)
	}
	for _, who := range l.more[text] {
		if !slices.Contains(into, who) {
			into = append(into, who)
		}
	}
	return into
}

// indexPeople gathers everybody of the snapshot. Which of several spellings is kept never depends on the order of
// lists. It gives, too, the people of the presets' groups as persons, in the order of presets, groups and people.
func indexPeople(s *Snapshot, presets []*PresetState, policy Policy) (*people, []int32) {
	n := len(s.Users)
	p := &people{
		all:        make([]person, 0, n),
		byID:       make(map[procore.LoginID]int32, n),
		byLogin:    lookup{make(map[string]int32, n), map[string][]int32{}},
		byEmployee: lookup{make(map[string]int32, n), map[string][]int32{}},
	}
	for _, glob := range policy.Protected {
		p.protected = append(p.protected, hideSlashes(foldLogin(glob)))
	}
	for i := range s.Users {
		p.addUser(&s.Users[i])
	}
	seats := p.addSeated(presets)
	for _, list := range s.Possible {
		for i := range list {
			p.addLogin(&list[i])
		}
	}
	p.judgeDomains(policy.ManagedDomains)
	return p, seats
}

func (p *people) addSeated(presets []*PresetState) []int32 {
	n := 0
	for _, state := range presets {
		for i := range state.Preset.Memberships {
			n += len(state.Preset.Memberships[i].Assignees)
		}
	}
	seats := make([]int32, 0, n)
	for _, state := range presets {
		for i := range state.Preset.Memberships {
			list := state.Preset.Memberships[i].Assignees
			for j := range list {
				seats = append(seats, p.addLogin(&list[j]))
			}
		}
	}
	return seats
}

func (p *people) intern(id procore.LoginID) int32 {
	if who, ok := p.byID[id]; ok {
		return who
	}
	who := int32(len(p.all))
	p.byID[id] = who
	p.all = append(p.all, person{id: id, active: true})
	return who
}

func (p *people) addUser(u *procore.User) {
	who := p.intern(u.ID)
	at := &p.all[who]
	at.active = u.Active || at.inDirectory && at.active
	at.inDirectory = true
	at.name = smaller(at.name, u.Name)
	at.login = smaller(at.login, strings.TrimSpace(u.Email))
	p.address(who, u.Email)

	employee := strings.TrimSpace(u.EmployeeID)
	p.byEmployee.add(employee, who)
	switch {
	case employee == "" || at.twoEmployees || at.employeeID == employee:
	case at.employeeID == "":
		at.employeeID = employee
	default:
		// Two records of one login with two employee ids: neither can tell this person from another.
		at.employeeID, at.twoEmployees = "", true
	}
}

func (p *people) addLogin(l *procore.Login) int32 {
	who := p.intern(l.ID)
	at := &p.all[who]
	if !at.inDirectory && at.name != l.Name {
		at.name = smaller(at.name, l.Name)
	}
	if l.Login == "" || at.workflow && at.login == l.Login {
		return who
	}
	login := strings.TrimSpace(l.Login)
	if at.workflow {
		login = smaller(at.login, login)
	}
	at.login, at.workflow = login, true
	p.address(who, l.Login)
	return who
}

// address makes the person findable by an address, and protected where the address is.
func (p *people) address(who int32, text string) {
	folded := foldLogin(text)
	if folded == "" {
		return
	}
	p.byLogin.add(folded, who)
	at := &p.all[who]
	at.folded = foldLogin(at.login)
	at.protected = at.protected || p.matchesProtected(folded)
}

func (p *people) matchesProtected(folded string) bool {
	login := hideSlashes(folded)
	return slices.ContainsFunc(p.protected, func(glob string) bool {
		ok, err := path.Match(glob, login)
		return ok && err == nil
	})
}

// hideSlashes makes path.Match treat a slash, which an address may have, like any other character.
func hideSlashes(s string) string { return strings.ReplaceAll(s, "/", "\x00") }

func (p *people) judgeDomains(domains []string) {
	if len(domains) == 0 {
		return
	}
	managed := map[string]bool{}
	for _, d := range domains {
		managed[strings.TrimPrefix(foldLogin(d), "@")] = true
	}
	for i := range p.all {
		at := &p.all[i]
		_, domain, _ := cutLast(at.folded, "@")
		at.outside = at.login != "" && !managed[domain]
	}
}

func cutLast(s, sep string) (before, after string, found bool) {
	if i := strings.LastIndex(s, sep); i >= 0 {
		return s[:i], s[i+len(sep):], true
	}
	return s, "", false
}

// smaller gives the smaller text that is not empty.
func smaller(a, b string) string {
	if a == "" || b != "" && b < a {
		return b
	}
	return a
}

// sortByLogin sorts persons by login, then id.
func (p *people) sortByLogin(who []int32) {
	slices.SortFunc(who, func(a, b int32) int {
		x, y := &p.all[a], &p.all[b]
		return cmp.Or(strings.Compare(x.folded, y.folded), procore.CompareIDs(x.id, y.id))
	})
}

func compareScopes(a, b procore.AssigneeScope) int {
	return cmp.Or(
		procore.CompareIDs(a.Project, b.Project),
		strings.Compare(a.Tool.Type, b.Tool.Type),
		strings.Compare(a.Tool.Subtype, b.Tool.Subtype),
	)
}
