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

// person is one login of Procore, with all that was read of it anywhere in the run and all that HR has of it.
type person struct {
	id         procore.LoginID
	login      string // as workflows gave it, else the directory; empty where Procore gave none
	folded     string // login, folded: what people are sorted by
	name       string
	employeeID string // the directory's; empty where it has none, or has two

	inDirectory    bool
	active         bool // the directory has them active, or does not know them
	fromWorkflow   bool // login is one that workflows gave
	twoEmployeeIDs bool
	remembered     bool // an address of theirs is only remembered: this run has not read it
	protected      bool // some address of theirs matches SYNC_PROTECTED_LOGINS
	outside        bool // their login is outside SYNC_MANAGED_DOMAINS

	rows  []*row // HR's rows of them, by position
	inHR  bool   // a row leads to them, alone or among others
	meant meant
}

// meant is which HR rows may mean somebody, though it can't be known: whoever they are, they stay.
type meant struct {
	rows     []*row                  // that could not be resolved, but may mean them or bear an address of theirs
	rejected []*hrsource.RejectedRow // that name them
}

// byAny reports whether there is such a row.
func (m meant) byAny() bool { return len(m.rows)+len(m.rejected) > 0 }

// label is how the person is named in exceptions: by login, else by id.
func (p *person) label() string {
	return cmp.Or(p.login, "login "+string(p.id))
}

// people is everybody whom Procore gave, found by id, by address and by the directory's employee id.
type people struct {
	byID         map[procore.LoginID]*person
	byLogin      index
	byEmployeeID index
	protected    []string // globs, folded
}

// readPeople gathers everybody of the snapshot. Which of several spellings is kept never depends on the order of lists.
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

// person returns the person of an id, a new one where nobody has it yet.
func (p *people) person(id procore.LoginID) *person {
	who, ok := p.byID[id]
	if !ok {
		who = &person{id: id, active: true}
		p.byID[id] = who
	}
	return who
}

// addUser takes what the company directory says of somebody.
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
		// Two records of one login with two employee ids: neither can tell this person from another.
		who.employeeID, who.twoEmployeeIDs = "", true
	}
}

// addLogins takes what workflows say of people: those in presets, and possible assignees.
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

// addRemembered takes what remembered presets say of people of whom no workflow has said anything in this run.
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

// addAddress makes the person findable by an address, and protected where the address is.
func (p *people) addAddress(who *person, address string) {
	folded := hrsource.FoldAddress(address)
	if folded == "" {
		return
	}
	p.byLogin.add(folded, who)
	who.folded = hrsource.FoldAddress(who.login)
	who.protected = who.protected || p.protects(folded)
}

// protects reports whether SYNC_PROTECTED_LOGINS has a folded address.
func (p *people) protects(folded string) bool {
	login := hideSlashes(folded)
	return slices.ContainsFunc(p.protected, func(glob string) bool {
		ok, err := path.Match(glob, login)
		return ok && err == nil
	})
}

// hideSlashes makes path.Match treat a slash, which an address may have, like any other character.
func hideSlashes(s string) string { return strings.ReplaceAll(s, "/", "\x00") }

// judgeDomains marks everybody whose login is outside the managed domains, where there are any.
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

// domainOf returns what follows an address's last @; nothing where it has none.
func domainOf(address string) string {
	if i := strings.LastIndexByte(address, '@'); i >= 0 {
		return address[i+1:]
	}
	return ""
}

// index finds the people of a text. Nearly every text has one.
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

// find appends the people of a text who are not in found yet.
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

// smaller returns the smaller text that is not empty.
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

// tellApart names people by login, name and id, sorted by login.
func tellApart(list []*person) []string {
	list = slices.Clone(list)
	sortByLogin(list)
	names := make([]string, len(list))
	for i, who := range list {
		names[i] = cmp.Or(nameAndAddress(who.name, who.login), "somebody without a login") + " (login " + string(who.id) + ")"
	}
	return names
}
