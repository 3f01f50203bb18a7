package planner

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"procore-assignee-sync/hrsource"
	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
)

// company is a small company for the planner's tests: one template "Approval" (id 10, version 100) of tool commitments
// with the groups Legal (g1), Finance (g2) and Creator (g9, filled by Procore), unless told otherwise.
type company struct {
	t  tester
	in Inputs
}

const (
	approval = procore.TemplateID("10")
	version  = procore.VersionID("100")
)

var (
	legal   = procore.ResponsibleGroup{UUID: "g1", Name: "Legal", Type: "responsible_role"}
	finance = procore.ResponsibleGroup{UUID: "g2", Name: "Finance", Type: "responsible_role"}
	creator = procore.ResponsibleGroup{UUID: "g9", Name: "Creator", Type: "ITEM_CREATOR"}

	commitments = procore.ToolRef{Type: "commitments"}
	today       = hrsource.Date{Year: 2026, Month: 11, Day: 24}
)

func newCompany(t tester) *company {
	t.Helper()
	policy := sync.DefaultPolicy()
	policy.AllowFirstRun = true
	return (&company{t: t, in: Inputs{
		Roster: &hrsource.Roster{Source: "hr.csv", Key: "csv:hr.csv", Fingerprint: "f1"},
		Snapshot: &sync.Snapshot{
			Company: "99", Host: "api.procore.com",
			Versions: map[procore.VersionID]procore.TemplateVersion{},
			Possible: map[procore.AssigneeScope][]procore.Login{},
			Tools:    []procore.Tool{{ToolRef: commitments, Provider: procore.ProviderProject}},
		},
		Policy: policy, Today: today, Now: time.Date(2026, 11, 24, 2, 0, 0, 0, time.UTC),
	}}).template(approval, "Approval", version, legal, finance, creator).rules("*,Legal,Legal,*")
}

func (c *company) template(id procore.TemplateID, name string, v procore.VersionID, groups ...procore.ResponsibleGroup) *company {
	c.in.Snapshot.Templates = append(c.in.Snapshot.Templates, procore.Template{ID: id, Name: name, Tool: commitments, Published: v})
	c.in.Snapshot.Versions[v] = procore.TemplateVersion{ID: v, Groups: groups}
	return c
}

// rules sets the role map: template,group,team,role each.
func (c *company) rules(lines ...string) *company {
	c.t.Helper()
	var rows []hrsource.RoleRow
	for i, line := range lines {
		f := strings.Split(line, ",")
		rows = append(rows, hrsource.RoleRow{
			Template: f[0], Group: f[1], Team: f[2], Role: f[3], At: hrsource.Position{Source: "map.csv", Line: i + 2},
		})
	}
	c.in.RoleMap = NewRoleMap(rows, "map.csv", "m1")
	return c
}

func (c *company) project(id procore.ProjectID, number string) *company {
	c.in.Snapshot.Projects = append(c.in.Snapshot.Projects, procore.Project{ID: id, Number: number, Name: "Project " + string(id), Active: true})
	return c
}

// users puts active people into the directory: "1=ann" has the login ann@x.com and id 1, "1=ann#007" the employee id
// 007 too.
func (c *company) users(people ...string) *company { return c.directory(true, people) }

func (c *company) inactiveUsers(people ...string) *company { return c.directory(false, people) }

func (c *company) directory(active bool, people []string) *company {
	for _, p := range people {
		id, rest, _ := strings.Cut(p, "=")
		name, employee, _ := strings.Cut(rest, "#")
		c.in.Snapshot.Users = append(c.in.Snapshot.Users, procore.User{
			ID: procore.LoginID(id), Email: mail(name), EmployeeID: employee, Name: strings.ToUpper(name), Active: active,
		})
	}
	return c
}

func mail(name string) string {
	if name == "" || strings.Contains(name, "@") {
		return name
	}
	return name + "@x.com"
}

// preset adds a preset of template Approval: "g1: 1=ann 2=bob" is a group with two people, "g1:" an empty one.
func (c *company) preset(project procore.ProjectID, id procore.PresetID, groups ...string) *company {
	return c.presetOf(approval, "Approval", version, project, id, groups...)
}

