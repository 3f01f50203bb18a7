package apply

import (
	"cmp"
	"slices"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
)

// presetSteps is what a journal says about one preset.
type presetSteps struct {
	intents []Intent
	outcome *WriteOutcome
}

// byPreset groups the journal's lines by preset.
func (f JournalFile) byPreset() map[procore.PresetRef]presetSteps {
	steps := map[procore.PresetRef]presetSteps{}
	for _, intent := range f.Intents {
		s := steps[intent.Ref]
		s.intents = append(s.intents, intent)
		steps[intent.Ref] = s
	}
	for i := range f.Outcomes {
		s := steps[f.Outcomes[i].Ref]
		s.outcome = &f.Outcomes[i]
		steps[f.Outcomes[i].Ref] = s
	}
	return steps
}

// maybeSent reports whether the preset was sent, or may have been.
func (s presetSteps) maybeSent() bool {
	return len(s.intents) > 0 && (s.outcome == nil || s.outcome.Status != sync.NotAttempted)
}

// verdict returns the verdict that the outcome records.
func (s presetSteps) verdict(p *sync.PresetPlan) verdict {
	o := s.outcome
	return verdict{
		status: o.Status, why: o.Error, group: o.Group, at: o.Time, already: s.already(p), httpStatus: o.HTTPStatus,
		requestID: o.RequestID, wrote: len(s.intents) > 0 && (o.Status == sync.Applied || o.Wrote || o.Unintended),
	}
}

// already returns the groups that no intent was to change, because they held what was planned when they were read
// again.
func (s presetSteps) already(p *sync.PresetPlan) map[procore.GroupUUID]bool {
	set := map[procore.GroupUUID]bool{}
	for _, g := range p.Groups {
		set[g.UUID] = true
	}
	for _, intent := range s.intents {
		for _, group := range intent.Changed {
			delete(set, group)
		}
	}
	return set
}

// inLists returns each group's people in their order.
func inLists(list []procore.Membership) map[procore.GroupUUID][]procore.LoginID {
	lists := make(map[procore.GroupUUID][]procore.LoginID, len(list))
	for _, m := range list {
		for _, who := range m.Assignees {
			lists[m.Group] = append(lists[m.Group], who.ID)
		}
	}
	return lists
}

func writtenLists(list []procore.GroupWrite) map[procore.GroupUUID][]procore.LoginID {
	lists := make(map[procore.GroupUUID][]procore.LoginID, len(list))
	for _, g := range list {
		lists[g.UUID] = append(lists[g.UUID], g.LoginIDs...)
	}
	return lists
}

// changesOfGroup returns who is added to a group and who is removed from it, in the plan's order.
func changesOfGroup(p *sync.PresetPlan, g sync.GroupPlan, n labels, reason string) []sync.Change {
	base := sync.Change{
		Project: p.Ref.Project, ProjectNumber: p.ProjectNumber, ProjectName: p.ProjectName, TemplateID: p.TemplateID,
		TemplateName: p.TemplateName, VersionID: p.VersionID, Preset: p.Ref.Preset, GroupUUID: g.UUID, GroupName: g.Name,
		Reason: sync.Only(reason), Status: sync.Planned,
	}
	change := func(action sync.Action, id procore.LoginID) sync.Change {
		c := base
		c.Action, c.LoginID, c.Login, c.PersonName = action, id, n.people[id].Login, n.people[id].Name
		return c
	}
	before, after := sync.LoginSet(g.Before), sync.LoginSet(g.After)
	var list []sync.Change
	for _, id := range g.After {
		if !before[id] {
			list = append(list, change(sync.Add, id))
		}
	}
	for _, id := range g.Before {
		if !after[id] {
			list = append(list, change(sync.Remove, id))
		}
	}
	slices.SortStableFunc(list, func(a, b sync.Change) int {
		return cmp.Or(cmp.Compare(a.Action, b.Action), cmp.Compare(a.Login, b.Login), procore.CompareIDs(a.LoginID, b.LoginID))
	})
	return list
}
