package planner

import (
	"fmt"
	"slices"
	"time"

	"pgregory.net/rapid"

	"procore-assignee-sync/hrsource"
	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
)

// world is a random small company, as nasty as it can be, and what Procore would answer about possible assignees.
type world struct {
	in     Inputs
	logins map[procore.LoginID]procore.Login // as workflows give them
	lists  map[procore.AssigneeScope][]procore.Login
	unread map[procore.AssigneeScope]bool
}

var (
	someIDs      = []procore.LoginID{"1", "2", "3", "4", "5", "6", "7"}
	someTeams    = []string{"Legal", "Legal", "Legal", "Finance", "Finance", "Finance", "legal!", "Safety"}
	someRoles    = []string{"", "Lead", "clerk"}
	someGroups   = []string{"Legal", "Finance", "LEGAL", "Safety", "--"}
	someTypes    = []string{"responsible_role", "responsible_role", "responsible_role", "responsible_role", "RESPONSIBLE_ROLE", "ITEM_CREATOR"}
	someEmployee = []string{"", "", "001", "002", "003", "004", "1", "E-02", "e2"}
	someProjects = []string{"", "", "", "", "", "", "501", "501", "501", "502", "502", "A-1", " a-1", "503"}
	someStatuses = []hrsource.Status{hrsource.Active, hrsource.Active, hrsource.Active, hrsource.Leave, hrsource.Terminated, hrsource.Prehire}
)

// drawWorld draws a company. In a sane one the directory knows everybody by their own address, so that what a run knows
// of people does not hang on the lists that it happened to read.
func drawWorld(t *rapid.T, sane bool) *world {
	w := &world{
		logins: map[procore.LoginID]procore.Login{}, lists: map[procore.AssigneeScope][]procore.Login{},
		unread: map[procore.AssigneeScope]bool{},
	}
	w.in = Inputs{
		Snapshot: &sync.Snapshot{
			Company: "99", Host: "api.procore.com", Versions: map[procore.VersionID]procore.TemplateVersion{},
			Possible: map[procore.AssigneeScope][]procore.Login{},
		},
		Today: today, Now: time.Date(2026, 11, 24, 2, 0, 0, 0, time.UTC), Policy: drawPolicy(t),
	}
	w.drawDirectory(t, sane)
	w.drawProcore(t, sane)
	w.drawRoster(t)
	w.drawMap(t)
	w.tell(t)
	return w
}

// evenly draws 0…n-1, each as likely as the others. Rapid's own draws favour small numbers, so that nearly every company
// would be broken in every way, and nearly none would have anything to plan.
func evenly(t *rapid.T, n int, what string) int {
	const bits = 7
	number := 0
	for _, b := range rapid.SliceOfN(rapid.Bool(), bits, bits).Draw(t, what) {
		number *= 2
		if b {
			number++
		}
	}
	return number * n / (1 << bits)
}

func chance(t *rapid.T, percent int, what string) bool { return evenly(t, 100, what) >= 100-percent }

func pick[T any](t *rapid.T, from []T, what string) T { return from[evenly(t, len(from), what)] }

func between(t *rapid.T, low, high int, what string) int { return low + evenly(t, high-low+1, what) }

func drawPolicy(t *rapid.T) sync.Policy {
	p := sync.DefaultPolicy()
	p.AllowFirstRun = rapid.Bool().Draw(t, "first run")
	p.AllowEmptyGroups = rapid.Bool().Draw(t, "empty groups")
	p.MaxGroupRemovalPercent = pick(t, []int{0, 50, 100, 100}, "group percent")
	p.MaxRejectedRows = 9
	if chance(t, 15, "additive") {
		p.Mode = sync.Additive
	}
	if chance(t, 30, "protect") {
		p.Protected = []string{pick(t, []string{"P1@*", "*@y.com", "p[23]@x.com"}, "glob")}
	}
	if chance(t, 30, "domains") {
		p.ManagedDomains = []string{"X.com"}
	}
	return p
}

func (w *world) drawDirectory(t *rapid.T, sane bool) {
	for _, id := range someIDs {
		own := fmt.Sprintf("p%s@%s.com", id, pick(t, []string{"x", "x", "x", "y"}, "domain"))
		w.logins[id] = procore.Login{ID: id, Login: own, Name: "P" + string(id)}
		if !sane && chance(t, 15, "nameless") {
			w.logins[id] = procore.Login{ID: id}
		}
		if !sane && chance(t, 25, "not in the directory") {
			continue
		}
		u := procore.User{
			ID: id, Email: own, Name: "P" + string(id), Active: !chance(t, 20, "inactive"),
			EmployeeID: pick(t, append(slices.Clone(someEmployee), "N/A"), "employee"),
		}
		if !sane && chance(t, 20, "other address") {
			u.Email = pick(t, []string{"", "p1@x.com", "P2@x.com", "other@x.com"}, "address")
		}
		w.in.Snapshot.Users = append(w.in.Snapshot.Users, u)
		if !sane && chance(t, 8, "twice") {
			u.Active, u.EmployeeID = rapid.Bool().Draw(t, "again active"), pick(t, someEmployee, "employee")
			w.in.Snapshot.Users = append(w.in.Snapshot.Users, u)
		}
	}
}

