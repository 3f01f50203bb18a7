package simulation_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	gosync "sync"

	"procore-assignee-sync/procore/sandbox"
	"procore-assignee-sync/sync"
)

// tally counts what happened in simulations, so that it shows what they cover. It is safe for concurrent use.
type tally struct {
	mu     *gosync.Mutex
	counts map[string]int
}

func newTally() tally { return tally{&gosync.Mutex{}, map[string]int{}} }

func (t tally) add(what string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.counts[what]++
}

// include adds another tally's counts.
func (t tally) include(other tally) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for what, n := range other.counts {
		t.counts[what] += n
	}
}

func (t tally) String() string {
	var b strings.Builder
	for _, what := range slices.Sorted(maps.Keys(t.counts)) {
		fmt.Fprintf(&b, "%9d  %s\n", t.counts[what], what)
	}
	return b.String()
}

// mustHappen is what a simulation of many seeds has to come by, so that it proves what it is meant to.
var mustHappen = []string{
	"changes applied", "changes conflict",
	"changes failed", "changes held", "changes not_attempted", "dry runs beside another run", "edits by hand between nights",
	"gates tripped: first_run", "gates tripped: max_removal_percent", "gates tripped: max_removals",
	"gates tripped: members_shrink", "gates tripped: rows_shrink", "killed at GET preset, after", "killed at GET preset, before",
	"killed at PATCH, after", "killed at PATCH, before", "killed runs closed as incomplete", "killed runs closed as interrupted",
	"killed while the reports were written",
	"memories cut", "memories damaged", "memories deleted", "memories forged", "edits before a turn: people",
	"edits before a turn: a preset deleted", "edits before a turn: a version published", "killed before it was remembered what was read",
	"memories put back", "nights that remember presets",
	"nights stopped by SYNC_MAX_DURATION", "nights stopped by an unintended effect", "nights stopped by the first write's check",
	"groups that a rollback had to put back",
	"people sent away", "people sent there", "people who could not be put back", "people who lost access to a tool", "plans approved", "presets deleted",
	"projects that came to or out of sight", "projects that were begun", "requests that met fault damage",
	"requests that met fault edit", "requests that met fault lost", "requests that met fault short-page",
	"requests that met fault unapplied", "rollbacks", "saved plans applied", "second runs refused",
	"people left out for a separation", "people who sit in two groups that are kept apart",
	"people who were put into a group that is kept apart from another", "templates published anew", "templates published anew in the night", "told to stop at PATCH",
	"users who were made inactive or active",
	"hand-overs by hand", "invitations",
	"running workflows conflict", "running workflows failed", "running workflows invited", "running workflows not_attempted",
	"running workflows unreadable", "running workflows waiting", "workflows started",
	"answers applied", "answers conflict", "runs that answer", "writes that took effect and were answered otherwise",
	"workflows that something happened to in the night", "workflows that wait at rest",
}

// missing lists what should have happened and did not.
func (t tally) missing() []string {
	return slices.DeleteFunc(slices.Clone(mustHappen), func(what string) bool { return t.counts[what] > 0 })
}

// count counts what happened in a night.
func (s *simulation) count(n *night, writes []sandbox.Write) {
	for _, w := range writes {
		s.tally.add("writes")
		if answerLost(w.Fault) {
			s.tally.add("writes that took effect and were answered otherwise")
		}
	}
	for _, r := range s.server.Requests()[n.firstRequest:] {
		s.tally.add("requests")
		for fault := range strings.SplitSeq(r.Fault, "; ") {
			if kind, _, _ := strings.Cut(fault, " "); kind != "" {
				s.tally.add("requests that met fault " + kind)
			}
		}
	}
	if n.killed {
		s.tally.add("nights killed")
		return
	}
	s.tally.add(fmt.Sprintf("nights that ended %d", n.code()))
	for _, c := range n.rec.Changes {
		s.tally.add("changes " + string(c.Status))
	}
	for _, e := range n.rec.Exceptions {
		s.tally.add("exceptions " + string(e.Kind))
	}
	if p := n.rec.Plan; p != nil {
		for _, g := range p.Gates {
			s.tally.add("gates tripped: " + string(g.Gate))
		}
	}
	if strings.Contains(n.rec.Summary.Message, "was not meant to") {
		s.tally.add("nights stopped by an unintended effect")
	}
	if strings.Contains(n.rec.Summary.Message, "did not pass its check") {
		s.tally.add("nights stopped by the first write's check")
	}
	if n.maxDuration > 0 && n.rec.Summary.Outcome == sync.Incomplete && strings.Contains(n.rec.Summary.Message, "SYNC_MAX_DURATION") {
		s.tally.add("nights stopped by SYNC_MAX_DURATION")
	}
}
