package planner

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"time"

	"procore-assignee-sync/hrsource"
	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
)

// Inputs is everything that a plan is made from. All of it has been read in full: planning itself reads nothing.
type Inputs struct {
	Roster     *hrsource.Roster
	RoleMap    *RoleMap
	Snapshot   *sync.Snapshot
	Policy     sync.Policy
	Baseline   sync.Baseline
	Accepted   *sync.Acceptances // may be nil
	Separation *Separation       // may be nil
	Today      hrsource.Date     // which day it is in SYNC_TIMEZONE
	Now        time.Time         // only for judging the roster's age; it does not go into the plan
}

// check rejects settings under which no plan can be judged.
func (in Inputs) check() error {
	if in.Policy.MaxAge > 0 && in.Roster.UpdatedAt.IsZero() {
		return &sync.ConfigError{What: fmt.Sprintf("HR_MAX_AGE is %s, but it is not known how old %s is: a table needs a column "+
			"updated_at, and standard input has no time; unset HR_MAX_AGE or read a file", in.Policy.MaxAge, in.Roster.Source)}
	}
	for _, glob := range in.Policy.Protected {
		if _, err := path.Match(glob, ""); err != nil {
			return &sync.ConfigError{What: fmt.Sprintf("SYNC_PROTECTED_LOGINS: %q is not a pattern: write * for any text, ? for one character", glob)}
		}
	}
	return nil
}

// Build works out the whole plan. An error is always a *sync.ConfigError: whatever is wrong with the data becomes a
// tripped gate, a hold or an exception in the plan.
func Build(in Inputs) (*sync.Plan, error) {
	if err := in.check(); err != nil {
		return nil, err
	}
	p := newPlanner(in)
	plan := p.emptyPlan()
	told := newExceptions(p)
	for _, preset := range p.presets {
		d := p.decide(preset)
		told.ofPreset(d)
		if d.skipped == "" && len(d.groups) > 0 {
			plan.Presets = append(plan.Presets, d.plan())
			plan.Changes = p.appendChanges(plan.Changes, d)
		}
	}
	told.ofRun()
	plan.Exceptions = told.sorted(in.Accepted, in.Today)
	slices.SortFunc(plan.Changes, sync.CompareChanges)
	plan.Count()
	plan.Gates = p.judge(plan)
	plan.Seal()
	return plan, nil
}

// judge returns every gate that a new plan trips.
func (p *planner) judge(plan *sync.Plan) []sync.TrippedGate {
	tripped := p.judgeScope(plan)
	tripped = append(tripped, plan.JudgeRoster(p.in.Policy, p.in.Baseline, p.in.Now)...)
	return append(tripped, plan.JudgeRemovals()...)
}

// judgeScope refuses a plan that manages no group at all, and says why that is so.
func (p *planner) judgeScope(plan *sync.Plan) []sync.TrippedGate {
	s := p.in.Snapshot
	gate := sync.TrippedGate{Gate: sync.GateNoPresets, Allow: "look at what could not be read, and run again"}
	if unread := s.FirstUnread(); unread != nil {
		gate.Figure = fmt.Sprintf("%s could not be read: %s", unread.Subject, unread.Detail)
	}
	switch {
	case len(p.presets) == 0 && gate.Figure != "":
		gate.Figure = "no preset was found: " + gate.Figure
	case len(p.presets) == 0 && s.Partial():
		gate.Figure, gate.Allow = "there was no time to read any preset", "run again, or raise SYNC_MAX_DURATION"
	case len(p.presets) == 0:
		gate.Figure = "no preset was found"
		gate.Allow = "give the service account access to projects with workflow presets, or correct SYNC_TEMPLATES and SYNC_PROJECTS"
	case len(plan.Managed) == 0 && gate.Figure != "" && !slices.ContainsFunc(p.groups.versions, func(v *templateVersion) bool { return v.inUse }):
		gate.Gate = sync.GateNoManaged
		gate.Figure = fmt.Sprintf("%s found, and no version of their templates: %s", sync.Several(len(p.presets), "preset"), gate.Figure)
	case len(plan.Managed) == 0:
		gate.Gate, gate.Figure = sync.GateNoManaged, fmt.Sprintf("the role map names no group of the %d presets that were found", len(p.presets))
		gate.Allow = "name a template and a group as Procore spells them; check lists the groups"
	default:
		return []sync.TrippedGate{}
	}
	return []sync.TrippedGate{gate}
}

