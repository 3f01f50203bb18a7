package simulation_test

import (
	"fmt"
	"slices"
	"time"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/procore/sandbox"
	"procore-assignee-sync/sync"
)

// comeToRest lets clean nights pass until one has nothing to write: at most two may write. What a gate refuses is
// approved.
func (s *simulation) comeToRest() []string {
	s.server.SetFaults(nil)
	n := s.cleanNight("")
	n.refresh = s.stale && s.chance(75)
	// Without faults all is seen, and corrected or told, within SYNC_READ_DAYS, and new presets within the turn of lists.
	days := s.readDays
	if days == 1 {
		days = 0 // each night reads all
	}
	if s.stale && !n.refresh {
		days = max(7, 4*s.readDays)
	}
	for range days {
		if breaches := s.pass(n); len(breaches) > 0 {
			return breaches
		}
		time.Sleep(24 * time.Hour)
		n = s.cleanNight("")
	}
	s.stale = false
	wrote, settled := 0, false
	for range 8 {
		if breaches := s.pass(n); len(breaches) > 0 {
			return breaches
		}
		if n.err != nil {
			return []string{fmt.Sprintf("a clean run fails with %d: %v", n.code(), n.err)}
		}
		plan := n.rec.Plan
		switch {
		case n.code() == sync.ExitRefused && plan.Counts.PresetsToWrite > 0:
			if n.approve == plan.Digest {
				return []string{"a plan that is approved is refused"}
			}
			n = s.cleanNight(plan.Digest)
			s.tally.add("plans approved")
			continue
		case s.toWrite(n) == 0:
			s.tally.add(fmt.Sprintf("quiet after %d clean runs that wrote", wrote))
			if slices.ContainsFunc(s.open, func(n *night) bool { return !n.dry }) {
				return []string{"a killed run is never closed"}
			}
			return slices.Concat(s.checkFilled(n), s.checkEmptied(n), s.checkInBoth(n), s.checkAllLooked(n))
		case settled:
			return []string{fmt.Sprintf("a run applied all it wanted, and the next changes something: %+v", n.rec.Changes)}
		}
		if wrote++; wrote > 2 {
			return []string{fmt.Sprintf("the runs do not come to rest: %+v", n.rec.Changes)}
		}
		settled = !slices.ContainsFunc(n.truth.rows, func(r hrRow) bool { return r.other >= 0 && n.truth.hidden(r) }) &&
			!slices.ContainsFunc(n.rec.Changes, func(c sync.Change) bool { return c.Status != sync.Applied && c.Status != sync.Held })
		n = s.cleanNight("")
	}
	return []string{"the runs do not come to rest"}
}

func (s *simulation) cleanNight(approve string) *night {
	return &night{concurrency: s.concurrency(), deathInReports: -1, approve: approve}
}

// pass lets a night pass and checks it.
func (s *simulation) pass(n *night) []string {
	s.run(n)
	return s.check(n)
}

// toWrite counts the presets that a plan changes and that Procore would take.
func (s *simulation) toWrite(n *night) int {
	count := 0
	for _, p := range n.rec.Plan.Presets {
		if p.Changed() && !s.refused(n, p.Ref) {
			count++
		}
	}
	return count
}

// refused says whether a strict Procore refuses every write to the preset, for somebody who is in it.
func (s *simulation) refused(n *night, ref procore.PresetRef) bool {
	if !s.opts.StrictAssignees {
		return false
	}
	p, _ := s.server.Preset(ref)
	tool := n.truth.template(p.Template).Tool
	return slices.ContainsFunc(p.Memberships, func(g procore.GroupWrite) bool {
		return slices.ContainsFunc(g.LoginIDs, func(id procore.LoginID) bool {
			person, _ := n.truth.user(id)
			return !n.truth.assignable(person, tool, ref.Project)
		})
	})
}

// seen gives the presets that a run can read.
func (s *simulation) seen(n *night) []sandbox.Preset {
	return slices.DeleteFunc(s.server.Snapshot(), func(p sandbox.Preset) bool {
		return s.refused(n, p.PresetRef) || slices.ContainsFunc(n.truth.company.Projects, func(project sandbox.Project) bool {
			return project.ID == p.Project && project.Visibility != sandbox.Visible
		})
	})
}

// checkFilled finds people who belong into a group and are not there, unless the group is held.
func (s *simulation) checkFilled(n *night) []string {
	return s.eachPlain(n, func(p sandbox.Preset, t sandbox.Template, g procore.ResponsibleGroup, person int, there bool) string {
		if !there && n.truth.belongs(person, t, g, p.Project) && n.truth.assignable(person, t.Tool, p.Project) && !n.truth.keptOut(p, t, g.UUID, person) {
			return "belongs there and is not there"
		}
		return ""
	})
}

// checkEmptied finds people who are in a group though HR knows them and nothing puts or keeps them there.
func (s *simulation) checkEmptied(n *night) []string {
	return s.eachPlain(n, func(p sandbox.Preset, t sandbox.Template, g procore.ResponsibleGroup, person int, there bool) string {
		if there && n.knowsHR(person) && !s.mayBeKept(n, g) && n.truth.mustStay(n.truth.company.Users[person].ID, t, g, p.Project) == "" {
			return "is there, and nothing puts or keeps them there"
		}
		return ""
	})
}

// knowsHR says whether a row that can be read names the person.
func (n *night) knowsHR(person int) bool {
	return slices.ContainsFunc(n.truth.rows, func(r hrRow) bool { return r.person == person })
}

// mayBeKept says whether the run tells why the group loses nobody.
func (s *simulation) mayBeKept(n *night, g procore.ResponsibleGroup) bool {
	return slices.ContainsFunc(n.rec.Exceptions, func(e sync.Exception) bool {
		return e.Kind == sync.HeldTeamMissing || e.Kind == sync.HeldNoProjectRows
	})
}

// eachPlain asks about every person of whom no question is open, in every managed group that is not held.
func (s *simulation) eachPlain(n *night, ask func(sandbox.Preset, sandbox.Template, procore.ResponsibleGroup, int, bool) string) []string {
	var breaches []string
	for _, p := range s.seen(n) {
		t := n.truth.template(p.Template)
		for _, g := range n.truth.version(t.Published).Groups {
			if _, managed := n.truth.managed(t, n.truth.version(t.Published), g.UUID); !managed || n.holds(p.PresetRef, g.UUID) {
				continue
			}
			for person, u := range n.truth.company.Users {
				if !n.truth.plain(person) || !u.Active {
					continue
				}
				if why := ask(p, t, g, person, slices.Contains(peopleIn(p.Memberships, g.UUID), u.ID)); why != "" {
					breaches = append(breaches, fmt.Sprintf("preset %s, %q: %s %s", p.PresetRef.Preset, g.Name, u.Login, why))
				}
			}
		}
	}
	return breaches
}

func (n *night) holds(ref procore.PresetRef, group procore.GroupUUID) bool {
	return slices.ContainsFunc(n.rec.Changes, func(c sync.Change) bool {
		return c.Ref() == ref && c.GroupUUID == group && c.Status == sync.Held && !isKeptOut(c)
	})
}
