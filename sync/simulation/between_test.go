package simulation_test

import (
	"slices"
	"time"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/procore/sandbox"
)

// dayPasses lets people and Procore change between two nights.
func (s *simulation) dayPasses() {
	time.Sleep([]time.Duration{time.Minute, 10 * time.Hour, 25 * time.Hour}[s.rnd.IntN(3)])
	if s.chance(35) {
		s.hrChanges()
	}
	if s.chance(25) {
		s.editByHand()
	}
	if s.chance(30) {
		s.procoreChanges()
	}
	if s.chance(15) {
		s.tamperWithMemory()
	}
	s.workflowsGoOn()
	s.company = s.server.Company()
}

// hrChanges lets people join, leave and move.
func (s *simulation) hrChanges() {
	for i := range s.rows {
		if s.chance(15) {
			old := s.rows[i]
			s.rows[i] = s.row(old.person, old.ownEmployee, old.ownEmail)
		}
	}
}

// editByHand changes any group of any preset, and the order of its people.
func (s *simulation) editByHand() {
	presets := s.server.Snapshot()
	for range 1 + s.rnd.IntN(3) {
		s.server.Edit(presets[s.rnd.IntN(len(presets))].PresetRef, func(p *sandbox.Preset) {
			if len(p.Memberships) == 0 {
				return
			}
			g := &p.Memberships[s.rnd.IntN(len(p.Memberships))]
			who := s.company.Users[s.rnd.IntN(len(s.company.Users))]
			switch at := slices.Index(g.LoginIDs, who.ID); {
			case at >= 0:
				g.LoginIDs = slices.Delete(slices.Clone(g.LoginIDs), at, at+1)
			case who.Active:
				g.LoginIDs = append(slices.Clone(g.LoginIDs), who.ID)
			default:
				slices.Reverse(g.LoginIDs)
			}
		})
		s.tally.add("edits by hand between nights")
	}
}

// procoreChanges changes one thing of the company.
func (s *simulation) procoreChanges() {
	s.server.Change(func(c *sandbox.Company) {
		project, user := s.rnd.IntN(len(c.Projects)), s.rnd.IntN(len(c.Users))
		switch s.rnd.IntN(7) {
		case 0:
			publish(c, c.Templates[s.rnd.IntN(len(c.Templates))].ID)
			s.tally.add("templates published anew")
		case 1, 2:
			c.Users[user].Active = !c.Users[user].Active
			s.tally.add("users who were made inactive or active")
		case 3:
			s.addProject(c)
		case 4:
			c.Projects[project].Visibility = []sandbox.Visibility{sandbox.Visible, sandbox.Hidden, sandbox.Gone, sandbox.Denied}[s.rnd.IntN(4)]
			s.tally.add("projects that came to or out of sight")
		case 5:
			if at := s.rnd.IntN(len(c.Presets)); len(c.Presets) > 1 {
				c.Presets = slices.Delete(c.Presets, at, at+1)
				s.tally.add("presets deleted")
			}
		case 6:
			tool := c.Tools[s.rnd.IntN(len(c.Tools))]
			d := sandbox.Denial{Tool: tool.ToolRef, Login: c.Users[user].ID}
			if tool.Provider == procore.ProviderProject {
				d.Project = c.Projects[project].ID
			}
			c.Denied = append(c.Denied, d)
			s.tally.add("people who lost access to a tool")
		}
	})
}

func (s *simulation) addProject(c *sandbox.Company) {
	i := len(c.Projects)
	p := s.project(i)
	c.Projects = append(c.Projects, p)
	for at, t := range c.Templates {
		if c.Tools[at].Provider == procore.ProviderProject {
			version := c.Versions[slices.IndexFunc(c.Versions, func(v sandbox.Version) bool { return v.ID == t.Published })]
			c.Presets = append(c.Presets, s.preset(c, t, version, p.ID, 100*at+i+1))
		}
	}
	s.stale = true
	s.tally.add("projects that were begun")
}
