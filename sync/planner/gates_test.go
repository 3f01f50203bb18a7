package planner

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"procore-assignee-sync/hrsource"
	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
)

func join(list []string) string { return strings.Join(list, ",") }

// crowded has presets of four people each, of whom one in gone presets left.
func crowded(t *testing.T, presets, gone int) *company {
	c := newCompany(t).users("1=ann", "2=bob", "3=cy", "4=dan", "5=old").hr("ann,Legal", "bob,Legal", "cy,Legal", "dan,Legal")
	for i := range presets {
		project := fmt.Sprint(501 + i)
		fourth := "4=dan"
		if i < gone {
			fourth = "4=dan 5=old"
		}
		c.project(projectID(project), project+"-n").preset(projectID(project), presetID(i), "g1: 1=ann 2=bob 3=cy "+fourth)
	}
	return c
}

func TestGates(t *testing.T) {
	limit := func(n int) *int { return &n }
	for _, c := range []struct {
		name string
		make func(*testing.T) *company
		want []sync.GateName
	}{
		{"nothing trips", func(t *testing.T) *company { return crowded(t, 2, 1) }, nil},
		{"nine removals trip no percentage", func(t *testing.T) *company {
			return crowded(t, 9, 9).policy(func(p *sync.Policy) { p.MaxRemovalPercent = 1 })
		}, nil},
		{"ten removals do", func(t *testing.T) *company {
			return crowded(t, 10, 10).policy(func(p *sync.Policy) { p.MaxRemovalPercent = 19 })
		}, []sync.GateName{sync.GateRemovalPercent}},
		{"just the percentage does not", func(t *testing.T) *company {
			return crowded(t, 10, 10).policy(func(p *sync.Policy) { p.MaxRemovalPercent = 20 })
		}, nil},
		{"as many as the limit", func(t *testing.T) *company {
			return crowded(t, 2, 2).policy(func(p *sync.Policy) { p.MaxRemovals = limit(2) })
		}, nil},
		{"more than the limit", func(t *testing.T) *company {
			return crowded(t, 3, 3).policy(func(p *sync.Policy) { p.MaxRemovals = limit(2) })
		}, []sync.GateName{sync.GateRemovals}},
		{"held removals count", func(t *testing.T) *company {
			return crowded(t, 3, 3).policy(func(p *sync.Policy) { p.MaxRemovals, p.MaxGroupRemovalPercent = limit(2), 0 })
		}, []sync.GateName{sync.GateRemovals}},
		{"who is kept is no removal", func(t *testing.T) *company {
			return crowded(t, 3, 3).policy(func(p *sync.Policy) { p.MaxRemovals, p.Protected = limit(0), []string{"old@*"} })
		}, nil},
		{"who is held by a mistake of HR is no removal", func(t *testing.T) *company {
			return crowded(t, 3, 3).rules("*,Legal,Legal,*", "*,Legal,Gone,*").policy(func(p *sync.Policy) { p.MaxRemovals = limit(0) })
		}, nil},
		{"too few rows", func(t *testing.T) *company { return crowded(t, 1, 0).policy(func(p *sync.Policy) { p.MinRows = 5 }) }, []sync.GateName{sync.GateMinRows}},
		{"rows enough", func(t *testing.T) *company { return crowded(t, 1, 0).policy(func(p *sync.Policy) { p.MinRows = 4 }) }, nil},
		{"too many rejected rows", func(t *testing.T) *company {
			c := crowded(t, 1, 0)
			c.in.Roster.Rejected = append(c.in.Roster.Rejected, rejectedRow("eve@x.com"))
			return c
		}, []sync.GateName{sync.GateRejectedRows}},
		{"too old", func(t *testing.T) *company {
			c := crowded(t, 1, 0).policy(func(p *sync.Policy) { p.MaxAge = time.Hour })
			c.in.Roster.UpdatedAt = c.in.Now.Add(-time.Hour - 1)
			return c
		}, []sync.GateName{sync.GateMaxAge}},
		{"just new enough", func(t *testing.T) *company {
			c := crowded(t, 1, 0).policy(func(p *sync.Policy) { p.MaxAge = time.Hour })
			c.in.Roster.UpdatedAt = c.in.Now.Add(-time.Hour)
			return c
		}, nil},
		{"more than a fifth fewer rows", func(t *testing.T) *company {
			return crowded(t, 1, 0).last(&sync.PassedRun{Roster: sync.RosterFacts{Accepted: 6, Members: 5}})
		}, []sync.GateName{sync.GateRowsShrink}},
		{"more than a fifth fewer members", func(t *testing.T) *company {
			return crowded(t, 1, 0).last(&sync.PassedRun{Roster: sync.RosterFacts{Accepted: 5, Members: 6}})
		}, []sync.GateName{sync.GateMembersShrink}},
		{"a fifth fewer", func(t *testing.T) *company {
			return crowded(t, 1, 0).last(&sync.PassedRun{Roster: sync.RosterFacts{Accepted: 5, Members: 5}})
		}, nil},
		{"another source may be smaller", func(t *testing.T) *company {
			c := crowded(t, 1, 0).last(&sync.PassedRun{Roster: sync.RosterFacts{Accepted: 99, Members: 99}})
			c.in.Baseline.SameSource = nil
			return c
		}, nil},
		{"HR data from more than a day ahead", func(t *testing.T) *company {
			c := crowded(t, 1, 0).policy(func(p *sync.Policy) { p.MaxAge = time.Hour })
			c.in.Roster.UpdatedAt = c.in.Now.Add(24*time.Hour + 1)
			return c
		}, []sync.GateName{sync.GateMaxAge}},
		{"HR data from a day ahead", func(t *testing.T) *company {
			c := crowded(t, 1, 0).policy(func(p *sync.Policy) { p.MaxAge = time.Hour })
			c.in.Roster.UpdatedAt = c.in.Now.Add(24 * time.Hour)
			return c
		}, nil},
		{"a passed run that lies in the future is none", func(t *testing.T) *company {
			c := crowded(t, 1, 0)
			last := &sync.PassedRun{Roster: sync.RosterFacts{Accepted: 99, Members: 99}}
			last.StartedAt = c.in.Now.Add(time.Second)
			return c.last(last)
		}, nil},
		{"after it, every run is a first one", func(t *testing.T) *company {
			c := crowded(t, 2, 1).policy(func(p *sync.Policy) { p.AllowFirstRun = false })
			last := &sync.PassedRun{}
			last.StartedAt = c.in.Now.Add(time.Second)
			return c.last(last)
		}, []sync.GateName{sync.GateFirstRun}},
		{"a column that the last passed run had filled is absent", func(t *testing.T) *company {
			return crowded(t, 1, 0).columns("email team").last(&sync.PassedRun{Roster: sync.RosterFacts{Columns: columns("email team status project-")}})
		}, []sync.GateName{sync.GateColumnLost}},
		{"or empty in every row", func(t *testing.T) *company {
			return crowded(t, 1, 0).columns("email team status-").last(&sync.PassedRun{Roster: sync.RosterFacts{Columns: columns("email team status")}})
		}, []sync.GateName{sync.GateColumnLost}},
		{"a column that had nothing in it may go, and others may come", func(t *testing.T) *company {
			return crowded(t, 1, 0).columns("email team role").last(&sync.PassedRun{Roster: sync.RosterFacts{Columns: columns("email team status-")}})
		}, nil},
		{"another source may have other columns", func(t *testing.T) *company {
			c := crowded(t, 1, 0).columns("email team").last(&sync.PassedRun{Roster: sync.RosterFacts{Columns: columns("email team status")}})
			c.in.Baseline.SameSource = nil
			return c
		}, nil},
		{"nine additions trip no percentage", func(t *testing.T) *company { return lonely(t, 9, 9).last(&sync.PassedRun{}) }, nil},
		{"ten do", func(t *testing.T) *company { return lonely(t, 19, 10).last(&sync.PassedRun{}) }, []sync.GateName{sync.GateAddPercent}},
		{"just half do not", func(t *testing.T) *company { return lonely(t, 20, 10).last(&sync.PassedRun{}) }, nil},
		{"on a first run any number may come", func(t *testing.T) *company { return lonely(t, 10, 10) }, nil},
		{"as many as are allowed", func(t *testing.T) *company {
			return lonely(t, 10, 10).last(&sync.PassedRun{}).policy(func(p *sync.Policy) { p.MaxAdditionPercent = 100 })
		}, nil},
		{"held additions count", func(t *testing.T) *company {
			c := lonely(t, 10, 10).last(&sync.PassedRun{}).policy(func(p *sync.Policy) { p.MaxGroupRemovalPercent = 0 }).users("11=a", "12=b", "13=c")
			for i := range c.in.Snapshot.Presets {
				m := &c.in.Snapshot.Presets[i].Preset.Memberships[0]
				m.Assignees = append(m.Assignees, procore.Login{ID: "11", Login: "a@x.com"}, procore.Login{ID: "12", Login: "b@x.com"}, procore.Login{ID: "13", Login: "c@x.com"})
			}
			return c.policy(func(p *sync.Policy) { p.MaxAdditionPercent, p.MaxRemovalPercent = 20, 100 })
		}, []sync.GateName{sync.GateAddPercent}},
		{"a first run that removes", func(t *testing.T) *company {
			return crowded(t, 2, 1).policy(func(p *sync.Policy) { p.AllowFirstRun = false })
		}, []sync.GateName{sync.GateFirstRun}},
		{"a first run that would remove from a held group", func(t *testing.T) *company {
			return crowded(t, 2, 1).policy(func(p *sync.Policy) { p.AllowFirstRun, p.MaxGroupRemovalPercent = false, 0 })
		}, []sync.GateName{sync.GateFirstRun}},
		{"a first run that removes nobody", func(t *testing.T) *company {
			return crowded(t, 2, 0).policy(func(p *sync.Policy) { p.AllowFirstRun = false })
		}, nil},
		{"no first run", func(t *testing.T) *company {
			return crowded(t, 2, 1).policy(func(p *sync.Policy) { p.AllowFirstRun = false }).last(&sync.PassedRun{})
		}, nil},
		{"no preset", func(t *testing.T) *company { return crowded(t, 0, 0) }, []sync.GateName{sync.GateNoPresets}},
		{"no managed group", func(t *testing.T) *company { return crowded(t, 1, 0).rules("*,Other,Legal,*") }, []sync.GateName{sync.GateNoManaged}},
		{"no preset, since nothing could be read", func(t *testing.T) *company {
			c := crowded(t, 0, 0)
			c.in.Snapshot.Unreadable = []sync.Unreadable{{Subject: "project 501, commitments, presets", Detail: "503"}}
			return c
		}, []sync.GateName{sync.GateNoPresets}},
		{"several at once", func(t *testing.T) *company {
			return crowded(t, 2, 2).policy(func(p *sync.Policy) { p.MinRows, p.MaxRemovals, p.AllowFirstRun = 9, limit(1), false })
		}, []sync.GateName{sync.GateMinRows, sync.GateFirstRun, sync.GateRemovals}},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := c.make(t).plan()
			wantGates(t, p, c.want...)
			for _, g := range p.Gates {
				if g.Figure == "" || g.Allow == "" {
					t.Errorf("gate %s does not say what tripped it or what allows it", g.Gate)
				}
			}
		})
	}
}