func (c *company) presetOf(
	template procore.TemplateID, name string, v procore.VersionID, project procore.ProjectID, id procore.PresetID, groups ...string,
) *company {
	state := sync.PresetState{
		Ref: procore.PresetRef{Project: project, Preset: id}, Tool: commitments, TemplateID: template, TemplateName: name,
		Preset: procore.Preset{ID: id, Valid: true, Template: procore.PresetTemplate{ID: template, Published: v}},
	}
	for _, p := range c.in.Snapshot.Projects {
		if p.ID == project {
			state.Project = p
		}
	}
	for _, g := range groups {
		uuid, people, _ := strings.Cut(g, ":")
		m := procore.Membership{Group: procore.GroupUUID(uuid)}
		for _, who := range strings.Fields(people) {
			id, name, _ := strings.Cut(who, "=")
			m.Assignees = append(m.Assignees, procore.Login{ID: procore.LoginID(id), Login: mail(name)})
		}
		state.Preset.Memberships = append(state.Preset.Memberships, m)
	}
	c.in.Snapshot.Presets = append(c.in.Snapshot.Presets, state)
	return c
}

// possible sets who may be assigned in a project's commitments.
func (c *company) possible(project procore.ProjectID, people ...string) *company {
	list := []procore.Login{}
	for _, who := range people {
		id, name, _ := strings.Cut(who, "=")
		list = append(list, procore.Login{ID: procore.LoginID(id), Login: mail(name)})
	}
	c.in.Snapshot.Possible[procore.AssigneeScope{Project: project, Tool: commitments}] = list
	return c
}

// hr adds rows: person,team,role,project,status,employee_id,start,end; what is missing at the end is empty. The first
// is line 2 of hr.csv.
func (c *company) hr(lines ...string) *company {
	c.t.Helper()
	for _, line := range lines {
		f := append(strings.Split(line, ","), make([]string, 8)...)
		for i := range f {
			f[i] = strings.TrimSpace(f[i])
		}
		m := hrsource.Member{
			Email: mail(f[0]), Name: f[0], Team: f[1], Role: f[2], Project: f[3], Status: hrsource.Status(f[4]), EmployeeID: f[5],
			Start: day(f[6]), End: day(f[7]), At: []hrsource.Position{{Source: "hr.csv", Line: c.in.Roster.Rows + 2}},
		}
		if m.Status == "" {
			m.Status = hrsource.Active
		}
		c.in.Roster.Members = append(c.in.Roster.Members, m)
		c.in.Roster.Rows++
		c.in.Roster.Accepted++
	}
	return c
}

func day(text string) hrsource.Date {
	if text == "" {
		return hrsource.Date{}
	}
	d, err := time.Parse(time.DateOnly, text)
	if err != nil {
		panic(err)
	}
	return hrsource.DateOf(d)
}

func (c *company) rejected(row hrsource.RejectedRow) *company {
	row.At = hrsource.Position{Source: "hr.csv", Line: c.in.Roster.Rows + 2}
	row.Reason = cmp.Or(row.Reason, "a bad date")
	c.in.Roster.Rejected = append(c.in.Roster.Rejected, row)
	c.in.Roster.Rows++
	c.in.Policy.MaxRejectedRows++
	return c
}

func (c *company) policy(change func(*sync.Policy)) *company {
	change(&c.in.Policy)
	return c
}

// plan plans, as a test that has no list of possible assignees to read: everybody may be assigned everywhere.
func (c *company) plan() *sync.Plan {
	c.t.Helper()
	c.readAll()
	p, err := Build(c.in)
	if err != nil {
		c.t.Fatalf("plan: %v", err)
	}
	return p
}

// readAll answers each list that is asked for with everybody.
func (c *company) readAll() {
	for {
		needed := Needed(c.in).Lists
		if len(needed) == 0 {
			return
		}
		for _, scope := range needed {
			c.in.Snapshot.Possible[scope] = c.everybody()
		}
	}
}

func (c *company) everybody() []procore.Login {
	list := []procore.Login{}
	seen := map[procore.LoginID]bool{}
	add := func(l procore.Login) {
		if !seen[l.ID] {
			seen[l.ID] = true
			list = append(list, l)
		}
	}
	for _, u := range c.in.Snapshot.Users {
		if u.Active {
			add(procore.Login{ID: u.ID, Login: u.Email, Name: u.Name})
		}
	}
	for _, p := range c.in.Snapshot.Presets {
		for _, m := range p.Preset.Memberships {
			for _, a := range m.Assignees {
				add(a)
			}
		}
	}
	return list
}

