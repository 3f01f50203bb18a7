package sync

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strings"
	"time"

	"procore-assignee-sync/hrsource"
	"procore-assignee-sync/procore"
)

// Inputs is everything a plan is made of. All of it is finished: nothing is read while planning.
type Inputs struct {
	Roster   *hrsource.Roster
	RoleMap  *RoleMap
	Snapshot *Snapshot
	Policy   Policy
	Baseline Baseline
	Accepted *Acceptances  // may be nil
	Today    hrsource.Date // which day it is in SYNC_TIMEZONE
	Now      time.Time     // for the roster's age alone; it is not in the plan
}

// BuildPlan works out the whole plan. An error is always a *ConfigError: whatever is wrong with the data becomes a
// tripped gate, a hold or an exception in the plan.
func BuildPlan(in Inputs) (*Plan, error) {
	if err := in.check(); err != nil {
		return nil, err
	}
	b := newBuilder(in)
	for i := range b.presets {
		b.planPreset(i)
	}
	return b.finish()
}

// NeededAssignees gives the lists of possible assignees that have to be read before BuildPlan, sorted: those of the
// presets that gain someone, and for each member who is in no list so far the one of the first preset that wants them,
// since their login may be known to such a list only. Lists that the snapshot holds already, or names as unreadable,
// are left out: call it again after reading until it is empty.
func NeededAssignees(in Inputs) []procore.AssigneeScope {
	b := newBuilder(in)
	needed := map[procore.AssigneeScope]bool{}
	asked := make([]bool, len(b.rows))
	for i := range b.presets {
		state := b.presets[i]
		drafts, ok := b.draftPreset(i)
		if !ok {
			continue
		}
		for _, d := range drafts {
			if b.needsList(d) || b.asksFirst(d, asked) {
				needed[state.Scope()] = true
			}
		}
	}
	var scopes []procore.AssigneeScope
	for scope := range needed {
		if _, read := in.Snapshot.Possible[scope]; !read && !b.out.lists[scope] {
			scopes = append(scopes, scope)
		}
	}
	slices.SortFunc(scopes, compareScopes)
	return scopes
}

// asksFirst says whether somebody in the group is a member whom nothing found so far, and whom no preset before this
// one wanted.
func (b *builder) asksFirst(d *draft, asked []bool) bool {
	first := false
	for _, i := range d.unresolved {
		row := &b.rows[i]
		if asked[i] || row.result != unmatched || row.project == unknownProject || row.member.Login() == "" {
			continue
		}
		asked[i], first = true, true
	}
	return first
}

// check refuses settings with which no plan can be judged.
func (in Inputs) check() error {
	if in.Policy.MaxAge > 0 && in.Roster.UpdatedAt.IsZero() {
		return &ConfigError{fmt.Sprintf("HR_MAX_AGE is %s, but it is not known how old %s is: a table needs a column "+
			"updated_at, and standard input has no time; unset HR_MAX_AGE or read a file", in.Policy.MaxAge, in.Roster.Source)}
	}
	for _, glob := range in.Policy.Protected {
		if _, err := path.Match(glob, ""); err != nil {
			return &ConfigError{fmt.Sprintf("SYNC_PROTECTED_LOGINS: %q is no pattern: write * for any text, ? for one character", glob)}
		}
	}
	return nil
}

// builder is one call of BuildPlan.
type builder struct {
	drafter
	in      Inputs
	presets []*PresetState // by project, then preset id
	seats   []int32        // everybody in the presets' groups as persons, in order
	seatsAt []int32        // by preset: where its seats begin
	layouts *layouts
	out     leftOut
	told    *telling
	plan    *Plan
	drafts  []*draft // of the preset at hand; reused
}

func newBuilder(in Inputs) *builder {
	b := &builder{in: in, presets: sortedPresets(in.Snapshot.Presets), told: newTelling()}
	people, seats := indexPeople(in.Snapshot, b.presets, in.Policy)
	b.seats, b.seatsAt = seats, make([]int32, len(b.presets))
	at := int32(0)
	for i, state := range b.presets {
		b.seatsAt[i] = at
		for j := range state.Preset.Memberships {
			at += int32(len(state.Preset.Memberships[j].Assignees))
		}
	}
	b.drafter = drafter{roster: readRoster(in, people), policy: in.Policy, marks: newMarks(len(people.all))}
	b.layouts = compileRules(in.RoleMap, b.roster)
	b.layouts.addLayouts(in.Snapshot, b.presets, b.roster)
	b.out = whatIsLeftOut(in.Snapshot, b.presets)
	b.plan = &Plan{
		Company: in.Snapshot.Company, Host: in.Snapshot.Host, Mode: in.Policy.Mode, Filtered: in.Snapshot.Filtered,
		Limits: Limits{
			MaxGroupRemovalPercent: in.Policy.MaxGroupRemovalPercent, MaxRemovalPercent: in.Policy.MaxRemovalPercent,
			MaxRemovals: in.Policy.MaxRemovals, AllowEmptyGroups: in.Policy.AllowEmptyGroups,
		},
		RoleMap: in.RoleMap.Facts(),
		Presets: []PresetPlan{}, Changes: []Change{},
	}
	return b
}

// sortedPresets gives the presets by project and id, however they came.
func sortedPresets(presets []PresetState) []*PresetState {
	out := make([]*PresetState, len(presets))
	for i := range presets {
		out[i] = &presets[i]
	}
	slices.SortStableFunc(out, func(a, b *PresetState) int { return CompareRefs(a.Ref, b.Ref) })
	return out
}

// finish adds what concerns the run as a whole, sorts, counts, judges and seals.
func (b *builder) finish() (*Plan, error) {
	p := b.plan
	r := b.in.Roster
	p.Roster = RosterFacts{
		Source: r.Source, Key: r.Key, Fingerprint: r.Fingerprint, UpdatedAt: r.UpdatedAt, Rows: r.Rows, Accepted: r.Accepted,
		Rejected: len(r.Rejected), Duplicates: r.Duplicates, Members: b.membersToday(),
	}
	p.Managed = b.layouts.managedGroups()
	p.Invisible = slices.Clone(b.in.Snapshot.Invisible)
	slices.SortFunc(p.Invisible, func(x, y InvisibleProjects) int { return procore.CompareIDs(x.TemplateID, y.TemplateID) })
	b.tellOddities()
	p.Exceptions = b.told.sorted(b.in.Accepted, b.in.Today)
	slices.SortFunc(p.Changes, CompareChanges)
	p.count()
	p.Gates = b.judgeGates()
	p.Seal()
	return p, nil
}

// CompareChanges is the order of changes everywhere: by project, template, preset, group, action, then login.
func CompareChanges(a, b Change) int {
	return cmp.Or(
		procore.CompareIDs(a.Project, b.Project),
		strings.Compare(a.TemplateName, b.TemplateName),
		procore.CompareIDs(a.Preset, b.Preset),
		strings.Compare(a.GroupName, b.GroupName),
		strings.Compare(string(a.GroupUUID), string(b.GroupUUID)),
		strings.Compare(string(a.Action), string(b.Action)),
		strings.Compare(foldLogin(a.Login), foldLogin(b.Login)),
		procore.CompareIDs(a.LoginID, b.LoginID),
	)
}