// lonely has presets with one person each, and in some of them another one is to come.
func lonely(t *testing.T, presets, come int) *company {
	c := newCompany(t).users("1=ann", "2=bob").hr("ann,Legal")
	for i := range presets {
		project := fmt.Sprint(501 + i)
		c.project(projectID(project), project+"-n").preset(projectID(project), presetID(i), "g1: 1=ann")
		if i < come {
			c.hr("bob,Legal,," + project)
		}
	}
	return c
}

// columns are "status" for one that is filled, "status-" for one that is empty in every row.
func columns(names string) hrsource.ColumnUse {
	var use hrsource.ColumnUse
	for _, name := range strings.Fields(names) {
		use.Used = append(use.Used, hrsource.UsedColumn{Name: strings.TrimSuffix(name, "-"), Header: name, Filled: !strings.HasSuffix(name, "-")})
	}
	return use
}

func (c *company) columns(names string) *company {
	c.in.Roster.Columns = columns(names)
	return c
}

func TestWhyThereIsNothingToPlanIsSaid(t *testing.T) {
	for _, c := range []struct {
		name    string
		change  func(*sync.Snapshot)
		presets int
		says    string
		allow   string
	}{
		{"nothing is there", func(*sync.Snapshot) {}, 0, "no preset was found", "give the service account access"},
		{"lists could not be read", func(s *sync.Snapshot) {
			s.Unreadable = []sync.Unreadable{{Subject: "project 501, commitments, presets", Detail: "503"}}
		}, 0, "project 501, commitments, presets could not be read: 503", "run again"},
		{"there was no time", func(s *sync.Snapshot) { s.Unlisted = []procore.AssigneeScope{{Project: "501"}} }, 0, "no time", "SYNC_MAX_DURATION"},
		{"no version could be read", func(s *sync.Snapshot) {
			clear(s.Versions)
			s.Unreadable = []sync.Unreadable{{Subject: "version 100", Detail: "503", TemplateID: "10"}}
		}, 1, "1 preset found, and no version of their templates: version 100 could not be read", "run again"},
		{"no rule names a group", func(s *sync.Snapshot) { s.Versions["100"] = procore.TemplateVersion{ID: "100"} }, 1, "the role map names no group", "as Procore spells them"},
	} {
		t.Run(c.name, func(t *testing.T) {
			company := crowded(t, c.presets, 0)
			c.change(company.in.Snapshot)
			p := company.plan()
			mentions(t, p.Gates[0].Figure, c.says)
			mentions(t, p.Gates[0].Allow, c.allow)
		})
	}
}

