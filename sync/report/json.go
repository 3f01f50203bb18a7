package report

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
)

// DocumentSchema is the version of the document that JSON writes. Adding a key does not change it; removing one, or
// changing its meaning, raises it.
const DocumentSchema = 1

// document is what JSON writes. Every list is present, and empty if there is nothing.
type document struct {
	Schema     int               `json:"schema"`
	RunID      string            `json:"run_id"`
	Command    sync.Command      `json:"command"`
	CompanyID  procore.CompanyID `json:"company_id"`
	Host       string            `json:"host"`
	StartedAt  *time.Time        `json:"started_at"`
	FinishedAt *time.Time        `json:"finished_at"` // null until the run has ended
	Version    string            `json:"version"`     // of assignee-sync
	RollbackOf string            `json:"rollback_of,omitempty"`
	By         string            `json:"by"`
	Approved   string            `json:"approved,omitempty"` // digest given with --approve; if present, so are the next two
	ApprovedBy string            `json:"approved_by,omitempty"`
	Reason     string            `json:"reason,omitempty"`

	Outcome  sync.Outcome `json:"outcome"` // done, incomplete, refused, failed
	ExitCode int          `json:"exit_code"`
	Message  string       `json:"message"` // the run's final line
	Totals   string       `json:"totals"`  // the summary line of the terminal report

	Digest  string             `json:"digest"` // 64 hex digits; empty if no plan was made
	Mode    sync.Mode          `json:"mode,omitempty"`
	Limits  *sync.Limits       `json:"limits"`
	Gates   []sync.TrippedGate `json:"gates"`
	Counts  *sync.PlanCounts   `json:"counts"`
	Results sync.ResultCounts  `json:"results"`
	Roster  *sync.RosterFacts  `json:"roster"`
	RoleMap *sync.RoleMapFacts `json:"role_map"`

	Todo            []todoDocument           `json:"todo"`   // what is left for a person to do, by kind
	People          []personDocument         `json:"people"` // one for each person and reason; those with the most changes come first
	Changes         []sync.Change            `json:"changes"`
	Exceptions      []sync.Exception         `json:"exceptions"`
	ExceptionCounts []sync.KindCount         `json:"exception_counts"`
	Presets         []sync.PresetPlan        `json:"presets"`             // every preset with a managed group, and what would be sent
	Running         *sync.WaitCounts         `json:"running,omitempty"`   // running workflows; left out if the run did not look
	Watched         *sync.WatchCounts        `json:"watched,omitempty"`   // people on the watch list, in a dry run
	Responses       []sync.Response          `json:"responses,omitempty"` // to running workflows
	ManagedGroups   []sync.ManagedGroup      `json:"managed_groups"`
	Invisible       []sync.InvisibleProjects `json:"invisible_projects"`

	PresetsRead sync.PresetsRead `json:"presets_read"` // how many of all presets were read now, and how many remembered

	Calls      []procore.CallCount  `json:"api_calls"`
	CallsTotal int                  `json:"api_calls_total"`
	Estimate   *sync.Estimate       `json:"estimate"` // of the apply; null if nothing would be sent or looked for
	Durations  []sync.PhaseDuration `json:"durations"`
}

// todoDocument is a kind of exception that left something undone.
type todoDocument struct {
	Kind  sync.Kind `json:"kind"`
	Count int       `json:"count"`
	Means string    `json:"means"`
	Todo  string    `json:"todo"`
}

// personDocument is one person and one reason, with what becomes of them by group.
type personDocument struct {
	LoginID    procore.LoginID `json:"login_id"`
	Login      string          `json:"login,omitempty"`
	PersonName string          `json:"person_name,omitempty"`
	EmployeeID string          `json:"employee_id,omitempty"`
	Reason     string          `json:"reason"`
	Sources    []string        `json:"sources"`
	Groups     []groupDocument `json:"groups"`
}

// groupDocument is what becomes of somebody in the groups of one name.
type groupDocument struct {
	GroupName string      `json:"group_name"`
	Action    sync.Action `json:"action"`
	Status    sync.Status `json:"status"`
	Hold      sync.Kind   `json:"hold,omitempty"`
	Presets   int         `json:"presets"`
	Projects  int         `json:"projects"`
	Company   bool        `json:"company,omitempty"` // the company's own presets are among them
}

// JSON writes the plan or result as one JSON document with the keys of DocumentSchema: the plan with its digest,
// counts, tripped gates, changes and exceptions, and how the run ended.
func JSON(w io.Writer, rec sync.Record) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(newDocument(rec)); err != nil {
		return fmt.Errorf("write the JSON report: %w", err)
	}
	return nil
}

func newDocument(rec sync.Record) document {
	run, sum, r := rec.Run, rec.Summary, read(rec)
	d := document{
		Schema: DocumentSchema, RunID: run.ID, Command: run.Command, CompanyID: run.Company, Host: run.Host,
		StartedAt: timeOrNull(run.StartedAt), FinishedAt: timeOrNull(run.FinishedAt), Version: run.Version,
		RollbackOf: run.RollbackOf, Outcome: sum.Outcome, ExitCode: sum.ExitCode, Message: sum.Message, Totals: r.totals,
		By: run.By, Approved: run.Approved, Todo: r.todoDocuments(), People: r.personDocuments(),
		Digest: sum.Digest, Gates: listed(sum.Gates), Results: sum.Results, Running: sum.Running, Watched: sum.Watched, Responses: rec.Responses,
		Changes: listed(rec.Changes), Exceptions: listed(rec.Exceptions), ExceptionCounts: sync.CountKinds(rec.Exceptions),
		Presets: []sync.PresetPlan{}, ManagedGroups: []sync.ManagedGroup{}, Invisible: []sync.InvisibleProjects{},
		PresetsRead: sum.Presets, Calls: listed(sum.Calls), CallsTotal: sum.CallsTotal, Estimate: sum.Estimate, Durations: listed(sum.Durations),
	}
	d.Reason = run.Reason
	if run.Approved != "" {
		d.ApprovedBy, d.Reason = cmp.Or(run.ApprovedBy, sync.NotGiven), cmp.Or(run.Reason, sync.NotGiven)
	}
	if p := rec.Plan; p != nil {
		d.Digest, d.Mode, d.Limits, d.Gates, d.Counts = p.Digest, p.Mode, &p.Limits, listed(p.Gates), &p.Counts
		d.Roster, d.RoleMap, d.Presets, d.ManagedGroups = &p.Roster, &p.RoleMap, listed(p.Presets), listed(p.Managed)
		d.Invisible = listed(p.Invisible)
	}
	return d
}

func listed[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

func timeOrNull(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC()
	return &t
}

func (r *reading) todoDocuments() []todoDocument {
	list := []todoDocument{}
	for _, k := range r.todo {
		list = append(list, todoDocument{k.kind, len(k.list), k.guide.Means, k.guide.Todo})
	}
	return list
}

func (r *reading) personDocuments() []personDocument {
	list := []personDocument{}
	for _, e := range r.people {
		d := personDocument{
			LoginID: e.id, Login: e.login, PersonName: e.name, EmployeeID: e.employee, Reason: e.why, Sources: listed(e.sources),
		}
		for _, g := range e.groups {
			d.Groups = append(d.Groups, groupDocument{g.group, g.action, g.status, g.hold, g.presets, g.projects, g.company})
		}
		list = append(list, d)
	}
	return list
}
