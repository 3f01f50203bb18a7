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
	approve string // the command that lets exactly this plan pass; empty if none does, or if it is too late
}

// gateTold is one tripped gate: what was counted against which limit, and what to do.
type gateTold struct{ name, figure, todo string }

func refusalOf(rec sync.Record) *refusal {
	p := rec.Plan
	if p == nil || len(p.Gates) == 0 {
		return nil
	}
	r := &refusal{title: "Refused by " + sync.Several(len(p.Gates), "limit")}
	switch {
	case rec.Run.Command == sync.CommandPlan:
		r.title += ": this was a dry run, and an apply would write nothing"
	case rec.Summary.Outcome != sync.Refused: // otherwise the totals have said so
		r.title += ": nothing is written"
	}
	approved := rec.Run.Approved != "" && rec.Summary.Outcome != sync.Refused
	if approved {
		r.title = "Approved in spite of " + sync.Several(len(p.Gates), "limit")
		if rec.Run.Reason != "" && rec.Run.Reason != sync.NotGiven {
			r.title += " (" + Clean(rec.Run.Reason) + ")"
		}
	}
	for _, g := range p.Gates {
		told := gateTold{name: string(g.Gate), figure: Clean(g.Figure)}
		if !approved { // otherwise it is done
			told.todo = GateTodo(g)
		}
		r.gates = append(r.gates, told)
	}
	if Approvable(p) && isPlan(rec) && !approved {
		r.approve = Approval(p, rec.Run)
	}
	return r
}

// GateTodo says what to do about a tripped gate: what the gate itself says, since it knows the case, else what the
// guide says.
func GateTodo(g sync.TrippedGate) string { return cmp.Or(Clean(g.Allow), guide.ToGate(g.Gate).Todo) }

// inShort says in one line that limits were approved, and which.
func (r *refusal) inShort() string {
	var figures []string
	for _, g := range r.gates {
		figures = append(figures, g.name+": "+g.figure)
	}
	return r.title + ": " + strings.Join(figures, "; ")
}

// Approvable reports whether approving the plan would allow anything to be written.
func Approvable(p *sync.Plan) bool {
	for _, g := range p.Gates {
		if guide.ToGate(g.Gate).Ends == guide.Always {
			return false
		}
	}
	return len(p.Gates) > 0 && p.Digest != ""
}

// shortDigest returns the part of a digest that people type: the first 12 hex digits.
func shortDigest(digest string) string { return digest[:min(len(digest), 12)] }

// Approval returns the command that applies exactly this plan although gates refuse it. It repeats the flags that
// shaped the plan, so that it can be pasted.
func Approval(p *sync.Plan, run sync.Run) string {
	command := "assignee-sync apply"
	switch {
	case run.Command == sync.CommandHandover:
		command = "assignee-sync handover"
	case p.RollbackOf != "":
		command = "assignee-sync rollback " + p.RollbackOf
	}
	if run.Flags != "" {
		command += " " + run.Flags
	}
	return Clean(command + " " + strings.Join(ApproveFlags(p.Digest, run.Unattended), " "))
}

// ToFillIn stands in a suggested command for what only a person can say. If the command is run without replacing it,
// nothing counts as given.
const ToFillIn = "…"

// toApprove precedes a command that approves a plan.
const toApprove = "To apply exactly this plan although it was refused (" + ToFillIn + " is for who approves it, and why)"

// ApproveFlags returns the flags, quoted for a shell, with which a suggested command approves the plan with this
// digest. They include --yes if nobody can be asked.
func ApproveFlags(digest string, unattended bool) []string {
	flags := []string{"--approve", shortDigest(digest)}
	if unattended {
		flags = append(flags, "--yes")
	}
	return append(flags, "--approved-by", `"`+ToFillIn+`"`, "--reason", `"`+ToFillIn+`"`)
}
