package planner

import (
	"fmt"
	"runtime"
	"slices"
	"testing"
	"time"

	"procore-assignee-sync/hrsource"
	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
)

const (
	bigGroups     = 12
	bigEverywhere = 4 // people of each team who are on every project
)

// bigCompany has one preset of 12 managed groups for each project. Four people of each team are on every project, all
// others on one. One preset in fifty differs from HR in one person.
func bigCompany(rows, presets int) Inputs {
	s := &sync.Snapshot{
		Company: "99", Host: "api.procore.com", Versions: map[procore.VersionID]procore.TemplateVersion{},
		Possible:  map[procore.AssigneeScope][]procore.Login{},
		Templates: []procore.Template{{ID: "10", Name: "Approval", Published: "100", Tool: commitments}},
	}
	v := procore.TemplateVersion{ID: "100"}
	var rules []hrsource.RoleRow
	for g := range bigGroups {
		name := fmt.Sprintf("Group %02d", g)
		uuid := procore.GroupUUID(fmt.Sprintf("11111111-2222-3333-4444-%012d", g))
		v.Groups = append(v.Groups, procore.ResponsibleGroup{UUID: uuid, Name: name, Type: "responsible_role"})
		rules = append(rules, hrsource.RoleRow{
			Template: "*", Group: name, Team: name, Role: "*", At: hrsource.Position{Source: "map.csv", Line: g + 2},
		})
	}
	s.Versions[v.ID] = v
	r := &hrsource.Roster{Source: "hr.csv", Key: "csv:hr.csv", Rows: rows, Accepted: rows}
	logins := make([]procore.Login, rows)
	for i := range rows {
		logins[i] = procore.Login{
			ID: procore.LoginID(fmt.Sprint(9_000_000_000 + i)), Login: fmt.Sprintf("person.%06d@example.com", i), Name: fmt.Sprintf("Person %d", i),
		}
		s.Users = append(s.Users, procore.User{
			ID: logins[i].ID, Email: logins[i].Login, Name: logins[i].Name, EmployeeID: fmt.Sprintf("%06d", i), Active: true,
		})
		m := hrsource.Member{
			EmployeeID: s.Users[i].EmployeeID, Email: logins[i].Login, Name: logins[i].Name, Status: hrsource.Active,
			Team: rules[i%bigGroups].Team, At: []hrsource.Position{{Source: "hr.csv", Line: i + 2}},
		}
		if i >= bigEverywhere*bigGroups {
			m.Project = fmt.Sprint(500_000 + i/bigGroups%presets)
		}
		r.Members = append(r.Members, m)
	}
	for p := range presets {
		addBigPreset(s, logins, p, presets)
	}
	policy := sync.DefaultPolicy()
	policy.AllowFirstRun = true
	return Inputs{Roster: r, RoleMap: NewRoleMap(rules, "map.csv", "m1"), Snapshot: s, Policy: policy, Today: today, Now: time.Unix(0, 0).UTC()}
}

func addBigPreset(s *sync.Snapshot, logins []procore.Login, p, presets int) {
	project := procore.Project{ID: procore.ProjectID(fmt.Sprint(500_000 + p)), Number: fmt.Sprintf("24-%05d", p), Name: fmt.Sprintf("Project %d", p)}
	s.Projects = append(s.Projects, project)
	state := sync.PresetState{
		Ref:  procore.PresetRef{Project: project.ID, Preset: procore.PresetID(fmt.Sprint(700_000 + p))},
		Tool: commitments, Project: project, TemplateID: "10", TemplateName: "Approval",
		Preset: procore.Preset{Valid: true, Template: procore.PresetTemplate{ID: "10", Published: "100"}},
	}
	everywhere := logins[:bigEverywhere*bigGroups]
	possible := slices.Clone(everywhere)
	for g := range bigGroups {
		m := procore.Membership{Group: s.Versions["100"].Groups[g].UUID}
		for every := range bigEverywhere {
			m.Assignees = append(m.Assignees, everywhere[every*bigGroups+g])
		}
		for i := p*bigGroups + g; i < len(logins); i += presets * bigGroups {
			if i >= len(everywhere) {
				m.Assignees = append(m.Assignees, logins[i])
				possible = append(possible, logins[i])
			}
		}
		if p%50 == 0 && g == p/50%bigGroups {
			m.Assignees[0] = logins[len(logins)-1-p]
		}
		state.Preset.Memberships = append(state.Preset.Memberships, m)
	}
	s.Presets = append(s.Presets, state)
	if p%50 == 0 {
		s.Possible[state.Scope()] = append(possible, logins[p:p+200]...)
	}
}

func BenchmarkPlan(b *testing.B) {
	in := bigCompany(100_000, 10_000)
	b.ReportAllocs()
	var most uint64
	for b.Loop() {
		_ = Needed(in).Lists
		p, err := Build(in)
		if err != nil {
			b.Fatal(err)
		}
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		most = max(most, m.HeapSys-m.HeapReleased)
		b.ReportMetric(float64(p.Counts.Memberships), "memberships")
		b.ReportMetric(float64(p.Counts.PresetsToWrite), "presets-to-write")
	}
	b.ReportMetric(float64(most)/(1<<20), "heap-MiB")
}
