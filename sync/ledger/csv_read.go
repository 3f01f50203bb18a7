package ledger

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strconv"
	"time"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
	"procore-assignee-sync/sync/report"
)

// readChanges reads changes.csv back.
func readChanges(path string) ([]sync.Change, error) { return fromFile(path, parseChanges) }

func parseChanges(name string, text io.Reader) ([]sync.Change, error) {
	return readRows(name, text, func(cell func(string) string) (sync.Change, error) {
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
			Reason:        sync.ReadReason(cell("reason")),
			Source:        sync.ReadPositions(cell("source")),
			Status:        sync.Status(cell("status")),
			RequestID:     cell("request_id"),
			Error:         cell("error"),
		}
		return c, errors.Join(readMoment(cell("time"), &c.Time), readStatus(cell("http_status"), &c.HTTPStatus))
	})
}

// readExceptions reads exceptions.csv back.
func readExceptions(path string) ([]sync.Exception, error) { return fromFile(path, parseExceptions) }

func parseExceptions(name string, text io.Reader) ([]sync.Exception, error) {
	return readRows(name, text, func(cell func(string) string) (sync.Exception, error) {
		return sync.Exception{
			Kind:          sync.Kind(cell("kind")),
			Subject:       cell("subject"),
			Detail:        cell("detail"),
			TemplateName:  cell("template_name"),
			GroupName:     cell("group_name"),
			Project:       procore.ProjectID(cell("project_id")),
			Source:        sync.ReadPositions(cell("source")),
			Accepted:      cell("accepted_until") != "",
			AcceptedUntil: cell("accepted_until"),
			AcceptedWhy:   cell("accepted_why"),
		}, nil
	})
}

// readWaiting reads running.csv back; nil where the run left none.
func readWaiting(path string) ([]sync.Waiting, error) {
	rows, err := fromFile(path, parseWaiting)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if rows == nil && err == nil {
		rows = []sync.Waiting{}
	}
	return rows, err
}

func parseWaiting(name string, text io.Reader) ([]sync.Waiting, error) {
	return readRows(name, text, func(cell func(string) string) (sync.Waiting, error) {
		w := sync.Waiting{
			Instance:      procore.InstanceID(cell("instance_id")),
			Item:          procore.ItemID(cell("item_id")),
			Project:       procore.ProjectID(cell("project_id")),
			ProjectNumber: cell("project_number"),
			ProjectName:   cell("project_name"),
			Tool:          procore.ToolRef{Type: cell("tool_type"), Subtype: cell("tool_subtype")},
			Step:          procore.StepOccurrenceID(cell("step_occurrence_id")),
			StepName:      cell("step_name"),
			Person:        procore.Login{ID: procore.LoginID(cell("login_id")), Login: cell("login"), Name: cell("person_name")},
			Required:      cell("required") == "true",
			Reason:        cell("reason"),
			State:         sync.WaitState(cell("state")),
			RequestID:     cell("request_id"),
			Error:         cell("error"),
		}
		w.Successors = successorsOf(cell("successor_ids"), cell("successors"))
		return w, errors.Join(readMoment(cell("started_at"), &w.StartedAt), readMoment(cell("overdue_at"), &w.OverdueAt),
			readStatus(cell("http_status"), &w.HTTPStatus))
	})
}

func readMoment(text string, into *time.Time) (err error) {
	if text != "" {
		*into, err = time.Parse(time.RFC3339, text)
	}
	return err
}

func readStatus(text string, into *int) (err error) {
	if text != "" {
		*into, err = strconv.Atoi(text)
	}
	return err
}

// fromFile reads a file's rows.
func fromFile[T any](path string, parse func(name string, text io.Reader) ([]T, error)) (rows []T, err error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	return parse(path, f)
}

// readRows reads CSV text whose first row names the columns.
func readRows[T any](path string, text io.Reader, row func(cell func(string) string) (T, error)) (rows []T, err error) {
	r := csv.NewReader(text)
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
