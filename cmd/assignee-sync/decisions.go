package main

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync/running"
)

var decisionColumns = []string{"instance_id", "project_id", "option", "comment"}

// loadDecisions reads the file of `respond --file`: a CSV with the columns instance_id,project_id,option,comment. An error
// is one of usage, and names every line that is wrong.
func loadDecisions(path string) (decisions []running.Decision, err error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, usagef("--file: %v", err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	r := csv.NewReader(f)
	header, err := r.Read()
	if err != nil || !slices.Equal(trimmed(header), decisionColumns) {
		return nil, usagef("%s: the first line has to be %s", path, strings.Join(decisionColumns, ","))
	}
	var problems []error
	for {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, usagef("%s: %v", path, err)
		}
		cells = trimmed(cells)
		line, _ := r.FieldPos(0)
		at := fmt.Sprintf("%s:%d", path, line)
		if cells[0] == "" || cells[2] == "" {
			problems = append(problems, usagef("%s: a workflow's id and an option are needed", at))
		}
		decisions = append(decisions, running.Decision{
			Ref:    procore.InstanceRef{Instance: procore.InstanceID(cells[0]), Project: procore.ProjectID(cells[1])},
			Option: cells[2], Comment: cells[3], Source: at,
		})
	}
	for _, d := range running.Twice(decisions) {
		problems = append(problems, &running.TwiceError{Decision: d})
	}
	if len(decisions) == 0 {
		problems = append(problems, usagef("%s: it answers no workflow", path))
	}
	return decisions, errors.Join(problems...)
}

func trimmed(cells []string) []string {
	out := make([]string, len(cells))
	for i, c := range cells {
		out[i] = strings.TrimSpace(strings.TrimPrefix(c, "\ufeff"))
	}
	return out
}
