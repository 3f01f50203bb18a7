package planner

import (
	"slices"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
)

// Needed returns what has to be read before BuildPlan. Ask again after reading until it is nothing.
func Needed(in Inputs) sync.Needs {
	var needs sync.Needs
	p := newPlanner(in)
	for _, preset := range p.presets {
		if preset.Remembered && p.decide(preset).wants() {
			needs.Presets = append(needs.Presets, preset.Ref)
		}
	}
	if len(needs.Presets) == 0 {
		needs.People = p.whereRemembered()
	}
	if len(needs.Presets)+len(needs.People) == 0 {
		needs.Lists = NeededAssignees(in)
	}
	return needs
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
