package planner

import (
	"maps"
	"slices"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
)

// Needed returns what has to be read before Build. Ask again after reading until it is nothing.
//
// Lists of possible assignees are those of the presets that gain someone, and for each member who is in no list so far
// the one of the first preset that wants them, since their login may be known to such a list only. Lists that the
// snapshot holds already, or names as unreadable, are not asked for.
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

// noteLeavers notes by project and tool who would be removed: running workflows may wait for them.
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

// needsMore reports whether it has to be known who may be assigned, for somebody who comes or whom nothing found so far.
func (d *presetDecision) needsMore(asked map[*row]bool) bool {
	needs := d.needsList
	for _, group := range d.groups {
		needs = group.asksFirst(asked) || needs
	}
	return needs
}

// asksFirst reports whether somebody in the group is a member whom nothing found so far, and whom no preset before this
// one wanted. Those of the group are asked for from now on.
func (d *groupDecision) asksFirst(asked map[*row]bool) bool {
	first := false
	for _, r := range d.unresolved {
		if r.match == unmatched && !r.unknown && r.Login() != "" && !asked[r] {
			asked[r], first = true, true
		}
	}
	return first
}

// wants reports whether the preset would be written, but for a hold or for want of a list.
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

// onlyRemembered is why a preset is left out that would be written if it had been read in this run.
const onlyRemembered = "it would be changed, but what is remembered of it is old, and it was not read in this run"

// whereRemembered returns remembered presets that name everybody whose login is only remembered and leads HR to them.
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
