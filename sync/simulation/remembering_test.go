package simulation_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"time"

	"procore-assignee-sync/procore/sandbox"
	"procore-assignee-sync/sync"
)

// checkRemembering: once all is quiet, people edit presets by hand, delete some, publish versions whose groups have other
// names, and somebody forges the memory. After SYNC_READ_DAYS clean nights all is as if a run had read everything at once:
// in Procore, and in the plan.
func (s *simulation) checkRemembering() []string {
	if s.readDays == 1 || s.later.IntN(100) >= 30 {
		return nil
	}
	twin := s.twin()
	defer os.RemoveAll(twin.dir)
	for range 1 + s.later.IntN(3) {
		edit := s.someEdit()
		edit(s.server)
		edit(twin.server)
	}
	if s.later.IntN(3) == 0 {
		s.forgeMemory(unmissed)
	}
	s.company = s.server.Company()
	s.stale = true // a night that ends well need not know of the edits yet
	s.tally.add("turns after which all was compared with reading all")
	for range s.readDays {
		time.Sleep(24 * time.Hour)
		if breaches := s.passApproved(s.cleanNight("")); len(breaches) > 0 {
			return breaches
		}
	}
	s.stale = false
	for range 2 { // what the first could not do yet, such as a group that was held for one who left it since
		all := twin.cleanNight("")
		all.refresh = true
		twin.runApproved(all)
	}
	breaches := s.checkSameAs(twin)
	known, all := s.planOnly(false), s.planOnly(true)
	switch {
	case known.rec.Plan == nil && all.rec.Plan == nil:
		return breaches
	case known.rec.Plan == nil || all.rec.Plan == nil:
		return append(breaches, fmt.Sprintf("from memory a plan ends in %v, and with all read in %v", known.err, all.err))
	}
	if known.rec.Plan.Digest != all.rec.Plan.Digest {
		breaches = append(breaches, fmt.Sprintf("%d nights after the last edit the plan from memory is another than that from reading all: %+v and %+v",
			s.readDays, known.rec.Plan.Changes, all.rec.Plan.Changes))
	}
	if a, b := saidBy(known), saidBy(all); a != b {
		breaches = append(breaches, fmt.Sprintf("%d nights after the last edit a plan from memory tells\n%s\nand one that reads all\n%s", s.readDays, a, b))
	}
	return breaches
}

// saidBy is what a plan tells of, without how it is put.
func saidBy(n *night) string {
	var lines []string
	for _, e := range n.rec.Plan.Exceptions {
		line := fmt.Sprint(e.Kind, " ", e.Project)
		if e.Kind != sync.UnreadableKind { // a remembered preset is tried where its list can't be read, too
			line += fmt.Sprint(" ", e.Subject, " ", e.GroupName)
		}
		lines = append(lines, line)
	}
	slices.Sort(lines)
	return strings.Join(slices.Compact(lines), "\n")
}

// twin is the same world once more, with a Procore and a ledger of its own.
func (s *simulation) twin() *simulation {
	t := *s
	t.dir = s.dir + "-twin"
	_ = os.CopyFS(t.dir, os.DirFS(s.dir)) // without it the twin remembers less, and reads all anyway
	t.server, t.nights, t.tally, t.readDays = sandbox.New(s.server.Company(), s.opts), slices.Clone(s.nights), newTally(), 1
	return &t
}

// runApproved lets a night pass, and another one that is approved where a gate refuses the first.
func (s *simulation) runApproved(n *night) *night {
	s.run(n)
	if n.code() == sync.ExitRefused && n.rec.Plan != nil && n.rec.Plan.Counts.PresetsToWrite > 0 {
		approved := s.cleanNight(n.rec.Plan.Digest)
		approved.refresh = n.refresh
		s.run(approved)
		return approved
	}
	return n
}

// passApproved is the same, and checks the nights.
func (s *simulation) passApproved(n *night) []string {
	breaches := s.pass(n)
	if len(breaches) == 0 && n.code() == sync.ExitRefused && n.rec.Plan != nil && n.rec.Plan.Counts.PresetsToWrite > 0 {
		breaches = s.pass(s.cleanNight(n.rec.Plan.Digest))
	}
	return breaches
}

// planOnly makes a dry run.
func (s *simulation) planOnly(refresh bool) *night {
	n := s.cleanNight("")
	n.dry, n.refresh = true, refresh
	s.run(n)
	return n
}

// checkSameAs: the presets that a run can see hold the same people as the twin's.
func (s *simulation) checkSameAs(twin *simulation) []string {
	var breaches []string
	for _, p := range s.server.Snapshot() {
		other, _ := twin.server.Preset(p.PresetRef)
		if !sameSeating(p.Memberships, other.Memberships) {
			breaches = append(breaches, fmt.Sprintf("preset %s: %d nights after the last edit it holds %v, and with all read %v",
				p.PresetRef.Preset, s.readDays, p.Memberships, other.Memberships))
		}
	}
	return breaches
}

// someEdit is something that people do in Procore, done the same way to whatever server has the same company.
func (s *simulation) someEdit() func(*sandbox.Server) {
	seed, what := s.later.Uint64(), s.later.IntN(6)
	s.tally.add("edits before a turn: " + []string{"people", "people", "people", "people", "a preset deleted", "a version published"}[what])
	return func(server *sandbox.Server) {
		rnd := rand.New(rand.NewPCG(seed, 0))
		presets := server.Snapshot()
		at := presets[rnd.IntN(len(presets))]
		switch what {
		case 4:
			server.Change(func(c *sandbox.Company) {
				if len(c.Presets) > 1 {
					c.Presets = slices.DeleteFunc(c.Presets, func(p sandbox.Preset) bool { return p.PresetRef == at.PresetRef })
				}
			})
		case 5:
			server.Change(func(c *sandbox.Company) { publish(c, at.Template) })
		default:
			server.Edit(at.PresetRef, func(p *sandbox.Preset) {
				if len(p.Memberships) == 0 {
					return
				}
				g := &p.Memberships[rnd.IntN(len(p.Memberships))]
				who := s.company.Users[rnd.IntN(len(s.company.Users))]
				if i := slices.Index(g.LoginIDs, who.ID); i >= 0 {
					g.LoginIDs = slices.Delete(slices.Clone(g.LoginIDs), i, i+1)
				} else if who.Active {
					g.LoginIDs = append(slices.Clone(g.LoginIDs), who.ID)
				}
			})
		}
	}
}

// checkReread: what the last run wrote, or tried to, is read by the next one, whatever is remembered.
func (s *simulation) checkReread(n *night) []string {
	at := slices.Index(s.nights, n)
	if at == 0 || n.dry || s.nights[at-1].dry || s.tampered >= at {
		return nil
	}
	var breaches []string
	for _, p := range n.rec.Plan.Presets {
		if _, written := s.nights[at-1].sent[p.Ref]; written && !p.ReadAt.IsZero() {
			breaches = append(breaches, fmt.Sprintf("preset %s was written in the last run, and is only remembered in this one", p.Ref.Preset))
		}
	}
	return breaches
}
