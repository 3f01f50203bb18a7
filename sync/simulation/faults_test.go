package simulation_test

import (
	"slices"
	"strings"
	"time"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/procore/sandbox"
)

// newServer makes the simulated Procore, which differs in what the public descriptions leave open.
func (s *simulation) newServer() {
	s.opts = sandbox.Options{
		StrictAssignees:   s.chance(20),
		DropOmittedGroups: s.chance(30),
		MergeGroups:       s.chance(20),
		BareAnswers:       s.chance(20),
		LogRequests:       true,
	}
	if s.chance(20) {
		s.opts.TenSecond = 10 + s.rnd.IntN(20)
	}
	if s.chance(15) {
		s.opts.Hourly = 10 + s.rnd.IntN(60)
	}
	if s.chance(30) {
		s.opts.Latency = []time.Duration{100 * time.Millisecond, time.Second, 4 * time.Second}[s.rnd.IntN(3)]
	}
	s.server = sandbox.New(s.company, s.opts)
}

var faultKinds = []sandbox.FaultKind{
	sandbox.FaultStatus, sandbox.FaultStatus, sandbox.FaultRefuse, sandbox.FaultReset, sandbox.FaultReset, sandbox.FaultTimeout,
	sandbox.FaultSlow, sandbox.FaultTruncate, sandbox.FaultHTML, sandbox.FaultContentType, sandbox.FaultInvalidJSON,
	sandbox.FaultShortPage, sandbox.FaultShortPage, sandbox.FaultRepeatPage, sandbox.FaultMovingTotal, sandbox.FaultForeignLink, sandbox.FaultRedirect,
	sandbox.FaultUnapplied, sandbox.FaultDamage, sandbox.FaultEdit, sandbox.FaultEdit, sandbox.FaultEdit, sandbox.FaultRevoke,
}

// faults makes up what goes wrong in a night.
func (s *simulation) faults() []sandbox.Fault {
	var faults []sandbox.Fault
	on := []string{"", "", "list*", "getProjectPreset", "getProjectPreset", "get*", "PATCH *", "PATCH *", "PATCH *", "PATCH *", "listCompanyUsers", "list*Presets", "*Assignees"}
	for range s.rnd.IntN(5) {
		f := sandbox.Fault{
			Kind:        faultKinds[s.rnd.IntN(len(faultKinds))],
			On:          on[s.rnd.IntN(len(on))],
			Probability: []float64{0.02, 0.1, 0.3, 0.5}[s.rnd.IntN(4)],
			Seed:        s.rnd.Uint64(),
		}
		switch f.Kind {
		case sandbox.FaultUnapplied, sandbox.FaultDamage:
			f.On = "PATCH *"
		case sandbox.FaultShortPage, sandbox.FaultRepeatPage, sandbox.FaultMovingTotal:
			f.On = []string{"list*", "list*", "listCompanyUsers", "list*Presets"}[s.rnd.IntN(4)]
		case sandbox.FaultStatus:
			f.Status = []int{401, 403, 404, 408, 409, 422, 429, 500, 502, 503, 504}[s.rnd.IntN(11)]
			f.Applied = (f.Status >= 500 || f.Status == 408) && s.chance(50)
			s.answerOtherwise(&f)
			if s.chance(50) {
				f.RetryAfter = []string{"7", "90"}[s.rnd.IntN(2)]
			}
		case sandbox.FaultReset, sandbox.FaultTimeout:
			f.Applied = s.chance(60)
		case sandbox.FaultRedirect:
			f.Applied = s.later.IntN(2) == 0
		case sandbox.FaultSlow:
			f.Delay = time.Minute
		case sandbox.FaultEdit:
			if s.chance(15) {
				f.On, f.Edit = "getProjectPreset", s.republish()
			} else if len(s.apart) > 0 && s.later.IntN(2) == 0 {
				f.On, f.Edit = "getProjectPreset", s.joining()
			} else if s.later.IntN(4) == 0 {
				f.On, f.Edit = "PATCH *", s.otherManager()
			}
		}
		faults = append(faults, f)
		if f.Kind == sandbox.FaultDamage && s.chance(40) { // and nobody hears of it: the same requests by the same seed
			faults = append(faults, sandbox.Fault{Kind: sandbox.FaultReset, On: f.On, Probability: f.Probability, Seed: f.Seed, Applied: true})
		}
	}
	return faults
}

// otherManager gives the preset that is being written another workflow manager, as a write might that does what it is not
// meant to.
func (s *simulation) otherManager() func(*sandbox.Server, sandbox.Request) {
	who := s.company.Users[s.later.IntN(len(s.company.Users))].ID
	return func(server *sandbox.Server, r sandbox.Request) {
		for _, p := range server.Snapshot() {
			if strings.Contains(r.Path, "/presets/"+string(p.PresetRef.Preset)+"/") && p.Manager != who {
				server.Edit(p.PresetRef, func(p *sandbox.Preset) { p.Manager = who })
				s.tally.add("workflow managers who changed with a write")
			}
		}
	}
}

