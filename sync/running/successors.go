package running

import (
	"context"
	"slices"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
)

// succession is who may take somebody's place on a step.
type succession struct {
	still  bool // the preset still has the person in a group that fills the step
	people []procore.Login
	onStep bool   // all of the people are on the step already
	closed string // why nobody can be a successor whatever HR says; empty if somebody can
}

// Why HR can't name a successor. Filling the team in HR does not help in these cases.
const (
	notThroughHR  = "no group that HR fills put them there"
	presetUnknown = "which preset the workflow has copied can't be told"
)

// successors works out who may take a person's place: those whom the preset now has in the managed groups that fill the
// step and through which the person is on it. It returns those who are not on the step yet or, if all of them are, all.
func (v *view) successors(ctx context.Context, instance procore.Instance, person procore.LoginID) (succession, error) {
	presets, err := v.presetsNow(ctx)
	if err != nil {
		return succession{}, err
	}
	its := procore.TemplateVersion{}
	if instance.Version != "" {
		if its, err = v.versions.get(ctx, instance.Version); err != nil {
			return succession{}, err
		}
	}
	preset, known := presetOf(instance, presets)
	if !known {
		return succession{closed: presetUnknown}, nil
	}
	return succeed(instance, its, preset, person), nil
}

// presetOf returns the preset that the workflow copied, which the workflow does not name: the one whose version it
// follows, else the only one that shares groups with it, else the only one there is.
func presetOf(instance procore.Instance, presets []presetNow) (presetNow, bool) {
	of := func(fits func(presetNow) bool) []presetNow {
		return slices.DeleteFunc(slices.Clone(presets), func(p presetNow) bool { return !fits(p) })
	}
	sameVersion := of(func(p presetNow) bool { return p.Template.Published != "" && p.Template.Published == instance.Version })
	sharesGroups := of(func(p presetNow) bool {
		return slices.ContainsFunc(p.Memberships, func(m procore.Membership) bool {
			return slices.ContainsFunc(instance.Memberships, func(i procore.InstanceMembership) bool { return i.Group == m.Group })
		})
	})
	for _, candidates := range [][]presetNow{sameVersion, sharesGroups, presets} {
		if len(candidates) == 1 {
			return candidates[0], true
		}
		if len(candidates) > 1 {
			break // there is no telling which, and the wrong people must not be invited
		}
	}
	return presetNow{}, false
}

// groupNamed is a group by its uuid and its folded name, since another version may have the same group under another
// uuid.
type groupNamed struct {
	uuid procore.GroupUUID
	name string
}

// shows reports whether the preset's group g is the workflow's group. Groups are compared by uuid, and by name only if
// the preset has no such uuid, since a later version may have given that name to another group.
func (p *presetNow) shows(its, g groupNamed) bool {
	known := slices.ContainsFunc(p.Memberships, func(m procore.Membership) bool { return m.Group == its.uuid }) ||
		slices.ContainsFunc(p.version.Groups, func(r procore.ResponsibleGroup) bool { return r.UUID == its.uuid })
	if known {
		return g.uuid == its.uuid
	}
	return its.name != "" && its.name == g.name
}

// succeed is pure: it works on what was read.
func succeed(instance procore.Instance, its procore.TemplateVersion, preset presetNow, person procore.LoginID) succession {
	step, stepKnown := its.Step(instance.Step.StepUUID)
	fills := func(g groupNamed) bool {
		return !stepKnown || slices.ContainsFunc(step.Groups, func(s procore.StepGroup) bool {
			return preset.shows(groupNamed{s.UUID, nameIn(its, s.UUID)}, g)
		})
	}
	through := sitsThrough(instance, its, preset, person)
	var out succession
	if !slices.ContainsFunc(preset.version.Groups, func(r procore.ResponsibleGroup) bool {
		g := groupNamed{r.UUID, sync.FoldName(r.Name)}
		return preset.managed[r.UUID] && fills(g) && through(g)
	}) {
		out.closed = notThroughHR
	}
	var seen []procore.LoginID
	for _, m := range preset.Memberships {
		g := groupNamed{m.Group, nameIn(preset.version, m.Group)}
		if !fills(g) || !stepKnown && !preset.managed[m.Group] {
			continue
		}
		if slices.ContainsFunc(m.Assignees, func(who procore.Login) bool { return who.ID == person }) {
			return succession{still: true}
		}
		if !preset.managed[m.Group] || !through(g) {
			continue
		}
		for _, who := range m.Assignees {
			if !slices.Contains(seen, who.ID) {
				seen = append(seen, who.ID)
				out.people = append(out.people, who)
			}
		}
	}
	slices.SortFunc(out.people, func(a, b procore.Login) int { return procore.CompareIDs(a.ID, b.ID) })
	missing := slices.DeleteFunc(slices.Clone(out.people), func(who procore.Login) bool {
		_, there := instance.Step.Response(who.ID)
		return there
	})
	if len(missing) > 0 {
		out.people = missing
	} else {
		out.onStep = len(out.people) > 0
	}
	return out
}

// sitsThrough returns the groups through which the person may be on the workflow. If the workflow does not show its
// groups, that is each of the step's groups.
func sitsThrough(instance procore.Instance, its procore.TemplateVersion, preset presetNow, person procore.LoginID) func(groupNamed) bool {
	if instance.Memberships == nil {
		return func(groupNamed) bool { return true }
	}
	var groups []groupNamed
	for _, m := range instance.Memberships {
		if !slices.ContainsFunc(m.Assignees, func(who procore.Login) bool { return who.ID == person }) {
			continue
		}
		name := sync.FoldName(m.Name)
		if name == "" {
			name = nameIn(its, m.Group)
		}
		groups = append(groups, groupNamed{m.Group, name})
	}
	return func(g groupNamed) bool {
		return slices.ContainsFunc(groups, func(its groupNamed) bool { return preset.shows(its, g) })
	}
}

// nameIn returns the folded name of a version's group, or nothing if the version does not have it.
func nameIn(version procore.TemplateVersion, uuid procore.GroupUUID) string {
	for _, g := range version.Groups {
		if g.UUID == uuid {
			return sync.FoldName(g.Name)
		}
	}
	return ""
}
