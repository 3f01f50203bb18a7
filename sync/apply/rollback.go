package apply

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
)

// RollbackInput is what is needed to undo a run.
type RollbackInput struct {
	Company procore.CompanyID
	Host    string
	Run     sync.Run      // the run to undo
	Plan    *sync.Plan    // what that run planned, for the names; nil if it is lost
	Changes []sync.Change // what became of its changes, for the people's names and employee ids
	Steps   JournalFile   // that run's journal

	// Now holds each preset of RollbackRefs as just read, and Unreadable those that could not be read.
	Now        map[procore.PresetRef]procore.Preset
	Unreadable []sync.Unreadable

	// Possible holds the people who may be assigned now, for each scope of RollbackScopes. A preset whose scope is
	// known but whose list is missing is left out, since Procore would refuse the whole preset if it named one person
	// who may not be assigned.
	Possible map[procore.AssigneeScope][]procore.Login

	Limits sync.Limits // the removal limits to judge the plan by
}

// RollbackRefs returns the presets that a run changed or may have changed, by project and preset id.
func RollbackRefs(steps JournalFile) []procore.PresetRef {
	var refs []procore.PresetRef
	for ref, s := range steps.byPreset() {
		if s.mayHaveChanged() {
			refs = append(refs, ref)
		}
	}
	slices.SortFunc(refs, sync.CompareRefs)
	return refs
}

// mayHaveChanged reports whether a write took effect, or it is not known whether one did.
func (s presetSteps) mayHaveChanged() bool {
	o := s.outcome
	return len(s.intents) > 0 && (o == nil || o.Status == sync.Applied || o.Wrote || o.Unknown || o.Unintended)
}

// RollbackScopes returns the scopes of the lists of possible assignees that BuildRollback needs, sorted: those of the
// presets to which somebody is to be put back. A preset whose tool is not known, because the run's plan is lost, has
// none.
func RollbackScopes(in RollbackInput) ([]procore.AssigneeScope, error) {
	in.Possible = nil
	plan, err := buildRollback(in, false)
	if err != nil {
		return nil, err
	}
	needed := map[procore.AssigneeScope]bool{}
	for _, c := range plan.Changes {
		if c.Action != sync.Add || c.Status != sync.Planned {
			continue
		}
		i := slices.IndexFunc(plan.Presets, func(p sync.PresetPlan) bool { return p.Ref == c.Ref() })
		if scope, known := scopeOf(&plan.Presets[i]); known {
			needed[scope] = true
		}
	}
	return slices.SortedFunc(maps.Keys(needed), sync.CompareScopes), nil
}

func scopeOf(p *sync.PresetPlan) (scope procore.AssigneeScope, known bool) {
	return procore.AssigneeScope{Project: p.Ref.Project, Tool: p.Tool}, p.Tool.Type != ""
}

// BuildRollback plans to put the groups that a run changed back as they were before it, wherever they still hold what
// the run left. People who may not be assigned there any more, or who would then be in two groups that the run kept
// apart, are left out with an exception; the others are put back. A group that has moved since, or whose template has
// another published version now, is a conflict and left alone. Groups that the run was not meant to change are never
// touched, even if its write changed them; an exception then says who was in them. The plan is judged by the removal
// gates. A journal with damaged lines is refused.
func BuildRollback(in RollbackInput) (*sync.Plan, error) { return buildRollback(in, true) }

func buildRollback(in RollbackInput, checked bool) (*sync.Plan, error) {
	if n := len(in.Steps.Damaged); n > 0 {
		return nil, fmt.Errorf("line %d of the journal of run %s can't be read (%d such lines): nothing is put back from a "+
			"damaged journal; what is left of it shows who was in which group", in.Steps.Damaged[0], in.Run.ID, n)
	}
	if in.Run.ID == "" {
		return nil, errors.New("the run to undo has no id")
	}
	r := &rollback{
		in: in, checked: checked, seen: in.Steps.byPreset(), known: map[procore.PresetRef]sync.PresetPlan{},
		employees: map[procore.LoginID]string{}, plan: &sync.Plan{
			Company: in.Company, Host: in.Host, Mode: sync.Authoritative, Limits: in.Limits, RollbackOf: in.Run.ID,
			Gates: []sync.TrippedGate{}, Presets: []sync.PresetPlan{}, Changes: []sync.Change{}, Exceptions: []sync.Exception{}, Managed: []sync.ManagedGroup{},
		},
	}
	if in.Plan != nil {
		for _, p := range in.Plan.Presets {
			r.known[p.Ref] = p
		}
	}
	r.people = labelsOf(&sync.PresetPlan{}, in.Changes).people
	for _, c := range in.Changes {
		r.employees[c.LoginID] = c.EmployeeID
	}
	for _, u := range in.Unreadable {
		r.plan.Exceptions = append(r.plan.Exceptions, sync.Exception{
			Kind: sync.UnreadableKind, Subject: u.Subject, Detail: u.Detail, Project: u.Project, Incomplete: true,
		})
	}
	for _, ref := range RollbackRefs(in.Steps) {
		if now, ok := in.Now[ref]; ok {
			r.preset(ref, now)
		}
	}
	return r.judged(), nil
}

// rollback is one call of BuildRollback.
type rollback struct {
	in      RollbackInput
	checked bool // those who are put back are checked against who may be assigned
	seen    map[procore.PresetRef]presetSteps
	known   map[procore.PresetRef]sync.PresetPlan
	plan    *sync.Plan

	people    map[procore.LoginID]procore.Login // everything known about them, from any preset
	employees map[procore.LoginID]string        // HR's employee ids, as the run knew them
}

