package simulation_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/procore/sandbox"
	"procore-assignee-sync/sync"
	"procore-assignee-sync/sync/job"
)

// check holds a night that is over against the invariants, and gives what was broken.
func (s *simulation) check(n *night) []string {
	breaches := slices.Clone(n.breaches)
	writes := s.server.History()[n.firstWrite:]
	for _, w := range writes {
		breaches = append(breaches, s.checkWrite(n, w)...)
	}
	s.count(n, writes)
	breaches = append(breaches, s.checkHandovers(n)...)
	if len(s.nights)%3 == 1 { // it costs
		breaches = append(breaches, s.checkEvidence(n)...)
	}
	if n.maxDuration > 0 && len(s.open) == 0 && !n.besideIsDry && n.end.Sub(n.start) > n.maxDuration+grace {
		breaches = append(breaches, fmt.Sprintf("the run took %v, with %v allowed", n.end.Sub(n.start), n.maxDuration))
	}
	if n.killed {
		if s.journal(n.runID, nil).last.Step != "" {
			s.open = append(s.open, n)
		}
		breaches = append(breaches, s.checkClosed(n)...)
		s.remember(n)
		return breaches
	}
	breaches = append(breaches, s.checkExit(n, writes)...)
	s.noteRemoved(n, n.rec.Changes)
	breaches = append(breaches, s.checkWaiting(n, n.rec.Waiting, n.code())...)
	breaches = append(breaches, s.checkResponses(n, n.rec.Responses, n.code())...)
	breaches = append(breaches, s.checkLooked(n)...)
	if n.rec.Plan != nil {
		breaches = append(breaches, s.checkGates(n)...)
		planned := n.rec.Plan.Changes
		if n.plan != nil {
			planned = n.plan.Plan.Changes // as they were before anything became of them
		}
		breaches = append(breaches, s.checkAccounts(n, planned, n.rec.Changes)...)
		breaches = append(breaches, s.checkTold(n)...)
		breaches = append(breaches, s.checkPlannedApart(n)...)
		breaches = append(breaches, s.checkKeptOut(n)...)
		breaches = append(breaches, s.checkUndone(n)...)
		if n.undoes == nil && n.saved == nil && !n.byHand {
			breaches = append(breaches, s.checkReading(n)...)
			breaches = append(breaches, s.checkReread(n)...)
		}
		if len(s.nights)%3 == 0 { // it costs
			breaches = append(breaches, s.checkStored(n)...)
		}
	}
	breaches = append(breaches, s.checkClosed(n)...)
	s.remember(n)
	return breaches
}

// remember notes a run that passed, and has its summary on disk to show for it.
func (s *simulation) remember(n *night) {
	if !n.dry && !n.byHand && n.undoes == nil && n.onlyProject == "" && n.err == nil && n.code() != sync.ExitRefused &&
		(!n.killed || n.deathInReports >= reportFiles) {
		s.passed = n
	}
}

// grace is what a run may take beyond its time for what is in flight.
const grace = 31 * time.Second

// code is the exit code of a night that was not killed.
func (n *night) code() int {
	var exit *job.ExitError
	switch {
	case n.err == nil:
		return n.rec.Summary.ExitCode
	case errors.As(n.err, &exit):
		return exit.Code
	default:
		return -1
	}
}

// checkExit: the exit code says no more and no less than what happened.
func (s *simulation) checkExit(n *night, writes []sandbox.Write) []string {
	code := n.code()
	var breaches []string
	add := func(format string, args ...any) {
		breaches = append(breaches, fmt.Sprintf("exit %d: ", code)+fmt.Sprintf(format, args...))
	}
	if len(writes) > 0 && code != sync.ExitDone && code != sync.ExitIncomplete {
		add("presets were written: %v", n.err)
	}
	if n.signal.kind != "" && n.told() && !n.dry && code != sync.ExitIncomplete && code != sync.ExitRefused &&
		(n.decisions == nil || code != sync.ExitUsage) {
		add("the run was told to stop: %v", n.err)
	}
	if n.saved != nil && !n.byHand && n.start.Sub(n.saved.start) > job.MaxPlanAge && (len(writes) > 0 || code == sync.ExitDone) {
		add("the saved plan is of %v", n.saved.start)
	}
	if told, so := n.rec.Summary.Results.PresetsWritten, written(writes); told != so && s.knew(n) {
		add("%d presets are said to be written, and %d were", told, so)
	}
	if code != sync.ExitDone || n.dry {
		return breaches
	}
	for _, c := range n.rec.Changes {
		if c.Status != sync.Applied && c.Status != sync.Held { // a team without rows for a project is told of only
			add("%s of %s in preset %s is %s", c.Action, c.LoginID, c.Preset, c.Status)
		}
	}
	for _, w := range writes {
		if isDamaged(w) {
			add("a write to preset %s did something else than it was meant to", w.Ref.Preset)
		}
	}
	if n.undoes == nil && !n.byHand && s.undisturbed(n) {
		for _, b := range s.checkFilled(n) {
			add("%s", b)
		}
	}
	return breaches
}