func (w *world) drawProcore(t *rapid.T, sane bool) {
	s := w.in.Snapshot
	s.Projects = []procore.Project{{ID: "501", Number: "A-1"}, {ID: "502", Number: pick(t, []string{"B-2", "501", "a-1", ""}, "number")}}
	s.Tools = []procore.Tool{{ToolRef: commitments, Provider: procore.ProviderProject}}
	preset := 7000
	for n := range between(t, 1, 2, "templates") {
		id, v := procore.TemplateID(fmt.Sprint(10+n)), procore.VersionID(fmt.Sprint(100+n))
		name := pick(t, []string{"Approval", "approval.", "Change"}, "template")
		s.Templates = append(s.Templates, procore.Template{ID: id, Name: name, Tool: commitments, Published: v})
		version := procore.TemplateVersion{ID: v}
		for g, name := range []string{"Legal", "Finance", "Safety", "Extra"}[:between(t, 1, 4, "groups")] {
			if chance(t, 10, "odd name") {
				name = pick(t, someGroups, "group")
			}
			version.Groups = append(version.Groups, procore.ResponsibleGroup{
				UUID: procore.GroupUUID(fmt.Sprintf("g%d%d", n, g)), Name: name, Type: pick(t, someTypes, "type"),
			})
		}
		s.Versions[v] = version
		for _, project := range []procore.ProjectID{"501", "502", "", "599"} {
			if !chance(t, 60, "preset") {
				continue
			}
			preset++
			w.drawPreset(t, procore.PresetRef{Project: project, Preset: procore.PresetID(fmt.Sprint(preset))}, s.Templates[n], version, sane)
		}
	}
}

func (w *world) drawPreset(t *rapid.T, ref procore.PresetRef, template procore.Template, v procore.TemplateVersion, sane bool) {
	p := procore.Preset{ID: ref.Preset, Valid: !chance(t, 10, "invalid"), Template: procore.PresetTemplate{ID: template.ID, Published: v.ID}}
	groups := []procore.GroupUUID{"old"}
	for _, g := range v.Groups {
		groups = append(groups, g.UUID)
	}
	for _, g := range rapid.Permutation(groups).Draw(t, "places") {
		if chance(t, 15, "group lacking") {
			continue
		}
		p.Memberships = append(p.Memberships, procore.Membership{Group: g, Assignees: w.drawAssignees(t)})
	}
	if !sane && len(p.Memberships) > 0 && chance(t, 4, "malformed") {
		p.Memberships = append(p.Memberships, procore.Membership{Group: p.Memberships[0].Group})
	}
	state := sync.PresetState{Ref: ref, Tool: commitments, TemplateID: template.ID, TemplateName: template.Name, Preset: p}
	w.in.Snapshot.Presets = append(w.in.Snapshot.Presets, state)
	if _, ok := w.lists[state.Scope()]; !ok {
		w.lists[state.Scope()] = w.drawAssignees(t)
		w.unread[state.Scope()] = !sane && chance(t, 10, "list unreadable")
	}
}

func (w *world) drawAssignees(t *rapid.T) []procore.Login {
	list := []procore.Login{}
	for range between(t, 0, 6, "people") {
		list = append(list, w.logins[pick(t, someIDs, "person")])
	}
	return list
}

func drawEmail(t *rapid.T) string {
	return pick(t, []string{"p1@x.com", "p2@x.com", "p3@x.com", "p4@x.com", "p5@x.com", "p6@y.com", "", "who@x.com", "other@x.com"}, "e-mail")
}

