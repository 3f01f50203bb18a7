package planner

import (
	"maps"
	"slices"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
)

// Needed returns what has to be read before Build. After reading it, call Needed again, until it returns nothing.
//
// It asks for the lists of possible assignees of the presets that gain someone. It also asks, for each member who has
// not been found so far, for the list of the first preset that wants them, since their login may appear in such a list
// only. It does not ask for lists that the snapshot holds already or names as unreadable.
func Needed(in Inputs) sync.Needs {
	p := newPlanner(in)
	var needs sync.Needs
	asked := map[*row]bool{}
	lists := map[procore.AssigneeScope]bool{}
	leave := map[procore.AssigneeScope]map[*person]bool{}
	for _, preset := range p.presets {
		d := p.decide(preset)
		if preset.Remembered && d.wants() {
			needs.Presets = append(needs.Presets, preset.Ref)
		}
		scope := preset.Scope()
		d.noteLeavers(leave)
		if _, read := in.Snapshot.Possible[scope]; d.needsMore(asked) && !read && !p.unread.lists[scope] {
			lists[scope] = true
		}
	}
	if len(needs.Presets) == 0 {
		needs.People = p.whereRemembered()
	}
	if len(needs.Presets)+len(needs.People) == 0 {
		needs.Lists = slices.SortedFunc(maps.Keys(lists), sync.CompareScopes)
	}
	needs.Foreseen.Assignees = len(lists)
	for _, people := range leave {
		needs.Foreseen.Looks += 1 + len(people)
	}
	return needs
}

// noteLeavers records, by project and tool, who would be removed, because running workflows may be waiting for them.
func (d *presetDecision) noteLeavers(by map[procore.AssigneeScope]map[*person]bool) {
	for _, group := range d.groups {
		for _, at := range group.people {
			if at.is != DecidedRemoved || group.hold != "" {
				continue
			}
			scope := d.preset.Scope()
			if by[scope] == nil {
				by[scope] = map[*person]bool{}
			}
			by[scope][at.who] = true
		}
	}
}

// needsMore reports whether the list of possible assignees is needed: somebody would be added, or a member has not been
// found so far.
func (d *presetDecision) needsMore(asked map[*row]bool) bool {
	needs := d.needsList
	for _, group := range d.groups {
		needs = group.asksFirst(asked) || needs
	}
	return needs
}

// asksFirst reports whether a member of the group has not been found so far and was not asked for by an earlier preset.
// It marks the group's members as asked for.
func (d *groupDecision) asksFirst(asked map[*row]bool) bool {
	first := false
	for _, r := range d.unresolved {
		if r.match == unmatched && !r.unknown && r.Login() != "" && !asked[r] {
			asked[r], first = true, true
		}
	}
	return first
}

// wants reports whether the preset would be written if there were no holds and no list were missing.
func (d *presetDecision) wants() bool {
	switch {
	case d.skipped == onlyRemembered:
		return true
	case d.skipped != "":
		return d.needsList
	default:
		return slices.ContainsFunc(d.groups, func(g *groupDecision) bool { return g.hold != "" })
	}
}

// onlyRemembered says why a preset that would be written is left out: it was not read in this run.
const onlyRemembered = "it would be changed, but what is remembered of it is old, and it was not read in this run"

// whereRemembered returns remembered presets that between them name everybody whom HR rows lead to through a login that
// is only remembered.
func (p *planner) whereRemembered() []procore.PresetRef {
	var refs []procore.PresetRef
	found := map[*person]bool{}
	for _, preset := range p.presets {
		if !preset.Remembered {
			continue
		}
		names := false
		for i := range preset.Preset.Memberships {
			for _, l := range preset.Preset.Memberships[i].Assignees {
				if who := p.people.byID[l.ID]; who.remembered && (who.inHR || who.meant.byAny()) && !found[who] {
					found[who], names = true, true
				}
			}
		}
		if names {
			refs = append(refs, preset.Ref)
		}
	}
	return refs
}
