package procore

import (
	"context"
	"errors"
	"fmt"
	"iter"
)

// perPageV2 is the largest page size of v2 lists.
const perPageV2 = 100

// Tools returns the tools that can run workflows. The list has no pages.
//
// https://developers.procore.com/reference/rest/workflow-tools?version=latest#list-tools-enabled-for-workflows
func (c *Client) Tools(ctx context.Context) ([]Tool, error) {
	rows, err := readList(ctx, c, listing[toolRow]{
		call: call{endpoint: endpointTools, path: c.companyPath() + "/workflows/tools"},
		rows: toolRows,
	})
	if err != nil {
		return nil, err
	}
	tools := make([]Tool, len(rows))
	for i, row := range rows {
		tools[i] = Tool{ToolRef: ToolRef{Type: row.Type, Subtype: string(row.Subtype)}, Provider: row.Provider}
	}
	return tools, nil
}

type toolRow struct {
	Type     string   `json:"type"`
	Subtype  flexText `json:"subtype"`
	Provider string   `json:"provider"`
}

func toolRows(a answer) ([]toolRow, error) {
	rows, err := rowsV2[toolRow](a)
	for _, row := range rows {
		if row.Type == "" || row.Provider == "" {
			return nil, errors.New("a tool without a type or a provider")
		}
	}
	return rows, err
}

// Templates yields the company's workflow templates, archived ones and mere drafts included.
//
// https://developers.procore.com/reference/rest/workflow-templates?version=latest#list-workflow-templates
func (c *Client) Templates(ctx context.Context) iter.Seq2[Template, error] {
	rows := all(ctx, c, listing[templateRow]{
		call:     call{endpoint: endpointTemplates, path: c.companyPath() + "/workflows/templates"},
		perPage:  perPageV2,
		numbered: true,
		rows:     templateRows,
		key:      func(r templateRow) string { return string(r.ID) },
	})
	return func(yield func(Template, error) bool) {
		for row, err := range rows {
			if !yield(row.template(), err) {
				return
			}
		}
	}
}

type templateRow struct {
	ID               TemplateID `json:"id"`
	Name             string     `json:"name"`
	ToolType         string     `json:"tool_type"`
	ToolSubtype      flexText   `json:"tool_subtype"`
	ArchivedAt       flexText   `json:"archived_at"`
	AssignedProjects *int       `json:"assigned_projects_count"`
	Published        *struct {
		ID VersionID `json:"id"`
	} `json:"latest_published_version"`
}

func templateRows(a answer) ([]templateRow, error) {
	rows, err := rowsV2[templateRow](a)
	for _, row := range rows {
		if row.ID == "" || row.ToolType == "" {
			return nil, errors.New("a template without an id or a tool type")
		}
	}
	return rows, err
}

func (r templateRow) template() Template {
	t := Template{
		ID: r.ID, Name: r.Name, Tool: ToolRef{Type: r.ToolType, Subtype: string(r.ToolSubtype)},
		Archived: r.ArchivedAt != "" && r.ArchivedAt != "false", AssignedProjects: AssignedUnknown,
	}
	if r.AssignedProjects != nil {
		t.AssignedProjects = *r.AssignedProjects
	}
	if r.Published != nil {
		t.Published = r.Published.ID
	}
	return t
}

// Version returns one version of a template, with its responsible groups.
//
// https://developers.procore.com/reference/rest/workflow-template-versions?version=latest#get-a-workflow-template-version
func (c *Client) Version(ctx context.Context, id VersionID) (TemplateVersion, error) {
	if err := checkIDs("version", id); err != nil {
		return TemplateVersion{}, err
	}
	req := call{endpoint: endpointVersion, path: c.companyPath() + "/workflows/templates/versions/" + string(id)}
	var version TemplateVersion
	err := c.read(ctx, req, func(a answer) (err error) {
		if version, err = decodeVersion(a, id); err != nil {
			return c.badAnswer(req, a, true, err)
		}
		return nil
	})
	return version, err
}

func decodeVersion(a answer, id VersionID) (TemplateVersion, error) {
	version, err := dataOf[TemplateVersion](a)
	if err != nil {
		return TemplateVersion{}, err
	}
	if version.ID != id {
		return TemplateVersion{}, fmt.Errorf("it is version %q, not %s", version.ID, id)
	}
	for _, group := range version.Groups {
		if group.UUID == "" {
			return TemplateVersion{}, fmt.Errorf("the responsible group %q has no uuid", group.Name)
		}
	}
	return version, nil
}

// companyPath returns the beginning of the company's v2 paths.
func (c *Client) companyPath() string { return "/rest/v2.0/companies/" + string(c.cfg.Company) }

// scopePath returns the beginning of a project's v2 paths, or of the company's if project is empty.
func (c *Client) scopePath(project ProjectID) string {
	if project == "" {
		return c.companyPath()
	}
	return c.companyPath() + "/projects/" + string(project)
}

// byScope returns the endpoint for a project, or for the company if project is empty.
func byScope(project ProjectID, ofProject, ofCompany string) string {
	if project == "" {
		return ofCompany
	}
	return ofProject
}

// checkIDs refuses to send anything that is not a Procore id.
func checkIDs[T ~string](kind string, ids ...T) error {
	for _, id := range ids {
		if !isID(string(id)) {
			return fmt.Errorf("%q is not an id of a %s: not a whole number; nothing was sent", string(id), kind)
		}
	}
	return nil
}