// group returns a group of the plan.
func groupOf(t tester, p *sync.Plan, preset procore.PresetID, uuid procore.GroupUUID) sync.GroupPlan {
	t.Helper()
	for _, pp := range p.Presets {
		for _, g := range pp.Groups {
			if pp.Ref.Preset == preset && g.UUID == uuid {
				return g
			}
		}
	}
	t.Fatalf("the plan has no group %s in preset %s", uuid, preset)
	return sync.GroupPlan{}
}

func wantAfter(t tester, p *sync.Plan, preset procore.PresetID, uuid procore.GroupUUID, ids string) {
	t.Helper()
	var got []string
	for _, id := range groupOf(t, p, preset, uuid).After {
		got = append(got, string(id))
	}
	if strings.Join(got, " ") != ids {
		t.Errorf("preset %s, group %s holds %q after the plan, want %q", preset, uuid, strings.Join(got, " "), ids)
	}
}

// changesOf returns the changes as "add ann@x.com planned".
func changesOf(p *sync.Plan) []string {
	out := []string{}
	for _, c := range p.Changes {
		out = append(out, fmt.Sprintf("%s %s %s", c.Action, strings.TrimSuffix(c.Login, "@x.com"), c.Status))
	}
	return out
}

func wantChanges(t tester, p *sync.Plan, want ...string) {
	t.Helper()
	if got := changesOf(p); !slices.Equal(got, want) {
		t.Errorf("changes %q, want %q", got, want)
	}
}

// exceptionsOf returns the exceptions as "kind subject", with a ! where they make the run incomplete.
func exceptionsOf(p *sync.Plan) []string {
	out := []string{}
	for _, e := range p.Exceptions {
		text := string(e.Kind) + " " + strings.TrimSuffix(e.Subject, "@x.com")
		if e.Incomplete {
			text += "!"
		}
		out = append(out, text)
	}
	return out
}

func wantExceptions(t tester, p *sync.Plan, want ...string) {
	t.Helper()
	if got := exceptionsOf(p); !slices.Equal(got, want) {
		t.Errorf("exceptions %q, want %q", got, want)
	}
}

func gatesOf(p *sync.Plan) []sync.GateName {
	out := []sync.GateName{}
	for _, g := range p.Gates {
		out = append(out, g.Gate)
	}
	return out
}

func wantGates(t tester, p *sync.Plan, want ...sync.GateName) {
	t.Helper()
	if got := gatesOf(p); !slices.Equal(got, want) {
		t.Errorf("gates %q, want %q: %v", got, want, p.Gates)
	}
}

func TestAPlanReplacesManagedGroupsOnlyAndSendsTheWholePreset(t *testing.T) {
	p := newCompany(t).project("501", "24-001").users("1=ann", "2=bob", "3=cleo", "4=dan").
		preset("501", "7001", "g9: 4=dan", "old: 3=cleo 1=ann", "g1: 2=bob 1=ann 3=cleo", "g2:").
		hr("ann,Legal", "bob,Legal,,,terminated", "cleo,Finance", "dan,Legal,,24-001").plan()
	wantChanges(t, p, "add dan planned", "remove bob planned", "remove cleo planned")
	wantAfter(t, p, "7001", "g1", "1 4")
	want(t, "what is sent", fmt.Sprint(p.Presets[0].Write), "[{g9 [4]} {old [3 1]} {g1 [1 4]} {g2 []}]")
	want(t, "reason", p.Changes[0].Reason.String(), `member of team "Legal" (rule map.csv:2)`)
	want(t, "source", p.Changes[0].Source.String(), "hr.csv:5")
	want(t, "reason", p.Changes[1].Reason.String(), "left: terminated")
	want(t, "reason", p.Changes[2].Reason.String(), `moved: now on team "Finance"`)
	wantExceptions(t, p, "team_unused Finance")
}

func projectID(s string) procore.ProjectID { return procore.ProjectID(s) }

func presetID(n int) procore.PresetID { return procore.PresetID(fmt.Sprint(7001 + n)) }

func rejectedRow(email string) hrsource.RejectedRow {
	return hrsource.RejectedRow{At: hrsource.Position{Source: "hr.csv", Line: 99}, Email: email, Reason: "a bad date"}
}
