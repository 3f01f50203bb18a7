package ledger

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"time"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
	"procore-assignee-sync/sync/report"
)

// readChanges reads changes.csv back.
func readChanges(path string) ([]sync.Change, error) {
	return readRows(path, func(cell func(string) string) (sync.Change, error) {
		c := sync.Change{
			Project:       procore.ProjectID(cell("project_id")),
			ProjectNumber: cell("project_number"),
			ProjectName:   cell("project_name"),
			TemplateID:    procore.TemplateID(cell("template_id")),
			TemplateName:  cell("template_name"),
			VersionID:     procore.VersionID(cell("version_id")),
			Preset:        procore.PresetID(cell("preset_id")),
			GroupUUID:     procore.GroupUUID(cell("group_uuid")),
			GroupName:     cell("group_name"),
			Action:        sync.Action(cell("action")),
			LoginID:       procore.LoginID(cell("login_id")),
			Login:         cell("login"),
			PersonName:    cell("person_name"),
			EmployeeID:    cell("employee_id"),
			Reason:        cell("reason"),
			Source:        cell("source"),
			Status:        sync.Status(cell("status")),
			RequestID:     cell("request_id"),
			Error:         cell("error"),
		}
		var err, err2 error
		if at := cell("time"); at != "" {
			c.Time, err = time.Parse(time.RFC3339, at)
		}
		if status := cell("http_status"); status != "" {
			c.HTTPStatus, err2 = strconv.Atoi(status)
		}
		return c, errors.Join(err, err2)
	})
}

// readExceptions reads exceptions.csv back.
func readExceptions(path string) ([]sync.Exception, error) {
	return readRows(path, func(cell func(string) string) (sync.Exception, error) {
		return sync.Exception{
			Kind:          sync.Kind(cell("kind")),
			Subject:       cell("subject"),
			Detail:        cell("detail"),
			TemplateName:  cell("template_name"),
			GroupName:     cell("group_name"),
			Project:       procore.ProjectID(cell("project_id")),
			Source:        cell("source"),
			Accepted:      cell("accepted_until") != "",
			AcceptedUntil: cell("accepted_until"),
			AcceptedWhy:   cell("accepted_why"),
		}, nil
	})
}

// readRows reads a CSV file whose first row names the columns.
func readRows[T any](path string, row func(cell func(string) string) (T, error)) (rows []T, err error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	r := csv.NewReader(f)
	header, err := r.Read()
	if err != nil {
		return nil, fmt.Errorf("%s has no header: %w", path, err)
	}
	at := make(map[string]int, len(header))
	for i, name := range header {
		at[name] = i
	}
	for {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			return rows, nil
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		parsed, err := row(func(name string) string {
			if i, ok := at[name]; ok {
				return report.ReadCell(cells[i])
			}
			return ""
		})
		if err != nil {
			line, _ := r.FieldPos(0)
			return nil, fmt.Errorf("%s:%d: %w", path, line, err)
		}
		rows = append(rows, parsed)
	}
}
