package job_test

import (
	"encoding/csv"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/procore/sandbox"
	"procore-assignee-sync/sync"
)

// world is what a seed makes up: a company, its HR data, a role map and a policy. Its fields are the truth that the
// invariants are judged by.
type world struct {
	rnd     *rand.Rand
	company *sandbox.Company
	rows    []hrRow
	rules   []rule
	policy  sync.Policy
}

// hrRow is one HR row. person is the index of the user that it really is, -1 for someone unknown to Procore.
type hrRow struct {
	person         int
	address        string // the person's, whether this row gives it or not
	employee       string
	email          string
	team, role     string
	project        string // a number; empty: every project
	projectUnknown bool   // no project has that number
	status         string
	unreadable     bool // a row that the loader must reject
}

// rule is one row of the role map.
type rule struct{ template, group, team, role string }

const (
	teams      = 4
	groupNames = 5
)

func newWorld(seed uint64) *world {
	w := &world{rnd: rand.New(rand.NewPCG(seed, 0x5eed))}
	w.makeCompany()
	w.makeRules()
	w.makeRoster()
	w.makePolicy()
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
		p := sandbox.Project{ID: procore.ProjectID(fmt.Sprint(700 + i)), Name: fmt.Sprintf("Project %d", i), Number: fmt.Sprintf("24-%03d", i)}
		if w.chance(8) {
			p.Visibility = sandbox.Denied
		}
		c.Projects = append(c.Projects, p)
	}
	for i := range 1 + w.rnd.IntN(3) {
		w.addTemplate(c, i)
	}
	w.company = c
}

// addTemplate adds a tool with one template, its version, and a preset in every project.
func (w *world) addTemplate(c *sandbox.Company, i int) {
	tool := sandbox.Tool{Tool: procore.Tool{ToolRef: procore.ToolRef{Type: fmt.Sprintf("tool_%d", i)}, Provider: procore.ProviderProject}}
	if w.chance(15) {
		tool.Provider = procore.ProviderCompany
	}
	c.Tools = append(c.Tools, tool)
	version := sandbox.Version{Tool: tool.ToolRef}
	version.ID = procore.VersionID(fmt.Sprint(5000 + i))
	for g := range 2 + w.rnd.IntN(4) {
		version.Groups = append(version.Groups, procore.ResponsibleGroup{
			UUID: groupUUID(i, g),
			Name: fmt.Sprintf("Group %d", w.rnd.IntN(groupNames)),
			Type: []string{"responsible_role", "RESPONSIBLE_ROLE", "responsible_role", "ITEM_CREATOR"}[w.rnd.IntN(4)],
		})
	}
	c.Versions = append(c.Versions, version)
	template := sandbox.Template{
		ID: procore.TemplateID(fmt.Sprint(4000 + i)), Name: fmt.Sprintf("Template %d", i), Tool: tool.ToolRef,
		Published: version.ID, Versions: []procore.VersionID{version.ID},
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
	for range 2 + w.rnd.IntN(5) {
		r := rule{
			template: "*",
			group:    fmt.Sprintf("group  %d", w.rnd.IntN(groupNames)),
			team:     fmt.Sprintf("TEAM-%d", w.rnd.IntN(teams)),
			role:     "*",
		}
		if w.chance(40) {
			r.template = fmt.Sprintf("Template %d", w.rnd.IntN(3))
		}
		if w.chance(25) {
			r.role = fmt.Sprintf("Role %d", w.rnd.IntN(2))
		}
		w.rules = append(w.rules, r)
	}
}

func (w *world) makeRoster() {
	for i, u := range w.company.Users {
		for range w.rnd.IntN(3) {
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
		person: person, employee: employee, address: email, email: email,
		team:   fmt.Sprintf("Team %d", w.rnd.IntN(teams)),
		role:   fmt.Sprintf("Role %d", w.rnd.IntN(2)),
		status: []string{"active", "active", "active", "leave", "terminated"}[w.rnd.IntN(5)],
	}
	if r.employee != "" && w.chance(20) {
		r.email = ""
	}
	if w.chance(40) {
		r.project = fmt.Sprintf("24-%03d", w.rnd.IntN(4))
		r.projectUnknown = !slices.ContainsFunc(w.company.Projects, func(p sandbox.Project) bool { return p.Number == r.project })
	}
	if w.chance(4) {
		r.status, r.unreadable = "on the moon", true
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
		w.policy.Mode = sync.Additive
	}
	if w.chance(20) {
		w.policy.Protected = []string{"p1@*"}
	}
}

// hrChanges lets people join, leave and move, as between two nights.
func (w *world) hrChanges() {
	for i := range w.rows {
		if w.chance(15) {
			old := w.rows[i]
			w.rows[i] = w.row(old.person, old.employee, old.address)
		}
	}
}

// hrCSV is the roster as HR exports it.
func (w *world) hrCSV() string {
	records := [][]string{{"employee_id", "email", "team", "role", "project", "status"}}
	for _, r := range w.rows {
		records = append(records, []string{r.employee, r.email, r.team, r.role, r.project, r.status})
	}
	return csvText(records)
}

func csvText(records [][]string) string {
	var b strings.Builder
	out := csv.NewWriter(&b)
	_ = out.WriteAll(records) // a strings.Builder takes everything
	return b.String()
}
