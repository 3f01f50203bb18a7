package main

import (
	"errors"

	"procore-assignee-sync/hrsource"
	"procore-assignee-sync/hrsource/csvtable"
	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
	"procore-assignee-sync/sync/running"
)

// decisionRow is a row of the file of `respond --file`.
type decisionRow struct {
	Instance string `csv:"instance_id"`
	Project  string `csv:"project_id"`
	Option   string `csv:"option"`
	Comment  string `csv:"comment"`
}

// loadDecisions reads the file of `respond --file`: a CSV with the columns instance_id, project_id, option and comment.
// An error is a usage error and names every wrong row.
func loadDecisions(path string) (decisions []running.Decision, err error) {
	table, err := csvtable.Open(path, csvtable.Options{
		Columns:  []string{"instance_id", "project_id", "option", "comment"},
		Required: [][]string{{"instance_id"}, {"project_id"}, {"option"}, {"comment"}},
		Settings: csvtable.Settings{Path: "--file"},
	})
	if err != nil {
		return nil, coded(sync.ExitUsage, err)
	}
	defer func() { err = errors.Join(err, table.Close()) }()
	var problems []error
	for row, err := range csvtable.Rows[decisionRow](table) {
		if err != nil {
			problems = append(problems, coded(sync.ExitUsage, err))
			break
		}
		r := row.Value
		for _, cell := range []struct{ column, text, hint string }{
			{"instance_id", r.Instance, "write the workflow's id; `assignee-sync inbox` lists them"},
			{"option", r.Option, "write the answer, by its name or id; `assignee-sync inbox` lists them"},
		} {
			if cell.text == "" {
				problems = append(problems, coded(sync.ExitUsage, &csvtable.Error{
					File: path, Line: row.Line, Column: table.ColumnName(cell.column), What: "the cell is empty", Hint: cell.hint,
				}))
			}
		}
		decisions = append(decisions, running.Decision{
			Ref:    procore.InstanceRef{Instance: procore.InstanceID(r.Instance), Project: procore.ProjectID(r.Project)},
			Option: r.Option, Comment: r.Comment, At: hrsource.Position{Source: path, Line: row.Line},
		})
	}
	for _, d := range running.Twice(decisions) {
		problems = append(problems, &running.TwiceError{Decision: d})
	}
	return decisions, errors.Join(problems...)
}