func (w *world) drawRoster(t *rapid.T) {
	r := &hrsource.Roster{Source: "hr.csv", Key: "csv:hr.csv", Fingerprint: "f"}
	for range between(t, 0, 12, "rows") {
		m := hrsource.Member{
			Email: drawEmail(t), EmployeeID: pick(t, someEmployee, "employee"), Team: pick(t, someTeams, "team"),
			Role: pick(t, someRoles, "role"), Project: pick(t, someProjects, "project"), Status: pick(t, someStatuses, "status"),
		}
		if chance(t, 10, "other login") {
			m.ProcoreLogin = drawEmail(t)
		}
		if m.Email+m.ProcoreLogin+m.EmployeeID == "" {
			m.EmployeeID = "005"
		}
		if chance(t, 15, "dates") {
			m.Start, m.End = pick(t, []hrsource.Date{{}, day("2026-12-01"), day("2025-01-01")}, "start"), pick(t, []hrsource.Date{{}, day("2026-10-31")}, "end")
		}
		r.Rows++
		m.At = []hrsource.Position{{Source: "hr.csv", Line: r.Rows + 1}}
		r.Members = append(r.Members, m)
	}
	r.Accepted = r.Rows
	for range max(0, between(t, -9, 2, "rejected")) {
		r.Rows++
		r.Rejected = append(r.Rejected, hrsource.RejectedRow{
			At: hrsource.Position{Source: "hr.csv", Line: r.Rows + 1}, Reason: "bad", Email: drawEmail(t),
			Column:     pick(t, []string{"", "employee_id", "start_date", "start_date"}, "column"),
			EmployeeID: pick(t, someEmployee, "employee"), Team: pick(t, append(slices.Clone(someTeams), ""), "team"),
		})
	}
	w.in.Roster = r
}

func (w *world) drawMap(t *rapid.T) {
	if chance(t, 20, "names") {
		w.in.RoleMap = NamesRoleMap()
		return
	}
	var rows []hrsource.RoleRow
	for i := range between(t, 1, 3, "rules") {
		row := hrsource.RoleRow{
			Template: "*", Role: "*", Group: pick(t, []string{"Legal", "Legal", "Finance", "LEGAL", "Safety"}, "group"),
			At: hrsource.Position{Source: "map.csv", Line: i + 2},
		}
		row.Team = row.Group
		if chance(t, 30, "odd rule") {
			row.Template = pick(t, []string{"*", "Approval", "10", "Change", "None"}, "template")
			row.Team = pick(t, append(slices.Clone(someTeams), "Gone"), "team")
			row.Role = pick(t, []string{"*", "*", "lead"}, "role")
		}
		rows = append(rows, row)
	}
	w.in.RoleMap = NewRoleMap(rows, "map.csv", "m1")
}

// read answers what is asked for, as a run would.
func (w *world) read(t tester) {
	for range 100 {
		needed := Needed(w.in).Lists
		if len(needed) == 0 {
			return
		}
		for _, scope := range needed {
			if w.unread[scope] {
				w.in.Snapshot.Unreadable = append(w.in.Snapshot.Unreadable, sync.Unreadable{
					Subject: "possible assignees of commitments of project " + string(scope.Project), Project: scope.Project, Possible: &scope,
				})
				continue
			}
			w.in.Snapshot.Possible[scope] = w.lists[scope]
		}
	}
	t.Fatalf("Needed asks for ever")
}

func (w *world) plan(t tester) *sync.Plan {
	w.read(t)
	p, err := Build(w.in)
	if err != nil {
		t.Fatalf("plan: %v", err)
	}
	return p
}

// applied returns the snapshot as it is once the plan was written, with no list read yet.
func (w *world) applied(p *sync.Plan) *sync.Snapshot {
	s := *w.in.Snapshot
	s.Possible, s.Unreadable = map[procore.AssigneeScope][]procore.Login{}, nil
	s.Presets = slices.Clone(s.Presets)
	for i := range s.Presets {
		for _, planned := range p.Presets {
			if planned.Ref != s.Presets[i].Ref || !planned.Changed() {
				continue
			}
			s.Presets[i].Preset.Memberships = nil
			for _, g := range planned.Write {
				m := procore.Membership{Group: g.UUID}
				for _, id := range g.LoginIDs {
					m.Assignees = append(m.Assignees, w.logins[id])
				}
				s.Presets[i].Preset.Memberships = append(s.Presets[i].Preset.Memberships, m)
			}
		}
	}
	return &s
}

// tell logs the company, since what was drawn is only bits. It shows where a check fails.
func (w *world) tell(t *rapid.T) {
	s := w.in.Snapshot
	t.Logf("policy %+v", w.in.Policy)
	for _, u := range s.Users {
		t.Logf("user %+v", u)
	}
	for _, p := range s.Projects {
		t.Logf("project %s number %q", p.ID, p.Number)
	}
	for _, v := range s.Templates {
		t.Logf("template %s %q: %v", v.ID, v.Name, s.Versions[v.Published].Groups)
	}
	for _, p := range s.Presets {
		t.Logf("preset %v of template %s: %v", p.Ref, p.TemplateID, p.Preset.Memberships)
	}
	t.Logf("possible %v, unread %v", w.lists, w.unread)
	for _, r := range w.in.RoleMap.rules {
		t.Logf("rule %+v", r.row)
	}
	for _, m := range w.in.Roster.Members {
		t.Logf("row %+v", m)
	}
	for _, r := range w.in.Roster.Rejected {
		t.Logf("rejected %+v", r)
	}
}
