package simulation_test

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/procore/sandbox"
	"procore-assignee-sync/sync"
)

// world is what a seed makes up: a company, its HR data, a role map and a policy. Its fields are the truth that the
// invariants are judged by.
type world struct {
	rnd   *rand.Rand
	later *rand.Rand // of what came later into the simulation, so that what was there before goes as it went
	truth
	renamed map[int]bool // people whom HR knows by an address that Procore does not have
}

const (
	teams      = 4
	groupNames = 5
)

func newWorld(seed uint64) *world {
	w := &world{rnd: rand.New(rand.NewPCG(seed, 0x5eed)), later: rand.New(rand.NewPCG(seed, 0x1a7e5)), renamed: map[int]bool{}}
	w.makeCompany()
	w.makeRules()
	w.makeRoster()
	w.makePolicy()
	w.makeSeparation()
	return w
}

func (w *world) chance(percent int) bool { return w.rnd.IntN(100) < percent }

func (w *world) makeCompany() {
	c := &sandbox.Company{ID: "562949953421312", Name: "Company"}
	for i := range 4 + w.rnd.IntN(6) {
		u := sandbox.User{
			ID:        procore.LoginID(fmt.Sprint(9_007_199_254_740_993 + i)),
			Login:     fmt.Sprintf("p%d@corp.example", i),
			FirstName: "Person", LastName: fmt.Sprint(i),
			Active: !w.chance(10),
		}
		if w.chance(10) {
			u.Login = fmt.Sprintf("p%d@partner.example", i)
		}
		u.Email = u.Login
		if w.chance(10) {
			u.Email = fmt.Sprintf("contact%d@corp.example", i)
		}
		if w.chance(70) {
			u.EmployeeID = fmt.Sprintf("E%03d", i)
		}
		c.Users = append(c.Users, u)
	}
	for i := range 1 + w.rnd.IntN(4) {
		c.Projects = append(c.Projects, w.project(i))
	}
	for i := range 1 + w.rnd.IntN(3) {
		w.addTemplate(c, i)
	}
	w.company = c
}

func (w *world) project(i int) sandbox.Project {
	p := sandbox.Project{ID: procore.ProjectID(fmt.Sprint(700 + i)), Name: fmt.Sprintf("Project %d", i), Number: fmt.Sprintf("24-%03d", i)}
	switch {
	case w.chance(8):
		p.Visibility = sandbox.Denied
	case w.chance(4) && i > 0:
		p.Number = "24-000" // a number that says nothing
	}
	return p
}

// addTemplate adds a tool with one template, the version that is published and the one that will be next, and a preset
// in every project.
func (w *world) addTemplate(c *sandbox.Company, i int) {
	tool := sandbox.Tool{Tool: procore.Tool{ToolRef: procore.ToolRef{Type: fmt.Sprintf("tool_%d", i)}, Provider: procore.ProviderProject}}
	if w.chance(15) {
		tool.Provider = procore.ProviderCompany
	}
	c.Tools = append(c.Tools, tool)
	version := sandbox.Version{Tool: tool.ToolRef}
	version.ID = procore.VersionID(fmt.Sprint(5000 + 10*i))
	for g := range 2 + w.rnd.IntN(4) {
		version.Groups = append(version.Groups, w.group(i, g))
	}
	next := w.nextVersion(i, version)
	w.addSteps(i, &version)
	w.addSteps(i, &next)
	c.Versions = append(c.Versions, version, next)
	template := sandbox.Template{
		ID: procore.TemplateID(fmt.Sprint(4000 + i)), Name: fmt.Sprintf("Template %d", i), Tool: tool.ToolRef,
		Published: version.ID, Versions: []procore.VersionID{version.ID},
	}
	if w.chance(8) {
		template.MoreProjects = 1
	}
	c.Templates = append(c.Templates, template)
	if tool.Provider == procore.ProviderCompany {
		c.Presets = append(c.Presets, w.preset(c, template, version, "", 100*i))
		return
	}
	for n, p := range c.Projects {
		c.Presets = append(c.Presets, w.preset(c, template, version, p.ID, 100*i+n+1))
	}
}

func (w *world) group(template, g int) procore.ResponsibleGroup {
	return procore.ResponsibleGroup{
		UUID: groupUUID(template, g),
		Name: fmt.Sprintf("Group %d", w.rnd.IntN(groupNames)),
		Type: []string{"responsible_role", "RESPONSIBLE_ROLE", "responsible_role", "responsible_role", "ITEM_CREATOR"}[w.rnd.IntN(5)],
	}
}

// nextVersion keeps most groups, calls or types some of them anew, and has some of its own.
func (w *world) nextVersion(template int, v sandbox.Version) sandbox.Version {
	next := sandbox.Version{Tool: v.Tool}
	next.ID = v.ID + "1"
	for g, old := range v.Groups {
		switch {
		case w.chance(20): // gone
		case w.chance(20):
			next.Groups = append(next.Groups, w.group(template, g))
		default:
			next.Groups = append(next.Groups, old)
		}
	}
	next.Groups = append(next.Groups, w.group(template, 50))
	return next
}

func groupUUID(template, group int) procore.GroupUUID {
	return procore.GroupUUID(fmt.Sprintf("00000000-0000-4000-8000-%06d%06d", template, group))
}

