package running

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
)

// view is one place as a look reads it: each workflow, preset and version at most once.
type view struct {
	Reader
	opts      LookOptions
	versions  *versions
	templates func() ([]procore.Template, error)
	scope     procore.AssigneeScope

	listed    bool // whether running has been listed; notListed says why it is not known
	running   []procore.InstanceSummary
	notListed error

	instances map[procore.InstanceID]procore.Instance
	presets   []presetNow
	gotAll    bool
}

// presetNow is a preset of the place with its groups as its published version names them.
type presetNow struct {
	procore.Preset
	version procore.TemplateVersion
	managed map[procore.GroupUUID]bool
}

// person finds the workflows that are waiting for one person.
func (v *view) person(ctx context.Context, e Watched) ([]sync.Waiting, error) {
	hits, err := v.active(ctx, e.Person.ID)
	if err != nil {
		return nil, err
	}
	var rows []sync.Waiting
	for _, hit := range hits {
		instance, err := v.instance(ctx, hit.ID)
		if err != nil {
			if notLooked(err) {
				return rows, err
			}
			row := rowOf(e)
			row.Instance, row.Item, row.State, row.Error = hit.ID, hit.Item, sync.WaitUnreadable, err.Error()
			rows = append(rows, row)
			continue
		}
		response, waits := openResponse(instance, e.Person.ID)
		if !waits {
			continue
		}
		row := rowOn(rowOf(e), instance, response)
		s, err := v.successors(ctx, instance, e.Person.ID)
		if err != nil {
			return rows, err
		}
		if s.still {
			continue // the preset still has them in a group of this step: nobody removed them from it
		}
		row.Successors, row.OnStep, row.Error = s.people, s.onStep, s.closed
		if others := waitsForToo(instance, e.Person.ID); s.closed != "" && len(others) > 0 {
			row.Error += "; the step waits for " + strings.Join(others, ", ") + " too" // perhaps including somebody whom a hand-over has invited
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// waitsForToo lists the others who have not answered the current step.
func waitsForToo(instance procore.Instance, person procore.LoginID) (others []string) {
	for _, r := range instance.Step.Responses {
		if text := personText(r.Assignee); !r.Submitted && r.Assignee.ID != person && r.Assignee.ID != "" && !slices.Contains(others, text) {
			others = append(others, text)
		}
	}
	slices.Sort(others)
	return others
}

// openResponse returns the person's place on the current step if they have not responded yet.
func openResponse(instance procore.Instance, person procore.LoginID) (procore.ResponseOccurrence, bool) {
	if instance.Ended || instance.Step == nil {
		return procore.ResponseOccurrence{}, false
	}
	response, there := instance.Step.Response(person)
	return response, there && !response.Submitted
}

// rowOn fills in the row of a person for whom a step of a workflow is waiting.
func rowOn(row sync.Waiting, instance procore.Instance, response procore.ResponseOccurrence) sync.Waiting {
	row.Instance, row.Item = instance.ID, instance.Item
	row.Step, row.StepName = instance.Step.ID, instance.Step.Name
	row.StartedAt, row.OverdueAt = instance.Step.StartedAt, instance.Step.OverdueAt
	row.Required, row.State = response.Required, sync.Waits
	if row.Person.Login == "" {
		row.Person = response.Assignee
	}
	return row
}

// instance reads a workflow of the place.
func (v *view) instance(ctx context.Context, id procore.InstanceID) (procore.Instance, error) {
	if instance, read := v.instances[id]; read {
		return instance, nil
	}
	if err := v.room(); err != nil {
		return procore.Instance{}, err
	}
	instance, err := v.Instance(ctx, procore.InstanceRef{Project: v.scope.Project, Instance: id})
	if err != nil {
		return procore.Instance{}, err
	}
	if v.instances == nil {
		v.instances = map[procore.InstanceID]procore.Instance{}
	}
	v.instances[id] = instance
	return instance, nil
}

// presetsNow reads the presets of the place as they are now. An error means that not all of them are known.
func (v *view) presetsNow(ctx context.Context) ([]presetNow, error) {
	if v.gotAll {
		return v.presets, nil
	}
	if err := v.room(); err != nil {
		return nil, err
	}
	summaries, err := collect(v.Presets(ctx, v.scope))
	if err != nil {
		return nil, err
	}
	var presets []presetNow
	for _, s := range summaries {
		if err := v.room(); err != nil {
			return nil, err
		}
		preset, err := v.Preset(ctx, procore.PresetRef{Project: v.scope.Project, Preset: s.ID})
		if err != nil {
			return nil, err
		}
		now := presetNow{Preset: preset}
		if preset.Template.Published != "" {
			if now.version, err = v.versions.get(ctx, preset.Template.Published); err != nil {
				return nil, err
			}
		}
		name, err := v.templateName(s)
		if err != nil {
			return nil, err
		}
		now.managed = v.managedGroups(name, now.version)
		presets = append(presets, now)
	}
	v.presets, v.gotAll = presets, true
	return presets, nil
}

// templateName returns the name of the preset's template, which a list of presets may leave out.
func (v *view) templateName(s procore.PresetSummary) (string, error) {
	if s.Template.Name != "" {
		return s.Template.Name, nil
	}
	templates, err := v.templates()
	if err != nil {
		return "", fmt.Errorf("read workflow templates: %w", err)
	}
	for _, t := range templates {
		if t.ID == s.Template.ID {
			return t.Name, nil
		}
	}
	return "", nil
}

// managedGroups returns the groups of a version that the role map fills. The groups managed at the last run are known
// by name. A group that Procore fills, or that shares its name with another one, is not managed in this version.
func (v *view) managedGroups(template string, version procore.TemplateVersion) map[procore.GroupUUID]bool {
	managed := map[procore.GroupUUID]bool{}
	for _, m := range v.opts.Managed {
		if sync.FoldName(m.TemplateName) != sync.FoldName(template) {
			continue
		}
		var named []procore.ResponsibleGroup
		for _, g := range version.Groups {
			if sync.FoldName(g.Name) == sync.FoldName(m.GroupName) {
				named = append(named, g)
			}
		}
		if len(named) == 1 && strings.EqualFold(named[0].Type, procore.TypeResponsibleRole) {
			managed[named[0].UUID] = true
		}
	}
	return managed
}

// versions reads each template version once. It is safe for concurrent use.
type versions struct {
	r Reader

	turn chan struct{} // held by one reader at a time, while it reads; waiting for it ends with ctx
	read map[procore.VersionID]procore.TemplateVersion
}

func newVersions(r Reader) *versions {
	return &versions{r: r, turn: make(chan struct{}, 1), read: map[procore.VersionID]procore.TemplateVersion{}}
}

func (s *versions) get(ctx context.Context, id procore.VersionID) (procore.TemplateVersion, error) {
	select {
	case s.turn <- struct{}{}:
		defer func() { <-s.turn }()
	case <-ctx.Done():
		return procore.TemplateVersion{}, fmt.Errorf("version %s: %w", id, ctx.Err())
	}
	if v, ok := s.read[id]; ok {
		return v, nil
	}
	v, err := s.r.Version(ctx, id)
	if err != nil {
		return v, fmt.Errorf("version %s: %w", id, err)
	}
	s.read[id] = v
	return v, nil
}
