package report

import (
	"fmt"
	"slices"
	"strings"

	"procore-assignee-sync/sync"
	"procore-assignee-sync/sync/planner"
)

// Check is everything that check found.
type Check struct {
	ExitCode int            `json:"exit_code"`
	Problems []CheckProblem `json:"problems"` // what keeps a run from starting or from passing
	Notices  []CheckNotice  `json:"notices"`  // what a run would report

	HR      *HRFacts                `json:"hr,omitempty"`
	RoleMap *sync.RoleMapFacts      `json:"role_map,omitempty"`
	Procore *ProcoreFacts           `json:"procore,omitempty"`
	Groups  []planner.GroupCoverage `json:"groups,omitempty"`

	// What Notices are made of: limits that would refuse a run, and the plan's exceptions.
	gates      []gateTold
	exceptions []sync.Exception
}

// NewCheck returns a check that has found nothing yet.
func NewCheck() *Check { return &Check{Problems: []CheckProblem{}, Notices: []CheckNotice{}} }

// Area is what a problem concerns.
type Area string

// The areas, in the order in which they are looked at.
const (
	AreaSettings Area = "settings"
	AreaHR       Area = "hr data"
	AreaRoleMap  Area = "role map"
	AreaProcore  Area = "procore"
	AreaLedger   Area = "ledger"
	AreaGates    Area = "gates"
)

// CheckProblem is something that must be mended.
type CheckProblem struct {
	Area Area   `json:"area"`
	What string `json:"what"` // with what to do, on further lines
	code int
}

// CheckNotice is something to know of one kind, such as people without a Procore login.
type CheckNotice struct {
	Kind    sync.Kind `json:"kind"`
	Subject string    `json:"subject"`
	Detail  string    `json:"detail"`
	Where   string    `json:"where,omitempty"` // template, group, project
	Source  string    `json:"source,omitempty"`
	// Undone says that an apply would end incomplete because of it.
	Undone bool `json:"undone"`
}

// Problem adds a problem, with the exit code that a run would end with because of it.
func (c *Check) Problem(area Area, code int, what string) {
	c.Problems = append(c.Problems, CheckProblem{area, what, code})
}

// Failed adds an error that kept something from being looked at, with what to do about it.
func (c *Check) Failed(area Area, code int, err error) {
	what := strings.TrimPrefix(err.Error(), "the "+string(area)+": ")
	if todo := Advice(err); todo != "" {
		what += "\n" + todo
	}
	c.Problem(area, code, what)
}

// Plan takes a plan that was made of all that was read, and looks at its gates and exceptions.
func (c *Check) Plan(plan *sync.Plan) {
	for _, g := range plan.Gates {
		c.gate(g)
	}
	c.exceptions = plan.Exceptions
	for _, e := range plan.Exceptions {
		c.Notices = append(c.Notices, CheckNotice{
			Kind: e.Kind, Subject: e.Subject, Detail: e.Detail, Where: whereOf(e), Source: e.Source, Undone: e.Incomplete && !e.Accepted,
		})
	}
}

// whereOf names template, group and project, as far as an exception does.
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

// gate tells of a limit that would refuse a run. Those that judge how much a plan changes are told only: that is what
// plan is for.
func (c *Check) gate(g sync.TrippedGate) {
	guide := GuideToGate(g.Gate)
	what := fmt.Sprintf("a run would be refused: %s; %s", Clean(g.Figure), guide.Todo)
	if guide.judgesThePlan() {
		c.Notices = append(c.Notices, CheckNotice{Kind: sync.Kind(g.Gate), Subject: "the plan as a whole", Detail: what})
		c.gates = append(c.gates, gateTold{string(g.Gate), Clean(g.Figure), guide.Todo})
		return
	}
	c.Problem(AreaGates, sync.ExitRefused, what)
}

// Undone counts the notices that would leave a run incomplete.
func (c *Check) Undone() int {
	n := 0
	for _, notice := range c.Notices {
		if notice.Undone {
			n++
		}
	}
	return n
}

// Conclude works out the exit code: that of the gravest problem.
func (c *Check) Conclude() {
	for _, code := range []int{sync.ExitConfig, sync.ExitUsage, sync.ExitFailed, sync.ExitIncomplete, sync.ExitRefused} {
		if slices.ContainsFunc(c.Problems, func(p CheckProblem) bool { return p.code == code }) {
			c.ExitCode = code
			return
		}
	}
}

// FinalLine is the last line that check says, with figures only.
func (c *Check) FinalLine() string {
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
	return fmt.Sprintf("exit %d, %s: %s in %s", c.ExitCode, ExitMeaning(c.ExitCode), sync.Several(len(c.Problems), "problem"),
		strings.Join(areas, ", "))
}
