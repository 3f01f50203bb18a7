package procore

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"net/url"
)

// Presets yields the presets of one tool in one project, or in the company where scope names no project.
//
// https://developers.procore.com/reference/rest/workflow-presets-project?version=latest#list-workflow-presets
// https://developers.procore.com/reference/rest/workflow-presets-company?version=latest#list-workflow-presets
func (c *Client) Presets(ctx context.Context, scope AssigneeScope) iter.Seq2[PresetSummary, error] {
	query := url.Values{"filters[tool_type]": {scope.Tool.Type}}
	if scope.Tool.Subtype != "" {
		query.Set("filters[tool_subtype]", scope.Tool.Subtype)
	}
	rows := all(ctx, c, listing[presetRow]{
		call: call{
			endpoint: byScope(scope.Project, endpointProjectPresets, endpointCompanyPresets),
			path:     c.scopePath(scope.Project) + "/workflows/presets",
			query:    query,
			project:  scope.Project,
		},
		perPage: perPageV2,
		rows:    presetRows,
		key:     func(r presetRow) string { return string(r.ID) },
	})
	return func(yield func(PresetSummary, error) bool) {
		if err := checkScope(scope); err != nil {
			yield(PresetSummary{}, err)
			return
		}
		for row, err := range rows {
			if !yield(row.summary(), err) {
				return
			}
		}
	}
}

// checkScope refuses an invalid project id. An empty one means the company.
func checkScope(scope AssigneeScope) error {
	if scope.Tool.Type == "" {
		return errors.New("no tool was named; nothing was sent")
	}
	if scope.Project == "" {
		return nil
	}
	return checkIDs("project", scope.Project)
}

func checkRef(ref PresetRef) error {
	if ref.Project != "" {
		if err := checkIDs("project", ref.Project); err != nil {
			return err
		}
	}
	return checkIDs("preset", ref.Preset)
}

type presetRow struct {
	ID       PresetID `json:"id"`
	Valid    *bool    `json:"valid"`
	Template struct {
		ID        TemplateID `json:"id"`
		Name      string     `json:"name"`
		Published VersionID  `json:"last_published_version_id"`
	} `json:"template"`
}

func presetRows(a answer) ([]presetRow, error) {
	rows, err := rowsV2[presetRow](a)
	for _, row := range rows {
		if row.ID == "" {
			return nil, errors.New("a preset without an id")
		}
	}
	return rows, err
}

func (r presetRow) summary() PresetSummary {
	return PresetSummary{ID: r.ID, Valid: r.isValid(), Template: PresetTemplate(r.Template)}
}

// isValid reports whether the preset is valid. One that does not say so counts as valid.
func (r presetRow) isValid() bool { return r.Valid == nil || *r.Valid }

// Preset returns one preset with its people. Its memberships are complete: null means no groups, and an answer without
// the field is an error.
//
// https://developers.procore.com/reference/rest/workflow-presets-project?version=latest#get-workflow-preset
// https://developers.procore.com/reference/rest/workflow-presets-company?version=latest#get-workflow-preset
func (c *Client) Preset(ctx context.Context, ref PresetRef) (Preset, error) {
	if err := checkRef(ref); err != nil {
		return Preset{}, err
	}
	req := call{
		endpoint: byScope(ref.Project, endpointProjectPreset, endpointCompanyPreset),
		path:     c.scopePath(ref.Project) + "/workflows/presets/" + string(ref.Preset),
		project:  ref.Project,
	}
	var preset Preset
	err := c.read(ctx, req, func(a answer) (err error) {
		if preset, err = decodePreset(a, ref.Preset); err != nil {
			return c.badAnswer(req, a, true, err)
		}
		return nil
	})
	return preset, err
}

type presetDetail struct {
	presetRow
	Manager     *Login            `json:"workflow_manager"`
	Memberships []membershipRow   `json:"responsible_group_memberships"`
	Individual  []individualOfRow `json:"individual_assignees"`
}

type membershipRow struct {
	Group     GroupUUID       `json:"responsible_group_uuid"`
	Assignees json.RawMessage `json:"assignees"`
}

type individualOfRow struct {
	Step   string `json:"step_uuid"`
	Logins []struct {
		ID       LoginID `json:"id"`
		Required bool    `json:"required"`
		RoleType string  `json:"role_type"`
	} `json:"logins"`
}

func decodePreset(a answer, id PresetID) (Preset, error) {
	detail, err := dataOf[presetDetail](a)
	if err != nil {
		return Preset{}, err
	}
	if detail.ID != id {
		return Preset{}, fmt.Errorf("it is preset %q, not %s", detail.ID, id)
	}
	if detail.Memberships == nil {
		if err := saysMemberships(a); err != nil {
			return Preset{}, err
		}
	}
	p := Preset{
		ID: detail.ID, Valid: detail.isValid(), Template: PresetTemplate(detail.Template),
		Memberships: make([]Membership, 0, len(detail.Memberships)),
	}
	if detail.Manager != nil {
		p.Manager = detail.Manager.ID
	}
	for i, row := range detail.Memberships {
		m, err := row.membership()
		if err != nil {
			return Preset{}, fmt.Errorf("responsible_group_memberships, entry %d: %w", i+1, err)
		}
		p.Memberships = append(p.Memberships, m)
	}
	for _, step := range detail.Individual {
		people := IndividualAssignees{Step: step.Step}
		for _, login := range step.Logins {
			people.Logins = append(people.Logins, StepLogin(login))
		}
		p.Individual = append(p.Individual, people)
	}
	return p, nil
}

// saysMemberships returns an error if the list of groups is missing, which is different from null, an empty list. If it
// is missing, nothing is known about the preset's people, and treating that as nobody would wipe them.
func saysMemberships(a answer) error {
	fields, err := dataOf[map[string]json.RawMessage](a)
	if err != nil {
		return err
	}
	if _, there := fields["responsible_group_memberships"]; !there {
		return errors.New("it does not say who is in the preset's groups: responsible_group_memberships is missing")
	}
	return nil
}

// membership treats null people as nobody. If the field is missing altogether, nothing is known about the group, and
// treating that as nobody would send it back empty.
func (r membershipRow) membership() (Membership, error) {
	if r.Group == "" {
		return Membership{}, errors.New("it has no responsible_group_uuid")
	}
	if r.Assignees == nil {
		return Membership{}, fmt.Errorf("group %s has no assignees field", clean(string(r.Group)))
	}
	people := []struct {
		ID    LoginID  `json:"id"`
		Login flexText `json:"login"`
		Name  flexText `json:"name"`
	}{}
	if err := json.Unmarshal(r.Assignees, &people); err != nil {
		return Membership{}, fmt.Errorf("the assignees of group %s: %w", clean(string(r.Group)), err)
	}
	m := Membership{Group: r.Group, Assignees: make([]Login, 0, len(people))}
	for _, person := range people {
		if person.ID == "" {
			return Membership{}, fmt.Errorf("an assignee of group %s has no id", clean(string(r.Group)))
		}
		m.Assignees = append(m.Assignees, Login{ID: person.ID, Login: string(person.Login), Name: string(person.Name)})
	}
	return m, nil
}
