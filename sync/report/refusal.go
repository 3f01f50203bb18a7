package report

import (
	"cmp"
	"strings"

	"procore-assignee-sync/sync"
	"procore-assignee-sync/sync/report/guide"
)

// refusal is what the tripped gates mean for the run.
type refusal struct {
	title   string
	gates   []gateTold
	approve string // the command that lets exactly this plan pass; empty where none does, or it is too late
}

// gateTold is one tripped gate: what was counted against which limit, and what to do.
type gateTold struct{ name, figure, todo string }

func refusalOf(rec sync.Record) *refusal {
	p := rec.Plan
	if p == nil || len(p.Gates) == 0 {
		return nil
	}
	r := &refusal{title: "Refused by " + sync.Several(len(p.Gates), "limit") + ": nothing is written"}
	if rec.Run.Approved != "" && rec.Summary.Outcome != sync.Refused {
		r.title = "Approved in spite of " + sync.Several(len(p.Gates), "limit")
		if rec.Run.Reason != "" && rec.Run.Reason != sync.NotGiven {
			r.title += " (" + Clean(rec.Run.Reason) + ")"
		}
	}
	for _, g := range p.Gates {
		r.gates = append(r.gates, gateTold{string(g.Gate), Clean(g.Figure), cmp.Or(guide.ToGate(g.Gate).Todo, Clean(g.Allow))})
	}
	if Approvable(p) && isPlan(rec) {
		r.approve = Approval(p, rec.Run)
	}
	return r
}

// inShort says on one line that limits were approved, and which.
func (r *refusal) inShort() string {
	var figures []string
	for _, g := range r.gates {
		figures = append(figures, g.name+": "+g.figure)
	}
	return r.title + ": " + strings.Join(figures, "; ")
}

// Approvable reports whether approving the plan would let anything be written.
func Approvable(p *sync.Plan) bool {
	for _, g := range p.Gates {
		if guide.ToGate(g.Gate).Ends == guide.Always {
			return false
		}
	}
	return len(p.Gates) > 0 && p.Digest != ""
}

// shortDigest is what people type: the first 12 hex digits.
func shortDigest(digest string) string { return digest[:min(len(digest), 12)] }

// Approval returns the command that applies exactly this plan although gates refuse it. It repeats the flags that shaped the
// plan, so that it can be pasted.
func Approval(p *sync.Plan, run sync.Run) string {
	command := "assignee-sync apply"
	switch {
	case run.Command == "handover":
		command = "assignee-sync handover"
	case p.RollbackOf != "":
		command = "assignee-sync rollback " + p.RollbackOf
	}
	if run.Flags != "" {
		command += " " + run.Flags
	}
	return Clean(command + " --approve " + shortDigest(p.Digest))
}