// emptyPlan returns the plan without the parts that depend on individual presets.
func (p *planner) emptyPlan() *sync.Plan {
	s, r, policy := p.in.Snapshot, p.in.Roster, p.in.Policy
	plan := &sync.Plan{
		Company: s.Company, Host: s.Host, Mode: policy.Mode, Limits: policy.Limits, Filtered: s.Filtered,
		RoleMap: p.in.RoleMap.Facts(),
		Roster: sync.RosterFacts{
			Source: r.Source, Key: r.Key, Fingerprint: r.Fingerprint, UpdatedAt: r.UpdatedAt, Rows: r.Rows, Accepted: r.Accepted,
			Rejected: len(r.Rejected), Duplicates: r.Duplicates, Members: CountPeople(r.Members, p.in.Today).Today, First: p.in.Baseline.SameSource == nil,
			Columns: r.Columns, Causes: r.Causes,
		},
		Presets: []sync.PresetPlan{}, Changes: []sync.Change{},
		Managed: p.managed(), Invisible: p.invisible(),
	}
	return plan
}

// plan returns the preset as the plan holds it, with the whole list to send if anything differs.
func (d *presetDecision) plan() sync.PresetPlan {
	p := sync.PresetPlan{
		Ref: d.preset.Ref, ProjectNumber: d.preset.Project.Number, ProjectName: d.preset.Project.Name,
		TemplateID: d.version.template, TemplateName: d.version.name, VersionID: d.version.id, Tool: d.preset.Tool,
		Groups: make([]sync.GroupPlan, 0, len(d.groups)),
	}
	if d.preset.Remembered {
		p.ReadAt = d.preset.ReadAt
	}
	var changed []sync.GroupPlan
	for _, group := range d.groups {
		g := group.plan()
		p.Groups = append(p.Groups, g)
		if group.changes() {
			changed = append(changed, g)
		}
	}
	if len(changed) > 0 {
		p.Write, p.Apart = sync.Payload(d.preset.Preset.Memberships, changed), d.version.apart()
	}
	return p
}

// plan returns the group as the plan holds it: ids only.
func (d *groupDecision) plan() sync.GroupPlan {
	read := d.assignees()
	g := sync.GroupPlan{UUID: d.group.UUID, Name: d.group.Name, Absent: d.read == nil, Hold: d.hold, Before: make([]procore.LoginID, len(read))}
	for i := range read {
		g.Before[i] = read[i].ID
	}
	g.After = g.Before
	switch {
	case d.changes():
		g.After = d.wanted()
	case d.hold != "":
		// Leave Wanted nil when it is empty, because that is what a saved plan gives when it is read back.
		if wanted := d.wanted(); len(wanted) > 0 {
			g.Wanted = wanted
		}
	}
	return g
}

// wanted returns who would be in the group if the group as a whole were not held: first those who stay, in their
// present order, then those who are added, by login.
func (d *groupDecision) wanted() []procore.LoginID {
	ids := make([]procore.LoginID, 0, len(d.people))
	for _, at := range d.people {
		switch {
		case at.is == DecidedRemoved, at.is == DecidedNotAssignable, at.is == DecidedHeldRemove && !at.heldForMistake, at.apartFrom != nil:
		default:
			ids = append(ids, at.who.id)
		}
	}
	return ids
}

// appendChanges appends one change for each person whom the decision adds, removes or holds.
func (p *planner) appendChanges(changes []sync.Change, d *presetDecision) []sync.Change {
	for _, group := range d.groups {
		for _, at := range group.people {
			if action, status := at.change(); action != "" {
				changes = append(changes, p.change(d, group, at, action, status))
			}
		}
	}
	return changes
}

// change returns the decision as an action and its status. The action is empty if the decision changes nothing.
func (p placed) change() (sync.Action, sync.Status) {
	switch p.is {
	case DecidedAdded:
		return sync.Add, sync.Planned
	case DecidedHeldAdd:
		return sync.Add, sync.Held
	case DecidedRemoved:
		return sync.Remove, sync.Planned
	case DecidedHeldRemove:
		return sync.Remove, sync.Held
	default:
		return "", ""
	}
}

func (p *planner) change(d *presetDecision, g *groupDecision, at placed, action sync.Action, status sync.Status) sync.Change {
	rows := g.rowsOf(at)
	c := sync.Change{
		Project: d.preset.Ref.Project, ProjectNumber: d.preset.Project.Number, ProjectName: d.preset.Project.Name,
		TemplateID: d.version.template, TemplateName: d.version.name, VersionID: d.version.id, Preset: d.preset.Ref.Preset,
		GroupUUID: g.group.UUID, GroupName: g.group.Name, Action: action,
		LoginID: at.who.id, Login: at.who.login, PersonName: at.who.name, EmployeeID: at.who.employeeID,
		Reason: p.why(g, at), Source: sourceOf(rows), Status: status,
		HasLeft: action == sync.Remove && at.who.hasLeft(nil, p.in.Today),
	}
	for _, r := range slices.Backward(rows) {
		c.EmployeeID = cmp.Or(r.EmployeeID, c.EmployeeID)
		if at.who.name == "" {
			c.PersonName = cmp.Or(r.Name, c.PersonName)
		}
	}
	return c
}
