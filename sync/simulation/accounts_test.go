package simulation_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/procore/sandbox"
	"procore-assignee-sync/sync"
	"procore-assignee-sync/sync/ledger"
)

// place is one person's place in one group.
type place struct {
	ref    procore.PresetRef
	group  procore.GroupUUID
	login  procore.LoginID
	action sync.Action
}

func placeOf(c sync.Change) place { return place{c.Ref(), c.GroupUUID, c.LoginID, c.Action} }

// checkAccounts: every planned change is accounted for exactly once, and what is said of it is what happened.
func (s *simulation) checkAccounts(n *night, planned, told []sync.Change) []string {
	var breaches []string
	seen := map[place]int{}
	for _, c := range told {
		seen[placeOf(c)]++
		if why := s.liesAbout(n, c); why != "" {
			breaches = append(breaches, fmt.Sprintf("%s of %s in preset %s is called %s, %s", c.Action, c.LoginID, c.Preset, c.Status, why))
		}
	}
	for _, c := range planned {
		if seen[placeOf(c)] != 1 {
			breaches = append(breaches, fmt.Sprintf("%s of %s in preset %s is accounted for %d times", c.Action, c.LoginID, c.Preset, seen[placeOf(c)]))
		}
		delete(seen, placeOf(c))
	}
	for p := range seen {
		breaches = append(breaches, fmt.Sprintf("a change that the plan does not have: %+v", p))
	}
	slices.Sort(breaches)
	return breaches
}

// liesAbout says what is not so about what is told of a change; empty: nothing.
func (s *simulation) liesAbout(n *night, c sync.Change) string {
	shows := func(p sandbox.Preset) bool {
		return slices.Contains(peopleIn(p.Memberships, c.GroupUUID), c.LoginID) == (c.Action == sync.Add)
	}
	written := slices.DeleteFunc(s.writesOf(n), func(w sandbox.Write) bool { return w.Ref != c.Ref() })
	switch c.Status {
	case sync.Planned:
		if !n.dry {
			return "though it is over"
		}
	case sync.Applied:
		took := slices.ContainsFunc(written, func(w sandbox.Write) bool { return shows(w.After) })
		if !took && !s.wasSo(n, c.Ref(), shows) && !s.liedTo(n, c.Ref()) {
			return "and nothing shows it"
		}
	case sync.NotAttempted:
		if len(written) > 0 {
			return "and the preset was written"
		}
	case sync.Failed, sync.Conflict:
		if c.Status == sync.Conflict && n.undoes != nil {
			return "" // decided by the plan: the group had moved
		}
		if len(written) > 0 && shows(written[len(written)-1].After) && s.clean(n, written[len(written)-1]) {
			return "and it was written, and nothing went wrong"
		}
		if c.Status == sync.Conflict && n.saved == nil && !n.changed && !s.wasEdited(n, c.Ref()) && !slices.ContainsFunc(written, isDamaged) {
			return "and nobody has edited the preset"
		}
	}
	return ""
}

// writesOf gives the writes of a night, up to the next one's first.
func (s *simulation) writesOf(n *night) []sandbox.Write {
	end := len(s.server.History())
	if next := slices.Index(s.nights, n) + 1; next < len(s.nights) {
		end = s.nights[next].firstWrite
	}
	return slices.Clone(s.server.History()[n.firstWrite:end])
}

// wasSo says whether somebody's edit since the plan was read has left the preset so.
func (s *simulation) wasSo(n *night, ref procore.PresetRef, shows func(sandbox.Preset) bool) bool {
	since := n
	if n.saved != nil {
		since = n.saved
	}
	return slices.ContainsFunc(s.server.Edits()[since.firstEdit:], func(e sandbox.Edit) bool { return e.Ref == ref && (shows(e.After) || shows(e.Before)) }) ||
		n.saved != nil && slices.ContainsFunc(s.server.History()[since.firstWrite:], func(w sandbox.Write) bool { return w.Ref == ref && shows(w.After) })
}

func (s *simulation) wasEdited(n *night, ref procore.PresetRef) bool {
	return slices.ContainsFunc(s.server.Edits()[n.firstEdit:], func(e sandbox.Edit) bool { return e.Ref == ref })
}

