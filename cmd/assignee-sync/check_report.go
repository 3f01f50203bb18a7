package main

import (
	"fmt"
	"slices"
	"strings"

	"procore-assignee-sync/cmd/assignee-sync/settings"
	"procore-assignee-sync/sync"
	"procore-assignee-sync/sync/planner"
)

// checkReport is everything that check found.
type checkReport struct {
	ExitCode int            `json:"exit_code"`
	Problems []checkProblem `json:"problems"` // what keeps a run from starting or from passing
	Notices  []checkNotice  `json:"notices"`  // what a run would report

	HR      *hrFacts                `json:"hr,omitempty"`
	RoleMap *sync.RoleMapFacts      `json:"role_map,omitempty"`
	Procore *procoreFacts           `json:"procore,omitempty"`
	Groups  []planner.GroupCoverage `json:"groups,omitempty"`

	// What Notices are made of: limits that would refuse a run, and the plan's exceptions.
	gates      []string
	exceptions []sync.Exception
}

func newCheckReport() *checkReport {
	return &checkReport{Problems: []checkProblem{}, Notices: []checkNotice{}}
}

// The areas that problems belong to, in the order in which they are told.
const (
	areaSettings = "settings"
	areaHR       = "hr data"
	areaRoleMap  = "role map"
	areaProcore  = "procore"
	areaLedger   = "ledger"
	areaGates    = "gates"
)

// checkProblem is something that must be mended.
type checkProblem struct {
	Area string `json:"area"`
	What string `json:"what"`
	code int
}

// checkNotice is something to know of one kind, such as people without a Procore login.
type checkNotice struct {
	Kind    sync.Kind `json:"kind"`
	Subject string    `json:"subject"`
	Detail  string    `json:"detail"`
	Where   string    `json:"where,omitempty"` // template, group, project
	Source  string    `json:"source,omitempty"`
	// Undone says that an apply would end incomplete because of it.
	Undone bool `json:"undone"`
}

func (r *checkReport) problem(area string, code int, format string, args ...any) {
	r.Problems = append(r.Problems, checkProblem{area, fmt.Sprintf(format, args...), code})
}

// failure is a problem that kept something from being looked at, with what to do about it.
func (r *checkReport) failure(area string, err error) {
	what := strings.TrimPrefix(err.Error(), "the "+area+": ")
	if todo := advice(err); todo != "" {
		what += "\n" + todo
	}
	r.problem(area, exitCode(err, true), "%s", what)
}

func (r *checkReport) settings(err *settings.Error) {
	for _, p := range err.Problems {
		r.problem(areaSettings, err.ExitCode(), "%s %s", p.Name, p.What)
	}
}

// procoreAlone takes what was read from Procore where HR data or role map could not be.
func (r *checkReport) procoreAlone(snapshot *sync.Snapshot, err error) {
	if err != nil {
		r.failure(areaProcore, err)
		return
	}
	r.Procore = newProcoreFacts(snapshot)
}

// whole takes all that a plan would be made of, and looks at the plan.
func (r *checkReport) whole(in planner.Inputs, err error) {
	if err != nil {
		r.failure(areaProcore, err)
		return
	}
	r.Procore = newProcoreFacts(in.Snapshot)
	r.Groups = planner.Coverage(in).Groups
	plan, err := planner.Build(in)
	if err != nil {
		r.failure(areaGates, err)
		return
	}
	for _, g := range plan.Gates {
		r.gate(g)
	}
	r.exceptions = plan.Exceptions
	for _, e := range plan.Exceptions {
		r.Notices = append(r.Notices, notice(e))
	}
}

// undone counts the notices that would leave a run incomplete.
func (r *checkReport) undone() int {
	n := 0
	for _, notice := range r.Notices {
		if notice.Undone {
			n++
		}
	}
	return n
}

// gate tells of a limit that would refuse a run. Those that judge how much a plan changes are told only: that is what
// plan is for.
func (r *checkReport) gate(g sync.TrippedGate) {
	what := fmt.Sprintf("a run would be refused: %s; %s", g.Figure, g.Allow)
	switch g.Gate {
	case sync.GateRemovalPercent, sync.GateRemovals, sync.GateFirstRun:
		r.Notices = append(r.Notices, checkNotice{Kind: sync.Kind(g.Gate), Subject: "the plan as a whole", Detail: what})
		r.gates = append(r.gates, fmt.Sprintf("%s: %s", g.Gate, what))
	default:
		r.problem(areaGates, sync.ExitRefused, "%s", what)
	}
}

func notice(e sync.Exception) checkNotice {
	where := []string{}
	for _, w := range []struct{ what, name string }{
		{"template", e.TemplateName}, {"group", e.GroupName}, {"project", string(e.Project)},
	} {
		if w.name != "" {
			where = append(where, w.what+" "+w.name)
		}
	}
	return checkNotice{
		Kind: e.Kind, Subject: e.Subject, Detail: e.Detail, Where: strings.Join(where, ", "), Source: e.Source,
		Undone: e.Incomplete && !e.Accepted,
	}
}

// conclude works out the exit code: that of the gravest problem.
func (r *checkReport) conclude() {
	for _, code := range []int{sync.ExitConfig, sync.ExitUsage, sync.ExitFailed, sync.ExitIncomplete, sync.ExitRefused} {
		if slices.ContainsFunc(r.Problems, func(p checkProblem) bool { return p.code == code }) {
			r.ExitCode = code
			return
		}
	}
}

// lastWords is the final line, with figures only.
func (r *checkReport) lastWords() string {
	if len(r.Problems) == 0 {
		return fmt.Sprintf("exit 0, done: no problem, %s, %d of which would leave a run incomplete",
			sync.Several(len(r.Notices), "notice"), r.undone())
	}
	var areas []string
	for _, p := range r.Problems {
		if !slices.Contains(areas, p.Area) {
			areas = append(areas, p.Area)
		}
	}
	return fmt.Sprintf("exit %d, %s: %s in %s", r.ExitCode, meaning(r.ExitCode), sync.Several(len(r.Problems), "problem"), strings.Join(areas, ", "))
}
