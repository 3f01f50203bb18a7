package procore

import (
	"context"
	"errors"
	"iter"
	"net/url"
)

// Instances yields the workflows of one tool in one project, or in the company if scope names no project, that Procore
// finds for the filter.
//
// https://developers.procore.com/reference/rest/workflow-instances-project?version=latest#list-workflow-instances
// https://developers.procore.com/reference/rest/workflow-instances-company?version=latest#list-workflow-instances
func (c *Client) Instances(ctx context.Context, scope AssigneeScope, filter InstanceFilter) iter.Seq2[InstanceSummary, error] {
	rows := all(ctx, c, listing[instanceRow]{
		call: call{
			endpoint: byScope(scope.Project, endpointProjectInstances, endpointCompanyInstances),
			path:     c.scopePath(scope.Project) + "/workflows/instances",
			query:    instanceQuery(scope.Tool, filter),
			project:  scope.Project,
		},
		perPage: perPageV2,
		cursor:  true,
		rows:    instanceRows,
		key:     func(r instanceRow) string { return string(r.ID) },
	})
	return func(yield func(InstanceSummary, error) bool) {
		if err := errors.Join(checkScope(scope), filter.check()); err != nil {
			yield(InstanceSummary{}, err)
			return
		}
		for row, err := range rows {
			if !yield(row.summary(), err) {
				return
			}
		}
	}
}

func instanceQuery(tool ToolRef, filter InstanceFilter) url.Values {
	query := url.Values{"filters[tool_type]": {tool.Type}}
	for name, value := range map[string]string{
		"filters[tool_subtype]": tool.Subtype,
		"filters[assignee_id]":  string(filter.Assignee),
	} {
		if value != "" {
			query.Set(name, value)
		}
	}
	if filter.Active {
		query.Set("filters[active]", "true")
	}
	return query
}

// check refuses ids that are not valid, for which Procore might return everybody's workflows.
func (f InstanceFilter) check() error {
	if f.Assignee == "" {
		return nil
	}
	return checkIDs("person", f.Assignee)
}

type instanceRow struct {
	ID          InstanceID `json:"id"`
	Item        ItemID     `json:"item_id"`
	ToolType    string     `json:"tool_type"`
	ToolSubtype flexText   `json:"tool_subtype"`
	StartedAt   flexTime   `json:"started_at"`
	EndedAt     stated     `json:"ended_at"`
}

func instanceRows(a answer) ([]instanceRow, error) {
	rows, err := rowsAny[instanceRow](a)
	for _, row := range rows {
		if row.ID == "" {
			return nil, errors.New("a workflow without an id")
		}
	}
	return rows, err
}

func (r instanceRow) summary() InstanceSummary {
	return InstanceSummary{
		ID: r.ID, Item: r.Item, Tool: ToolRef{Type: r.ToolType, Subtype: string(r.ToolSubtype)},
		StartedAt: r.StartedAt.Time, Ended: bool(r.EndedAt),
	}
}