// written counts the presets that were written.
func written(writes []sandbox.Write) int {
	refs := map[procore.PresetRef]bool{}
	for _, w := range writes {
		refs[w.Ref] = true
	}
	return len(refs)
}

// knew says whether the run could learn what became of each of its writes: nobody has made a preset what it was to be,
// or other than it was.
func (s *simulation) knew(n *night) bool {
	return n.err == nil && !s.lied(n) && len(s.server.Edits()) == n.firstEdit && !slices.ContainsFunc(n.rec.Changes, func(c sync.Change) bool {
		return c.Status == sync.Failed || c.Status == sync.Conflict
	})
}

// lied says whether Procore acknowledged a write that it did not do.
func (s *simulation) lied(n *night) bool {
	return slices.ContainsFunc(s.server.Requests()[n.firstRequest:], func(r sandbox.Request) bool {
		return strings.Contains(r.Fault, string(sandbox.FaultUnapplied))
	})
}

// told says whether the night's run was told to stop.
func (n *night) told() bool { return n.ctx.Err() != nil }

// undisturbed says whether nobody edited anything while the run went on, nothing was acknowledged without being done,
// and the run could know of every preset.
func (s *simulation) undisturbed(n *night) bool {
	return len(s.server.Edits()) == n.firstEdit && !n.changed && !s.stale && n.saved == nil && n.onlyProject == "" && !s.lied(n) && n.rec.Summary.Presets.Remembered == 0
}

// checkTold: what is said of people is so. Somebody who could not be read is not somebody who is not there.
func (s *simulation) checkTold(n *night) []string {
	var breaches []string
	for _, e := range n.rec.Plan.Exceptions {
		person := slices.IndexFunc(n.truth.company.Users, func(u sandbox.User) bool { return u.Login == e.Subject })
		if person < 0 || !n.truth.plain(person) {
			continue
		}
		u := n.truth.company.Users[person]
		wrong := false
		switch e.Kind {
		case sync.NotInProcore, sync.Ambiguous:
			wrong = true
		case sync.Inactive:
			wrong = u.Active
		case sync.NotAssignable:
			wrong = u.Active && len(n.truth.company.Denied) == 0
		}
		if wrong {
			breaches = append(breaches, fmt.Sprintf("%s is said to be %s, and is not", u.Login, e.Kind))
		}
	}
	return breaches
}

// checkGates counts naively what the gates count, and holds it against those that the plan says refuse it.
func (s *simulation) checkGates(n *night) []string {
	plan := n.rec.Plan
	if n.undoes != nil || n.onlyProject != "" || n.byHand {
		return nil
	}
	want := map[sync.GateName]bool{}
	wanted, added, base := 0, 0, 0
	for _, p := range plan.Presets {
		for _, g := range p.Groups {
			base += len(g.Before)
			after := g.After
			if g.Hold != "" {
				after = g.Wanted
			}
			wanted += len(g.Before) - len(keepOnly(g.Before, after))
			added += len(after) - len(keepOnly(after, g.Before))
		}
	}
	for _, c := range plan.Changes {
		if isKeptOut(c) {
			added++
		}
	}
	want[sync.GateRemovalPercent] = wanted >= 10 && wanted*100 > s.policy.MaxRemovalPercent*base
	want[sync.GateRemovals] = s.policy.MaxRemovals != nil && wanted > *s.policy.MaxRemovals
	want[sync.GateFirstRun] = s.passed == nil && wanted > 0 && !s.policy.AllowFirstRun
	if s.passed != nil {
		want[sync.GateAddPercent] = added >= 10 && added*100 > s.policy.MaxAdditionPercent*base
		want[sync.GateColumnLost] = n.truth.lacksColumnOf(s.passed.truth)
		last := s.passed.rec.Plan.Roster
		want[sync.GateRowsShrink] = plan.Roster.Accepted*100 < last.Accepted*(100-s.policy.MaxShrinkPercent)
		want[sync.GateMembersShrink] = plan.Roster.Members*100 < last.Members*(100-s.policy.MaxShrinkPercent)
	}
	var breaches []string
	for gate, must := range want {
		if has := slices.ContainsFunc(plan.Gates, func(g sync.TrippedGate) bool { return g.Gate == gate }); has != must {
			breaches = append(breaches, fmt.Sprintf("gate %s refuses: %v, and must: %v", gate, has, must))
		}
	}
	slices.Sort(breaches)
	return breaches
}