// answerOtherwise lets a gateway on the way answer, which says nothing of what became of a write.
func (s *simulation) answerOtherwise(f *sandbox.Fault) {
	if s.later.IntN(100) < 30 {
		f.Status = []int{304, 404, 409, 499}[s.later.IntN(4)]
	}
	if f.Status == 304 || f.Status == 404 || f.Status == 409 || f.Status == 499 {
		f.Applied, f.RetryAfter = s.later.IntN(100) < 60, ""
	}
}

// republish publishes the next version of the template whose preset is being read.
func (s *simulation) republish() func(*sandbox.Server, sandbox.Request) {
	return func(server *sandbox.Server, r sandbox.Request) {
		for _, p := range server.Snapshot() {
			if len(r.Path) >= len(p.PresetRef.Preset) && r.Path[len(r.Path)-len(p.PresetRef.Preset):] == string(p.PresetRef.Preset) {
				server.Change(func(c *sandbox.Company) { publish(c, p.Template) })
				s.shift++
				s.tally.add("templates published anew in the night")
				return
			}
		}
	}
}

// publish makes the version that follows the template's the published one, if there is one.
func publish(c *sandbox.Company, id procore.TemplateID) {
	for i := range c.Templates {
		t := &c.Templates[i]
		next := t.Published + "1"
		if t.ID == id && slices.ContainsFunc(c.Versions, func(v sandbox.Version) bool { return v.ID == next }) {
			t.Published, t.Versions = next, append(t.Versions, next)
		}
	}
}

var momentKinds = []string{"GET preset", "GET preset", "GET preset", "PATCH", "PATCH", "PATCH", "GET presets", "GET users", "POST token"}

func (s *simulation) moment() moment {
	return moment{kind: momentKinds[s.rnd.IntN(len(momentKinds))], nth: 1 + s.rnd.IntN(6), after: s.chance(50)}
}

// badNight makes up a night in which things may go wrong.
func (s *simulation) badNight() *night {
	n := &night{faulty: true, concurrency: s.concurrency(), deathInReports: -1, tear: s.rnd.IntN(101), torn: s.chance(40)}
	switch {
	case s.chance(25):
		n.kill = s.moment()
	case s.chance(6):
		n.deathInReports = s.rnd.IntN(deaths + 1)
	case s.chance(15):
		n.signal = s.moment()
	}
	if s.chance(12) {
		n.beside = s.moment()
		n.beside.after, n.besideIsDry = false, s.chance(40)
	}
	if s.chance(15) {
		n.maxDuration = []time.Duration{5 * time.Second, 20 * time.Second, time.Minute, 10 * time.Minute}[s.rnd.IntN(4)]
	}
	switch {
	case s.chance(25) && len(s.nights) > 0:
		n.undoes = s.toUndo()
	case s.chance(6):
		n.dry = true
	case s.chance(6):
		n.onlyProject = s.company.Projects[s.rnd.IntN(len(s.company.Projects))].ID
	case s.chance(15):
		n.truth = s.cutExport()
	case s.chance(10):
		n.approve = s.anyDigest()
	}
	if n.dry {
		n.beside = moment{} // it takes no lock
	}
	n.refresh = s.chance(10)
	s.meetsWorkflows(n)
	return n
}

// toUndo chooses a run to undo, one that has written rather than another.
func (s *simulation) toUndo() *night {
	if wrote := slices.DeleteFunc(slices.Clone(s.nights), func(n *night) bool { return len(n.touched) == 0 }); len(wrote) > 0 && s.chance(80) {
		return wrote[s.rnd.IntN(len(wrote))]
	}
	return s.nights[s.rnd.IntN(len(s.nights))]
}

// anyDigest is a digest that somebody approves: the last plan's, its beginning, or none of any plan.
func (s *simulation) anyDigest() string {
	if len(s.nights) > 0 {
		if last := s.nights[len(s.nights)-1].plan; last != nil {
			return last.Plan.Digest[:[]int{12, 64}[s.rnd.IntN(2)]]
		}
	}
	return strings.Repeat("0123456789abcdef", 4)
}

// cutExport is the truth as an export that was cut has it.
func (s *simulation) cutExport() *truth {
	t := s.truth.clone()
	t.rows = t.rows[:(len(t.rows)+1)/2]
	return t
}

// concurrency is mostly 1, so that a seed replays exactly.
func (s *simulation) concurrency() int {
	if s.chance(25) {
		return 4
	}
	return 1
}
