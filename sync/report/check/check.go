// Package check words what the command check found: problems first, then what a run would see.
package check

import (
	"fmt"
	"slices"
	"strings"

	"procore-assignee-sync/sync"
	"procore-assignee-sync/sync/planner"
	"procore-assignee-sync/sync/report"
	"procore-assignee-sync/sync/report/guide"
)

// Report is everything that check found.
type Report struct {
	ExitCode int       `json:"exit_code"`
	Problems []Problem `json:"problems"` // what keeps a run from starting or from passing
	Notices  []Notice  `json:"notices"`  // what a run would report

	HR      *HRFacts                `json:"hr,omitempty"`
	RoleMap *sync.RoleMapFacts      `json:"role_map,omitempty"`
	Procore *ProcoreFacts           `json:"procore,omitempty"`
	Groups  []planner.GroupCoverage `json:"groups,omitempty"`
	Apart   []planner.Standing      `json:"separation,omitempty"` // people in both of two groups that SYNC_SEPARATION keeps apart

	// Notices are made from these: limits that would refuse a run, and the plan's exceptions.
	gates      []refusal
	exceptions []sync.Exception
}

// New returns the report of a check that has found nothing yet.
func New() *Report { return &Report{Problems: []Problem{}, Notices: []Notice{}} }

// refusal is a limit that would refuse a run: what was counted against which limit, and what to do.
type refusal struct{ name, figure, todo string }

// Area is the part of the configuration that a problem is about.
type Area string

// The areas, in the order in which they are checked.
const (
	AreaSettings Area = "settings"
	AreaHR       Area = "hr data"
	AreaRoleMap  Area = "role map"
	AreaProcore  Area = "procore"
	AreaLedger   Area = "ledger"
	AreaGates    Area = "gates"
)

// Problem is something that must be corrected.
type Problem struct {
	Area Area   `json:"area"`
	What string `json:"what"` // and what to do, on further lines
	code int
}

// Notice is something to know, of one kind, such as people without a Procore login.
type Notice struct {
	Kind    sync.Kind      `json:"kind"`
	Subject string         `json:"subject"`
	Detail  string         `json:"detail"`
	Where   string         `json:"where,omitempty"` // template, group, project
	Source  sync.Positions `json:"source,omitempty"`
	// Undone reports whether an apply would end incomplete because of it.
	Undone bool `json:"undone"`
}

// Problem adds a problem, with the exit code that a run would end with because of it.
func (c *Report) Problem(area Area, code int, what string) {
	c.Problems = append(c.Problems, Problem{area, what, code})
}

// Failed adds an error that kept something from being checked, with what to do about it.
func (c *Report) Failed(area Area, code int, err error) {
	what := err.Error()
	if todo := guide.ToError(err); todo != "" {
		what += "\n" + todo
	}
	c.Problem(area, code, what)
}

// Plan adds the gates and exceptions of a plan made from everything that was read.
func (c *Report) Plan(plan *sync.Plan) {
	for _, g := range plan.Gates {
		c.gate(g)
	}
	c.exceptions = plan.Exceptions
	for _, e := range plan.Exceptions {
		c.Notices = append(c.Notices, Notice{
			Kind: e.Kind, Subject: e.Subject, Detail: e.Detail, Where: whereOf(e), Source: e.Source, Undone: e.Incomplete && !e.Accepted,
		})
	}
}

// whereOf names template, group and project, as far as the exception has them.
func whereOf(e sync.Exception) string {
	var where []string
	for _, w := range []struct{ what, name string }{
		{"template", e.TemplateName}, {"group", e.GroupName}, {"project", string(e.Project)},
	} {
		if w.name != "" {
			where = append(where, w.what+" "+w.name)
		}
	}
	return strings.Join(where, ", ")
}

// gate adds a limit that would refuse a run. Limits on how much a plan changes are only notices, since judging these is
// what plan is for.
func (c *Report) gate(g sync.TrippedGate) {
	todo := report.GateTodo(g)
	what := fmt.Sprintf("a run would be refused: %s; %s", report.Clean(g.Figure), todo)
	if guide.ToGate(g.Gate).JudgesThePlan() {
		c.Notices = append(c.Notices, Notice{Kind: sync.Kind(g.Gate), Subject: "the plan as a whole", Detail: what})
		c.gates = append(c.gates, refusal{string(g.Gate), report.Clean(g.Figure), todo})
		return
	}
	c.Problem(AreaGates, sync.ExitRefused, what)
}

// Undone returns the number of notices that would leave a run incomplete.
func (c *Report) Undone() int {
	n := 0
	for _, notice := range c.Notices {
		if notice.Undone {
			n++
		}
	}
	return n
}

// Conclude sets the exit code: that of the most serious problem.
func (c *Report) Conclude() {
	for _, code := range []int{sync.ExitConfig, sync.ExitUsage, sync.ExitFailed, sync.ExitIncomplete, sync.ExitRefused} {
		if slices.ContainsFunc(c.Problems, func(p Problem) bool { return p.code == code }) {
			c.ExitCode = code
			return
		}
	}
}

// FinalLine returns the final line of check, which contains only figures.
func (c *Report) FinalLine() string {
	if len(c.Problems) == 0 {
		return fmt.Sprintf("exit 0, done: no problem, %s, %d of which would leave a run incomplete",
			sync.Several(len(c.Notices), "notice"), c.Undone())
	}
	var areas []string
	for _, p := range c.Problems {
		if !slices.Contains(areas, string(p.Area)) {
			areas = append(areas, string(p.Area))
		}
	}
	return fmt.Sprintf("exit %d, %s: %s in %s", c.ExitCode, guide.ExitMeaning(c.ExitCode), sync.Several(len(c.Problems), "problem"),
		strings.Join(areas, ", "))
}