func (w *world) preset(c *sandbox.Company, t sandbox.Template, v sandbox.Version, project procore.ProjectID, n int) sandbox.Preset {
	p := sandbox.Preset{
		PresetRef: procore.PresetRef{Project: project, Preset: procore.PresetID(fmt.Sprint(8_000_000 + n))},
		Template:  t.ID,
		Invalid:   w.chance(10),
	}
	if w.chance(50) {
		p.Manager = c.Users[w.rnd.IntN(len(c.Users))].ID
	}
	for _, g := range v.Groups {
		if !w.chance(10) { // else the preset lacks the group
			p.Memberships = append(p.Memberships, procore.GroupWrite{UUID: g.UUID, LoginIDs: w.somebody(c)})
		}
	}
	if w.chance(20) { // a group of an older version
		p.Memberships = append(p.Memberships, procore.GroupWrite{UUID: groupUUID(99, n), LoginIDs: w.somebody(c)})
	}
	return p
}

func (w *world) somebody(c *sandbox.Company) []procore.LoginID {
	ids := []procore.LoginID{}
	for _, u := range c.Users {
		if u.Active && w.chance(35) {
			ids = append(ids, u.ID)
		}
	}
	w.rnd.Shuffle(len(ids), func(i, j int) { ids[i], ids[j] = ids[j], ids[i] })
	return ids
}

func (w *world) makeRules() {
	for range 3 + w.rnd.IntN(5) {
		groups := w.company.Versions[w.rnd.IntN(len(w.company.Versions))].Groups
		r := rule{
			template: "*",
			group:    strings.ToLower(strings.Replace(groups[w.rnd.IntN(len(groups))].Name, " ", "  ", 1)),
			team:     fmt.Sprintf("TEAM-%d", w.rnd.IntN(teams)),
			role:     "*",
		}
		if w.chance(10) {
			r.group = fmt.Sprintf("group  %d", w.rnd.IntN(groupNames))
		}
		if w.chance(40) {
			r.template = w.company.Templates[w.rnd.IntN(len(w.company.Templates))].Name
		}
		if w.chance(25) {
			r.role = fmt.Sprintf("Role %d", w.rnd.IntN(2))
		}
		w.rules = append(w.rules, r)
	}
}

func (w *world) makeRoster() {
	for i := range w.company.Users {
		w.renamed[i] = w.chance(8)
	}
	for i, u := range w.company.Users {
		for range w.rnd.IntN(4) {
			w.rows = append(w.rows, w.row(i, u.EmployeeID, u.Login))
		}
	}
	if w.chance(30) {
		w.rows = append(w.rows, w.row(-1, "X900", "stranger@corp.example"))
	}
	w.rows = append(w.rows, w.row(-1, "X901", "crew@corp.example")) // a roster is never empty
}

func (w *world) row(person int, employee, email string) hrRow {
	r := hrRow{
		person: person, other: -1, ownEmployee: employee, ownEmail: email, employee: employee, email: email,
		team:   fmt.Sprintf("Team %d", w.rnd.IntN(teams)),
		role:   fmt.Sprintf("Role %d", w.rnd.IntN(2)),
		status: []string{"active", "active", "active", "leave", "terminated"}[w.rnd.IntN(5)],
	}
	if w.chance(40) {
		r.project = fmt.Sprintf("24-%03d", w.rnd.IntN(4))
	}
	if w.renamed[person] {
		r.renamed, r.employee, r.email = true, w.likeID(employee), fmt.Sprintf("married%d@corp.example", person)
		return r
	}
	if person >= 0 && w.later.IntN(100) < 4 { // HR has an old Procore login of theirs, beside the e-mail that is it now
		r.renamed, r.employee, r.login = true, "", fmt.Sprintf("old%d@corp.example", person)
		return r
	}
	if r.employee != "" && w.chance(20) {
		r.email = ""
	}
	switch {
	case w.chance(4):
		r.status, r.unreadable = "on the moon", true
	case person >= 0 && w.chance(3):
		if other := w.rnd.IntN(len(w.company.Users)); w.company.Users[other].EmployeeID != "" && other != person && !w.renamed[other] {
			r.email, r.employee, r.other = email, w.company.Users[other].EmployeeID, other
		}
	}
	return r
}

func (w *world) makePolicy() {
	w.policy = sync.DefaultPolicy()
	w.policy.MaxRejectedRows = 1000
	w.policy.AllowFirstRun = !w.chance(15)
	if w.chance(60) {
		w.policy.MaxRemovalPercent, w.policy.MaxGroupRemovalPercent = 100, 100
		w.policy.MaxShrinkPercent = 100
		w.policy.AllowEmptyGroups = w.chance(50)
	}
	if w.chance(10) {
		most := w.rnd.IntN(6)
		w.policy.MaxRemovals = &most
	}
	if w.chance(10) {
		w.policy.Mode = sync.Additive
	}
	if w.chance(20) {
		w.policy.Protected = []string{"p1@*"}
	}
	if w.chance(15) {
		w.policy.ManagedDomains = []string{"corp.example"}
	}
}

// likeID is nothing, or a person's employee id as another system writes it: by zeros, case and punctuation no other one.
func (w *world) likeID(id string) string {
	if id == "" || w.later.IntN(2) == 0 {
		return ""
	}
	number := strings.TrimLeft(strings.TrimPrefix(id, "E"), "0")
	return []string{"e-" + number + ".", "E 0000" + number, "#E" + number, "E-" + number}[w.later.IntN(4)]
}
