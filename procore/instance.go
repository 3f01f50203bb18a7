package procore

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
)

// Instance returns one running workflow with its current step and its people. It is an error if the answer leaves out
// the current step of a workflow that has not ended, or who is on it, since that must not pass for nobody.
//
// https://developers.procore.com/reference/rest/workflow-instances-project?version=latest#get-workflow-instance
// https://developers.procore.com/reference/rest/workflow-instances-company?version=latest#get-workflow-instance
func (c *Client) Instance(ctx context.Context, ref InstanceRef) (Instance, error) {
	if err := ref.check(); err != nil {
		return Instance{}, err
	}
	req := call{
		endpoint: byScope(ref.Project, endpointProjectInstance, endpointCompanyInstance),
		path:     c.instancePath(ref),
		project:  ref.Project,
	}
	var instance Instance
	err := c.read(ctx, req, func(a answer) (err error) {
		if instance, err = decodeInstance(a, ref.Instance); err != nil {
			return c.badAnswer(req, a, true, err)
		}
		return nil
	})
	return instance, err
}

// instancePath returns the path of one running workflow.
func (c *Client) instancePath(ref InstanceRef) string {
	return c.scopePath(ref.Project) + "/workflows/instances/" + string(ref.Instance)
}

// check refuses ids that are not valid. An empty project means the company.
func (r InstanceRef) check() error {
	if r.Project != "" {
		if err := checkIDs("project", r.Project); err != nil {
			return err
		}
	}
	return checkIDs("workflow", r.Instance)
}

type instanceDetail struct {
	instanceRow
	Version     VersionID               `json:"template_version_id"`
	Step        json.RawMessage         `json:"current_step_occurrence"`
	Memberships []instanceMembershipRow `json:"responsible_group_memberships"`
}

type instanceMembershipRow struct {
	membershipRow
	Name flexText `json:"name"`
}

func decodeInstance(a answer, id InstanceID) (Instance, error) {
	data, err := unwrapped(a)
	if err != nil {
		return Instance{}, err
	}
	var detail instanceDetail
	if err := json.Unmarshal(data, &detail); err != nil {
		return Instance{}, err
	}
	if detail.ID != id {
		return Instance{}, fmt.Errorf("it is workflow %q, not %s", detail.ID, id)
	}
	instance := Instance{InstanceSummary: detail.summary(), Version: detail.Version}
	if instance.Step, err = decodeStep(detail.Step, instance.Ended); err != nil {
		return Instance{}, err
	}
	if detail.Memberships != nil {
		instance.Memberships = make([]InstanceMembership, 0, len(detail.Memberships))
	}
	for i, row := range detail.Memberships {
		m, err := row.membership()
		if err != nil {
			return Instance{}, fmt.Errorf("responsible_group_memberships, entry %d: %w", i+1, err)
		}
		instance.Memberships = append(instance.Memberships, InstanceMembership{m.Group, string(row.Name), m.Assignees})
	}
	return instance, nil
}

type stepRow struct {
	ID         StepOccurrenceID `json:"id"`
	UUID       flexText         `json:"step_uuid"`
	Name       flexText         `json:"name"`
	StartedAt  flexTime         `json:"started_at"`
	OverdueAt  flexTime         `json:"overdue_at"`
	DueAt      flexTime         `json:"due_at"` // REST v1.0's name for it
	Options    []optionRow      `json:"available_response_options"`
	Responses  json.RawMessage  `json:"response_occurrences"`
	OptionsToo []optionRow      `json:"available_responses"` // the tutorial's name for it
}

type optionRow struct {
	ID           ResponseOptionID `json:"id"`
	Name         flexText         `json:"name"`
	ResponseType flexText         `json:"response_type"`
}

func (r optionRow) option() ResponseOption {
	return ResponseOption{ID: r.ID, Name: string(r.Name), ResponseType: string(r.ResponseType)}
}

// decodeStep decodes the current step; null means that there is none.
func decodeStep(text json.RawMessage, ended bool) (*StepOccurrence, error) {
	switch {
	case string(text) == "null", text == nil && ended:
		return nil, nil
	case text == nil:
		return nil, errors.New("it does not say which step is current: current_step_occurrence is missing")
	}
	var row stepRow
	if err := json.Unmarshal(text, &row); err != nil {
		return nil, fmt.Errorf("current_step_occurrence: %w", err)
	}
	if row.ID == "" {
		return nil, errors.New("its current step has no id")
	}
	step := &StepOccurrence{
		ID: row.ID, StepUUID: string(row.UUID), Name: string(row.Name), StartedAt: row.StartedAt.Time,
		OverdueAt: row.OverdueAt.Time,
	}
	if step.OverdueAt.IsZero() {
		step.OverdueAt = row.DueAt.Time
	}
	options := row.Options
	if options == nil {
		options = row.OptionsToo
	}
	for _, o := range options {
		if o.ID == "" {
			return nil, errors.New("an answer that the current step offers has no id")
		}
		step.Options = append(step.Options, o.option())
	}
	var err error
	step.Responses, err = decodeResponses(row.Responses)
	return step, err
}

type responseRow struct {
	SubmittedAt stated     `json:"submitted_at"`
	Selected    *optionRow `json:"selected_response_option"`
	Comment     flexText   `json:"comment"`
	Assignee    *struct {
		loginRow
		Required bool `json:"required"`
	} `json:"assignee"`
}

func decodeResponses(text json.RawMessage) ([]ResponseOccurrence, error) {
	if text == nil {
		return nil, errors.New("it does not say who is on the current step: response_occurrences is missing")
	}
	var rows []responseRow
	if err := json.Unmarshal(text, &rows); err != nil {
		return nil, fmt.Errorf("response_occurrences: %w", err)
	}
	responses := make([]ResponseOccurrence, 0, len(rows))
	for _, row := range rows {
		r := ResponseOccurrence{
			Submitted: bool(row.SubmittedAt), Comment: string(row.Comment),
		}
		if row.Assignee != nil {
			if row.Assignee.ID == "" {
				return nil, errors.New("somebody on the current step has no id")
			}
			r.Assignee, r.Required = row.Assignee.login(), row.Assignee.Required
		}
		if row.Selected != nil {
			option := row.Selected.option()
			r.Selected = &option
		}
		responses = append(responses, r)
	}
	return responses, nil
}