// preset plans what to put back in one preset.
func (r *rollback) preset(ref procore.PresetRef, now procore.Preset) {
	steps := r.seen[ref]
	first := steps.intents[0]
	p := r.known[ref]
	names := labelsOf(&p, nil)
	names.people = r.people
	p.Ref, p.VersionID, p.Groups, p.Write = ref, now.Template.Published, nil, nil
	for _, list := range [][]procore.Membership{first.Before, now.Memberships} {
		names.learnAll(list)
	}
	left, is := steps.left(), inLists(now.Memberships)
	before := inLists(first.Before)
	present := map[procore.GroupUUID]bool{}
	for _, m := range now.Memberships {
		present[m.Group] = true
	}
	for _, uuid := range steps.changed() {
		g := sync.GroupPlan{UUID: uuid, Name: names.group(uuid), Before: slices.Concat([]procore.LoginID{}, is[uuid]), Absent: !present[uuid]}
		g.After = sync.InOrder(g.Before, before[uuid])
		switch {
		case sync.SameLogins(g.Before, g.After):
		case first.VersionID != p.VersionID:
			r.conflict(&p, g, left[uuid], names, fmt.Sprintf("the published version of the template was %s and is %s",
				first.VersionID, orNone(string(p.VersionID))))
		case !sync.SameLogins(g.Before, left[uuid]):
			r.conflict(&p, g, left[uuid], names, fmt.Sprintf("the run left %s in the group, and now it holds %s",
				names.list(sync.LoginSet(left[uuid])), names.list(sync.LoginSet(g.Before))))
		default:
			p.Groups = append(p.Groups, g)
		}
	}
	r.tellUnintended(&p, steps, names)
	r.leaveOutWhoIsKeptApart(&p, now.Memberships, names)
	if r.checked {
		r.leaveOutWhoCantComeBack(&p, names)
	}
	if len(p.Groups) > 0 {
		r.put(p, now, names)
	}
}

// put adds a preset to the plan.
func (r *rollback) put(p sync.PresetPlan, now procore.Preset, names labels) {
	p.Write = sync.Payload(now.Memberships, p.Groups)
	for _, g := range p.Groups {
		r.plan.Changes = append(r.plan.Changes, r.changes(&p, g, names)...)
	}
	r.plan.Presets = append(r.plan.Presets, p)
}

// changes returns who is put back into a group and who is removed from it again.
func (r *rollback) changes(p *sync.PresetPlan, g sync.GroupPlan, names labels) []sync.Change {
	list := changesOfGroup(p, g, names, "rollback of "+r.in.Run.ID)
	for i := range list {
		list[i].EmployeeID = r.employees[list[i].LoginID]
	}
	return list
}

// conflict leaves alone a group that has moved since the run.
func (r *rollback) conflict(p *sync.PresetPlan, g sync.GroupPlan, left []procore.LoginID, names labels, why string) {
	meant := g
	meant.Before = left
	for _, c := range r.changes(p, meant, names) {
		c.Status, c.Error = sync.Conflict, why
		r.plan.Changes = append(r.plan.Changes, c)
	}
	r.plan.Exceptions = append(r.plan.Exceptions, sync.Exception{
		Kind: sync.ConflictKind, Subject: p.Subject(), TemplateName: p.TemplateName, GroupName: g.Name, Project: p.Ref.Project,
		Detail: why + ": it is left as it is; before the run it held " + names.list(sync.LoginSet(g.After)), Incomplete: true,
	})
}

// tellUnintended adds exceptions for groups that the run's write changed without meaning to.
func (r *rollback) tellUnintended(p *sync.PresetPlan, steps presetSteps, names labels) {
	if steps.outcome == nil || !steps.outcome.Unintended {
		return
	}
	before, left := peopleRead(steps.intents[len(steps.intents)-1].Before), peopleRead(steps.outcome.Left)
	for _, uuid := range differing(before, left) {
		if slices.Contains(steps.changed(), uuid) {
			continue
		}
		r.plan.Exceptions = append(r.plan.Exceptions, sync.Exception{
			Kind: sync.FailedKind, Subject: p.Subject(), TemplateName: p.TemplateName, GroupName: names.group(uuid),
			Project: p.Ref.Project, Incomplete: true,
			Detail: fmt.Sprintf("after the run's write this group, which is not managed, held %s instead of %s: "+
				"put it right by hand, a rollback leaves such groups alone", names.list(left[uuid]), names.list(before[uuid])),
		})
	}
}

// changed returns the groups that any attempt was to change, in the order of the journal.
func (s presetSteps) changed() []procore.GroupUUID {
	var list []procore.GroupUUID
	for _, intent := range s.intents {
		for _, uuid := range intent.Changed {
			if !slices.Contains(list, uuid) {
				list = append(list, uuid)
			}
		}
	}
	return list
}

// left returns what the run left in each group: what it sent last, or what it read afterwards if that was something
// else.
func (s presetSteps) left() map[procore.GroupUUID][]procore.LoginID {
	if s.outcome != nil && s.outcome.Unintended && s.outcome.Left != nil {
		return inLists(s.outcome.Left)
	}
	return writtenLists(s.intents[len(s.intents)-1].Send)
}

// judged counts, sorts and seals the plan.
func (r *rollback) judged() *sync.Plan {
	p := r.plan
	p.Count()
	slices.SortFunc(p.Changes, sync.CompareChanges)
	sync.SortExceptions(p.Exceptions)
	p.Gates = p.JudgeRemovals()
	p.Seal()
	return p
}
