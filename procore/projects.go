package procore

import (
	"context"
	"encoding/json"
	"errors"
	"iter"
	"net/url"
)

const projectsPerPage = 300

// Projects yields the company's active projects that the service account sees, neither demo nor template.
//
// https://developers.procore.com/reference/rest/projects?version=latest#list-projects
func (c *Client) Projects(ctx context.Context) iter.Seq2[Project, error] {
	rows := all(ctx, c, listing[projectRow]{
		call: call{
			endpoint: endpointProjects,
			path:     "/rest/v1.1/projects",
			query: url.Values{
				"company_id":         {string(c.cfg.Company)},
				"filters[by_status]": {"Active"},
				"filters[template]":  {"false"},
				"filters[is_demo]":   {"false"},
			},
		},
		perPage:  projectsPerPage,
		numbered: true,
		rows:     projectRows,
		key:      func(r projectRow) string { return string(r.ID) },
	})
	return func(yield func(Project, error) bool) {
		for row, err := range rows {
			if err == nil && !row.wanted() {
				continue
			}
			if !yield(row.project(), err) {
				return
			}
		}
	}
}

type projectRow struct {
	ID          ProjectID `json:"id"`
	Name        flexText  `json:"name"`
	DisplayName flexText  `json:"display_name"`
	Number      flexText  `json:"project_number"`
	Active      *bool     `json:"active"`
	Demo        *bool     `json:"is_demo"`
	Company     nameOf    `json:"company"`
}

// nameOf is the name of another object that a row mentions. Nothing fails if it is missing.
type nameOf string

// UnmarshalJSON takes the field "name" of an object, and nothing from anything else.
func (n *nameOf) UnmarshalJSON(text []byte) error {
	var object struct {
		Name string `json:"name"`
	}
	if json.Unmarshal(text, &object) == nil {
		*n = nameOf(object.Name)
	}
	return nil
}

func projectRows(a answer) ([]projectRow, error) {
	rows, err := rowsV1[projectRow](a)
	for _, row := range rows {
		if row.ID == "" {
			return nil, errors.New("a project without an id")
		}
	}
	return rows, err
}

// wanted applies the filters again to what came. A row that does not say counts as matching.
func (r projectRow) wanted() bool {
	return (r.Active == nil || *r.Active) && (r.Demo == nil || !*r.Demo)
}

func (r projectRow) project() Project {
	name := r.Name
	if name == "" {
		name = r.DisplayName
	}
	return Project{ID: r.ID, Name: string(name), Number: string(r.Number), Active: true, CompanyName: string(r.Company)}
}
