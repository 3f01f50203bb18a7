package planner

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"procore-assignee-sync/hrsource"
	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
)

// person is one login of Procore, with everything that this run read about it and every HR row that leads to it.
type person struct {
	id         procore.LoginID
	login      string // as workflows give it, else as the directory does; empty if Procore gave none
	folded     string // login, folded; people are sorted by it
	name       string
	employeeID string // the directory's; empty if it has none or two

	inDirectory    bool
	active         bool // active in the directory, or not in it at all
	fromWorkflow   bool // login was given by workflows
	twoEmployeeIDs bool
	remembered     bool // one of their addresses is only remembered: this run has not read it
	protected      bool // one of their addresses matches SYNC_PROTECTED_LOGINS
	outside        bool // their login is outside SYNC_MANAGED_DOMAINS

	rows  []*row // the HR rows that lead to them, by position
	inHR  bool   // a row leads to them, perhaps to others as well
	meant meant
}

// meant holds the HR rows that may mean a person, though there is no telling. While there are any, the person stays.
type meant struct {
	rows     []*row                  // rows that could not be resolved, but may mean the person or bear one of their addresses
	rejected []*hrsource.RejectedRow // rejected rows that name the person
}

// byAny reports whether there is any such row.
func (m meant) byAny() bool { return len(m.rows)+len(m.rejected) > 0 }

// label returns the name used for the person in exceptions: the login, else the id.
func (p *person) label() string {
	return cmp.Or(p.login, "login "+string(p.id))
}

// people is everybody Procore gave, by id, by address and by the directory's employee id.
type people struct {
	byID         map[procore.LoginID]*person
	byLogin      index
	byEmployeeID index
	protected    []string // globs, folded
}

// readPeople collects everybody in the snapshot. The result does not depend on the order of the lists: of several
// spellings it always keeps the same one.
func readPeople(s *sync.Snapshot, policy sync.Policy) *people {
	n := len(s.Users)
	p := &people{byID: make(map[procore.LoginID]*person, n), byLogin: newIndex(n), byEmployeeID: newIndex(n)}
	for _, glob := range policy.Protected {
		p.protected = append(p.protected, hideSlashes(hrsource.FoldAddress(glob)))
	}
	for i := range s.Users {
		p.addUser(&s.Users[i])
	}
	addSeated := func(remembered bool, add func([]procore.Login)) {
		for i := range s.Presets {
			if s.Presets[i].Remembered == remembered {
				for _, m := range s.Presets[i].Preset.Memberships {
					add(m.Assignees)
				}
			}
		}
	}
	addSeated(false, p.addLogins)
	for _, list := range s.Possible {
		p.addLogins(list)
	}
	addSeated(true, p.addRemembered)
	p.judgeDomains(policy.ManagedDomains)
	return p
}

// person returns the person with this id, creating them if need be.
func (p *people) person(id procore.LoginID) *person {
	who, ok := p.byID[id]
	if !ok {
		who = &person{id: id, active: true}
		p.byID[id] = who
	}
	return who
}

// addUser adds what the company directory says about somebody.
func (p *people) addUser(u *procore.User) {
	who := p.person(u.ID)
	who.active = u.Active || who.inDirectory && who.active
	who.inDirectory = true
	who.name = smaller(who.name, u.Name)
	who.login = smaller(who.login, strings.TrimSpace(u.Email))
	p.addAddress(who, u.Email)

	employeeID := hrsource.CleanID(u.EmployeeID)
	p.byEmployeeID.add(employeeID, who)
	switch {
	case employeeID == "" || who.twoEmployeeIDs || who.employeeID == employeeID:
	case who.employeeID == "":
		who.employeeID = employeeID
	default:
		// Two records of one login have two employee ids: neither can be trusted to identify this person.
		who.employeeID, who.twoEmployeeIDs = "", true
	}
}

// addLogins adds what workflows say about people: those in presets, and possible assignees.
func (p *people) addLogins(list []procore.Login) {
	for i := range list {
		p.addLogin(&list[i])
	}
}