func TestALostColumnIsNamedWithTheRunThatHadIt(t *testing.T) {
	last := &sync.PassedRun{Roster: sync.RosterFacts{Columns: columns("email team status project role")}}
	last.ID = "20261123T020000Z-3f9a1c"
	p := crowded(t, 1, 0).columns("email team project-").last(last).plan()
	want(t, "figure", p.Gates[0].Figure, "status, role are absent now; project is empty in every row now, and had values at the last passed run 20261123T020000Z-3f9a1c")
}

func (c *company) last(run *sync.PassedRun) *company {
	c.in.Baseline = sync.Baseline{Last: run, SameSource: run}
	return c
}

func TestAnAgeThatCannotBeKnownIsAWrongSetting(t *testing.T) {
	c := crowded(t, 1, 0).policy(func(p *sync.Policy) { p.MaxAge = time.Hour })
	_, err := Build(c.in)
	var wrong *sync.ConfigError
	if !errors.As(err, &wrong) || wrong.ExitCode() != sync.ExitConfig {
		t.Fatalf("error %v, want a *ConfigError", err)
	}
	mentions(t, err.Error(), "HR_MAX_AGE", "hr.csv")
}

func TestAWrongGlobIsAWrongSetting(t *testing.T) {
	_, err := Build(crowded(t, 1, 0).policy(func(p *sync.Policy) { p.Protected = []string{"robot[@x.com"} }).in)
	var wrong *sync.ConfigError
	if !errors.As(err, &wrong) {
		t.Fatalf("error %v, want a *ConfigError", err)
	}
	mentions(t, err.Error(), "SYNC_PROTECTED_LOGINS", "robot[@x.com")
}

func TestAPlanCountsWhatIsPlannedAndHeldAndTheCompanyAsNoProject(t *testing.T) {
	change := func(action sync.Action, status sync.Status) sync.Change {
		return sync.Change{Action: action, Status: status}
	}
	p := &sync.Plan{
		Presets: []sync.PresetPlan{{Ref: procore.PresetRef{Preset: "7001"}}, {Ref: procore.PresetRef{Project: "501", Preset: "7002"}}},
		Changes: []sync.Change{
			change(sync.Add, sync.Planned), change(sync.Add, sync.Held), change(sync.Add, sync.Conflict), change(sync.Remove, sync.Conflict), change(sync.Remove, sync.Planned),
			change(sync.Remove, sync.Held), change(sync.Add, sync.NotAttempted), change(sync.Remove, sync.Failed),
		},
	}
	p.Count()
	want(t, "counts", p.Counts, sync.PlanCounts{Projects: 1, Presets: 2, Additions: 1, Removals: 1, HeldAdditions: 1, HeldRemovals: 1})
}
