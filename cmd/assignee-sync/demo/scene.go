package demo

import (
	"context"
	"errors"
	"slices"
	"strings"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
	"procore-assignee-sync/sync/job"
	"procore-assignee-sync/sync/report"
)

// scene is one preset that the apply will change, as Procore has it before.
type scene struct {
	plan   sync.PresetPlan
	before procore.Preset
	groups []procore.ResponsibleGroup
}

// newScene picks the preset with the most changed groups, and reads it.
func newScene(ctx context.Context, j *job.Job, plan *sync.Plan) (*scene, error) {
	var s scene
	most := 0
	for _, p := range plan.Presets {
		changed := 0
		for _, g := range p.Groups {
			if !slices.Equal(g.Before, g.After) {
				changed++
			}
		}
		if changed > most {
			s.plan, most = p, changed
		}
	}
	if most == 0 {
		return nil, errors.New("the demo's plan changes nothing")
	}
	var err error
	if s.before, err = j.Procore.Preset(ctx, s.plan.Ref); err != nil {
		return nil, err
	}
	version, err := j.Procore.Version(ctx, s.plan.VersionID)
	s.groups = version.Groups
	return &s, err
}

// look shows the preset again after the apply, group by group.
func (d *play) look(ctx context.Context, j *job.Job, s *scene) error {
	d.act("4. What Procore says now, asked again")
	after, err := j.Procore.Preset(ctx, s.plan.Ref)
	if err != nil {
		return err
	}
	d.say("%s, %s %s:", s.plan.TemplateName, s.plan.ProjectNumber, s.plan.ProjectName)
	rows := [][]string{{"GROUP", "BEFORE", "NOW", "WHY"}}
	for _, m := range after.Memberships {
		was, is := peopleIn(s.before, m.Group), peopleIn(after, m.Group)
		rows = append(rows, []string{s.groupName(m.Group), cells(was), cells(is), s.note(m.Group, slices.Equal(was, is))})
	}
	return report.Table(d.Out, rows...)
}

func (s *scene) groupName(id procore.GroupUUID) string {
	for _, g := range s.groups {
		if g.UUID == id {
			return g.Name
		}
	}
	return "(a group of an earlier version)"
}

// note says why a group is as it is.
func (s *scene) note(id procore.GroupUUID, same bool) string {
	managed := slices.ContainsFunc(s.plan.Groups, func(g sync.GroupPlan) bool { return g.UUID == id })
	switch {
	case managed && same:
		return "as HR says already"
	case managed:
		return "now as HR says"
	case same:
		return "not ours: untouched"
	default:
		return "CHANGED THOUGH NOT OURS"
	}
}

func peopleIn(p procore.Preset, id procore.GroupUUID) []string {
	var names []string
	for _, m := range p.Memberships {
		if m.Group != id {
			continue
		}
		for _, who := range m.Assignees {
			names = append(names, strings.TrimSpace(who.Name))
		}
	}
	return names
}