func (p *people) addLogin(l *procore.Login) {
	who := p.person(l.ID)
	if !who.inDirectory && who.name != l.Name {
		who.name = smaller(who.name, l.Name)
	}
	if l.Login == "" || who.fromWorkflow && who.login == l.Login {
		return
	}
	login := strings.TrimSpace(l.Login)
	if who.fromWorkflow {
		login = smaller(who.login, login)
	}
	who.login, who.fromWorkflow = login, true
	p.addAddress(who, l.Login)
}

// addRemembered adds what remembered presets say about people whom no workflow has named in this run.
func (p *people) addRemembered(list []procore.Login) {
	for i := range list {
		l := &list[i]
		who := p.person(l.ID)
		if who.fromWorkflow && !who.remembered {
			continue
		}
		known := slices.Contains(p.byLogin.find(nil, hrsource.FoldAddress(l.Login)), who)
		p.addLogin(l)
		who.remembered = who.remembered || !known && l.Login != ""
	}
}

// addAddress makes the person findable by an address, and protects them if the address is protected.
func (p *people) addAddress(who *person, address string) {
	folded := hrsource.FoldAddress(address)
	if folded == "" {
		return
	}
	p.byLogin.add(folded, who)
	who.folded = hrsource.FoldAddress(who.login)
	who.protected = who.protected || p.protects(folded)
}

// protects reports whether a folded address matches SYNC_PROTECTED_LOGINS.
func (p *people) protects(folded string) bool {
	login := hideSlashes(folded)
	return slices.ContainsFunc(p.protected, func(glob string) bool {
		ok, err := path.Match(glob, login)
		return ok && err == nil
	})
}

// hideSlashes makes path.Match treat a slash, which may occur in an address, like any other character.
func hideSlashes(s string) string { return strings.ReplaceAll(s, "/", "\x00") }

// judgeDomains marks everybody whose login is outside the managed domains, if there are any.
func (p *people) judgeDomains(domains []string) {
	if len(domains) == 0 {
		return
	}
	managed := map[string]bool{}
	for _, d := range domains {
		managed[strings.TrimPrefix(hrsource.FoldAddress(d), "@")] = true
	}
	for _, who := range p.byID {
		who.outside = who.login != "" && !managed[domainOf(who.folded)]
	}
}

// domainOf returns what follows the last @ of an address, or nothing if it has none.
func domainOf(address string) string {
	if i := strings.LastIndexByte(address, '@'); i >= 0 {
		return address[i+1:]
	}
	return ""
}

// index finds people by a text. It keeps the first person apart, since nearly every text has only one.
type index struct {
	one  map[string]*person
	more map[string][]*person // the others
}

func newIndex(size int) index {
	return index{make(map[string]*person, size), map[string][]*person{}}
}

func (x index) add(text string, who *person) {
	switch have, ok := x.one[text]; {
	case text == "":
	case !ok:
		x.one[text] = who
	case have != who && !slices.Contains(x.more[text], who):
		x.more[text] = append(x.more[text], who)
	}
}

// find appends the people under a text who are not in found yet.
func (x index) find(found []*person, text string) []*person {
	who, ok := x.one[text]
	if !ok {
		return found
	}
	if !slices.Contains(found, who) {
		found = append(found, who)
	}
	for _, who := range x.more[text] {
		if !slices.Contains(found, who) {
			found = append(found, who)
		}
	}
	return found
}

// smaller returns the smaller of two texts, ignoring an empty one.
func smaller(a, b string) string {
	if a == "" || b != "" && b < a {
		return b
	}
	return a
}

// sortByLogin sorts people by login, then id.
func sortByLogin(list []*person) {
	slices.SortFunc(list, func(a, b *person) int {
		return cmp.Or(strings.Compare(a.folded, b.folded), procore.CompareIDs(a.id, b.id))
	})
}

// tellApart lists people by login, name and id, sorted by login.
func tellApart(list []*person) []string {
	list = slices.Clone(list)
	sortByLogin(list)
	names := make([]string, len(list))
	for i, who := range list {
		names[i] = cmp.Or(nameAndAddress(who.name, who.login), "somebody without a login") + " (login " + string(who.id) + ")"
	}
	return names
}
