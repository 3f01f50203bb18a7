package simulation_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/procore/sandbox"
	"procore-assignee-sync/sync"
)

// addSteps gives a version one to three steps, each filled by some of its groups.
func (w *world) addSteps(template int, v *sandbox.Version) {
	for i := range 1 + w.later.IntN(3) {
		step := procore.VersionStep{UUID: string(groupUUID(500+template, i)), Name: []string{"Review", "Approve", "Sign"}[i]}
		for _, g := range v.Groups {
			if w.later.IntN(100) < 60 {
				step.Groups = append(step.Groups, procore.StepGroup{UUID: g.UUID, ResponsesRequired: []string{"one", "all"}[w.later.IntN(2)]})
			}
		}
		v.Steps = append(v.Steps, step)
	}
}

// startWorkflows starts workflows from some presets as they are.
func (s *simulation) startWorkflows(percent int) {
	for _, p := range s.server.Snapshot() {
		if s.later.IntN(100) < percent {
			if _, err := s.server.Start(p.PresetRef, s.company.Users[s.later.IntN(len(s.company.Users))].ID); err == nil {
				s.tally.add("workflows started")
			}
		}
	}
}

// workflowsGoOn lets something happen to some of the workflows: they are begun, move on, are answered, end and lose
// people.
func (s *simulation) workflowsGoOn() {
	if s.later.IntN(100) < 30 {
		s.startWorkflows(30)
	}
	for range s.later.IntN(3) {
		stir(s.server, s.later)
	}
}

// stir lets one thing happen to one running workflow.
func stir(server *sandbox.Server, rnd *rand.Rand) {
	running := slices.DeleteFunc(server.Instances(), func(in sandbox.Instance) bool { return in.Step == nil })
	if len(running) == 0 {
		return
	}
	in := running[rnd.IntN(len(running))]
	what := rnd.IntN(10)
	if len(in.Step.People) == 0 {
		_ = server.Advance(in.InstanceRef)
		return
	}
	who := in.Step.People[rnd.IntN(len(in.Step.People))]
	// Another request may have been quicker, and then nothing happens here.
	switch {
	case what < 3:
		_ = server.Advance(in.InstanceRef)
	case what < 7 && who.Open():
		_ = server.AnswerAs(in.InstanceRef, who.Login, in.Step.Options[rnd.IntN(len(in.Step.Options))].ID, "")
	case what < 9:
		_ = server.Lose(in.InstanceRef, who.Login)
	default:
		_ = server.End(in.InstanceRef)
	}
}

// stirring is a fault in which something happens to any workflow just before a request is done.
func (s *simulation) stirring() sandbox.Fault {
	seed := s.later.Uint64()
	return sandbox.Fault{
		Kind: sandbox.FaultEdit, Probability: []float64{0.05, 0.2, 0.5}[s.later.IntN(3)], Seed: seed,
		On: []string{"", "*Instance*", "*Instance*", "POST *"}[s.later.IntN(4)],
		Edit: func(server *sandbox.Server, r sandbox.Request) {
			stir(server, rand.New(rand.NewPCG(seed, uint64(r.Seq))))
			s.tally.add("workflows that something happened to in the night")
		},
	}
}

// runningFaults are what goes wrong in a night with requests about workflows.
func (s *simulation) runningFaults() []sandbox.Fault {
	var faults []sandbox.Fault
	if s.later.IntN(100) < 40 {
		faults = append(faults, s.stirring())
	}
	for range s.later.IntN(3) {
		f := sandbox.Fault{
			Kind:        faultKinds[s.later.IntN(len(faultKinds))],
			On:          []string{"*Instance*", "POST */additional_assignees", "POST */responses", "get*Instance"}[s.later.IntN(4)],
			Probability: []float64{0.1, 0.3, 0.5}[s.later.IntN(3)],
			Seed:        s.later.Uint64(),
		}
		lost := s.later.IntN(100) < 50
		switch f.Kind {
		case sandbox.FaultUnapplied:
			f.On = []string{"POST */additional_assignees", "POST */responses"}[s.later.IntN(2)]
		case sandbox.FaultDamage:
			f.On = "POST */additional_assignees"
		case sandbox.FaultStatus:
			f.Status = []int{304, 401, 403, 404, 408, 409, 422, 429, 499, 500, 503}[s.later.IntN(11)]
			f.Applied = lost && f.Status != 401 && f.Status != 403 && f.Status != 422 && f.Status != 429
		case sandbox.FaultReset, sandbox.FaultTimeout, sandbox.FaultRedirect:
			f.Applied = lost
		case sandbox.FaultSlow:
			f.Delay = time.Minute
		case sandbox.FaultShortPage, sandbox.FaultRepeatPage, sandbox.FaultMovingTotal:
			continue
		}
		faults = append(faults, f)
	}
	return faults
}

// beginWorkflows makes up what is done about running workflows, and starts some an hour before the first night.
func (s *simulation) beginWorkflows() {
	s.running = []sync.RunningMode{sync.RunningOff, sync.RunningReport, sync.RunningHandover, sync.RunningHandover, sync.RunningHandover}[s.later.IntN(5)]
	s.maxHandovers = []int{0, 1, 3, 25, 25, 25}[s.later.IntN(6)]
	s.removed = map[seat]time.Time{}
	s.server.Change(func(c *sandbox.Company) { c.Me = c.Users[s.later.IntN(len(c.Users))].ID })
	s.company = s.server.Company()
	s.startWorkflows(90)
	time.Sleep(time.Hour)
}

// meetsWorkflows lets a kill or a stop meet a request about workflows rather than one about presets.
func (s *simulation) meetsWorkflows(n *night) {
	kinds := []string{getInstance, getInstance, "GET instances", postInvite, postInvite, postInvite}
	at := moment{kind: kinds[s.later.IntN(len(kinds))], nth: 1 + s.later.IntN(3), after: s.later.IntN(2) == 0}
	switch s.later.IntN(10) {
	case 0, 1:
		if n.kill.kind != "" || s.running == sync.RunningHandover {
			n.kill = at
		}
	case 2:
		if n.signal.kind != "" || s.running == sync.RunningHandover {
			n.signal = at
		}
	}
	if s.later.IntN(100) < 16 && len(s.nights) > 0 {
		s.meetsAPerson(n)
	}
}

// meetsAPerson makes of a night what a person does: a hand-over, or answers as the credentials' own user.
func (s *simulation) meetsAPerson(n *night) {
	*n = night{faulty: true, concurrency: n.concurrency, deathInReports: n.deathInReports, tear: n.tear, torn: n.torn, kill: n.kill, signal: n.signal, maxDuration: n.maxDuration, byHand: true}
	switch what := s.later.IntN(100); {
	case what < 40:
		n.decisions = s.decides()
		n.kill.kind = strings.ReplaceAll(n.kill.kind, postInvite, postAnswer)
		n.signal.kind = strings.ReplaceAll(n.signal.kind, postInvite, postAnswer)
	case what < 60:
		n.named = s.company.Users[s.later.IntN(len(s.company.Users))].ID
	}
}