// clean says whether all went well with a write and with every look at its preset since.
func (s *simulation) clean(n *night, w sandbox.Write) bool {
	unanswered := answerLost(w.Fault)
	if w.Fault != "" && !unanswered || n.changed || n.maxDuration > 0 || n.told() || slices.ContainsFunc(s.server.Edits(), func(e sandbox.Edit) bool { return e.Ref == w.Ref && e.Seq >= w.Seq-1 }) {
		return false
	}
	since, looked := false, !unanswered
	for _, r := range s.server.Requests()[n.firstRequest:] {
		if r.RequestID == w.RequestID {
			if since = true; unanswered {
				continue
			}
		}
		if since && strings.Contains(r.Path, "/presets/"+string(w.Ref.Preset)) {
			if r.Status != 200 || r.Fault != "" {
				return false
			}
			looked = true
		}
	}
	return since && looked
}

// answerLost says whether nothing else happened to a write than that something else was answered, after it was done.
func answerLost(fault string) bool {
	return strings.HasSuffix(fault, " applied") && !strings.Contains(fault, ";")
}

// liedTo says whether Procore acknowledged a write of the preset that it did not do. The answer is as it should be, and
// only the next run's read can tell.
func (s *simulation) liedTo(n *night, ref procore.PresetRef) bool {
	return slices.ContainsFunc(s.server.Requests()[n.firstRequest:], func(r sandbox.Request) bool {
		return strings.Contains(r.Fault, string(sandbox.FaultUnapplied)) && strings.Contains(r.Path, "/presets/"+string(ref.Preset)+"/")
	})
}

// checkStored: the ledger says the same as the run did.
func (s *simulation) checkStored(n *night) []string {
	past, err := s.load(n)
	if err != nil {
		return []string{fmt.Sprintf("run %s cannot be loaded: %v", n.runID, err)}
	}
	if past.Summary.ExitCode != n.rec.Summary.ExitCode || past.Summary.Outcome != n.rec.Summary.Outcome {
		return []string{fmt.Sprintf("the ledger has %s, %d, and the run said %s, %d",
			past.Summary.Outcome, past.Summary.ExitCode, n.rec.Summary.Outcome, n.rec.Summary.ExitCode)}
	}
	if !slices.EqualFunc(past.Changes, n.rec.Changes, func(a, b sync.Change) bool { return placeOf(a) == placeOf(b) && a.Status == b.Status }) {
		return []string{"changes.csv is not what the run said"}
	}
	return nil
}

func (s *simulation) load(n *night) (*ledger.PastRun, error) {
	led, err := ledger.Open(context.Background(), ledger.Options{Dir: s.dir})
	if err != nil {
		return nil, err
	}
	return led.Load(context.Background(), n.runID)
}

// checkClosed accounts for runs that were killed and that last has closed.
func (s *simulation) checkClosed(last *night) []string {
	var breaches []string
	s.open = slices.DeleteFunc(s.open, func(n *night) bool {
		past, err := s.load(n)
		switch {
		case err != nil:
			breaches = append(breaches, fmt.Sprintf("killed run %s cannot be loaded: %v", n.runID, err))
			return true
		case !past.Steps.Finished:
			if n != last && !last.killed && last.wasUnderWay() && (!n.dry || last.start.Sub(n.start) > 24*time.Hour) {
				breaches = append(breaches, fmt.Sprintf("run %s went on without closing the killed run %s", last.runID, n.runID))
			}
			return false
		}
		s.tally.add("killed runs closed as " + string(past.Summary.Outcome))
		if n.deathInReports >= reportFiles && (past.Summary.Outcome != n.rec.Summary.Outcome || past.Summary.ExitCode != n.rec.Summary.ExitCode) {
			breaches = append(breaches, fmt.Sprintf("run %s had written that it was %s, and is closed as %s", n.runID, n.rec.Summary.Outcome, past.Summary.Outcome))
		}
		var planned []sync.Change
		if past.Plan != nil {
			planned = past.Plan.Plan.Changes
		}
		breaches = append(breaches, s.checkAccounts(n, planned, past.Changes)...)
		breaches = append(breaches, s.checkWaiting(n, past.Waiting, past.Summary.ExitCode)...)
		breaches = append(breaches, s.checkResponses(n, past.Summary.Responses, past.Summary.ExitCode)...)
		s.noteRemoved(n, past.Changes)
		return true
	})
	return breaches
}

// wasUnderWay says whether a run has come to its own work, after closing those before it.
func (n *night) wasUnderWay() bool { return !n.dry && n.rec.Plan != nil }
