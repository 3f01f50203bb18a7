package ledger

import (
	"context"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
)

var runningColumns = []string{
	"run_id", "instance_id", "item_id", "project_id", "project_number", "project_name", "tool_type", "tool_subtype",
	"step_occurrence_id", "step_name", "login_id", "login", "person_name", "required", "started_at", "overdue_at", "reason",
	"successor_ids", "successors", "state", "http_status", "request_id", "error",
}

func runningRow(run sync.Run, w sync.Waiting) []any {
	var httpStatus *int
	if w.HTTPStatus != 0 {
		httpStatus = &w.HTTPStatus
	}
	var required *bool
	if w.Step != "" {
		required = &w.Required
	}
	var ids, logins []string
	for _, who := range w.Successors {
		ids, logins = append(ids, string(who.ID)), append(logins, who.Login)
	}
	return []any{
		run.ID, orNull(string(w.Instance)), orNull(string(w.Item)), orNull(string(w.Project)), orNull(w.ProjectNumber),
		orNull(w.ProjectName), storable(w.Tool.Type), orNull(w.Tool.Subtype), orNull(string(w.Step)), orNull(w.StepName),
		storable(string(w.Person.ID)), orNull(w.Person.Login), orNull(w.Person.Name), required, moment(w.StartedAt),
		moment(w.OverdueAt), storable(w.Reason), orNull(strings.Join(ids, ";")), orNull(strings.Join(logins, ";")),
		string(w.State), httpStatus, orNull(w.RequestID), orNull(w.Error),
	}
}

// loadWaiting reads the rows of a run that looked for running workflows; nil if it did not look.
func loadWaiting(ctx context.Context, tx pgx.Tx, s sync.Summary) ([]sync.Waiting, error) {
	if s.Running == nil {
		return nil, nil
	}
	rows, err := tx.Query(ctx, "select "+waitingSelect+" from sync_running where run_id = $1", s.ID)
	if err != nil {
		return nil, err
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (sync.Waiting, error) {
		var w waitingRow
		err := row.Scan(w.into()...)
		return w.waiting(), err
	})
	sync.SortWaiting(list)
	return append([]sync.Waiting{}, list...), err
}

// waitingSelect lists the columns of sync_running that waitingRow scans.
const waitingSelect = `coalesce(instance_id, ''), coalesce(item_id, ''), coalesce(project_id, ''),
	coalesce(project_number, ''), coalesce(project_name, ''), tool_type, coalesce(tool_subtype, ''),
	coalesce(step_occurrence_id, ''), coalesce(step_name, ''), login_id, coalesce(login, ''), coalesce(person_name, ''),
	coalesce(required, false), sync_running.started_at, overdue_at, sync_running.reason, coalesce(successor_ids, ''), coalesce(successors, ''), state,
	coalesce(http_status, 0), coalesce(request_id, ''), coalesce(error, '')`

// waitingRow is a row of sync_running as it is scanned.
type waitingRow struct {
	w                sync.Waiting
	started, overdue *time.Time
	ids, logins      string
}

func (r *waitingRow) into() []any {
	w := &r.w
	return []any{
		&w.Instance, &w.Item, &w.Project, &w.ProjectNumber, &w.ProjectName, &w.Tool.Type, &w.Tool.Subtype, &w.Step, &w.StepName,
		&w.Person.ID, &w.Person.Login, &w.Person.Name, &w.Required, &r.started, &r.overdue, &w.Reason, &r.ids, &r.logins, &w.State,
		&w.HTTPStatus, &w.RequestID, &w.Error,
	}
}

func (r *waitingRow) waiting() sync.Waiting {
	if r.started != nil {
		r.w.StartedAt = r.started.UTC()
	}
	if r.overdue != nil {
		r.w.OverdueAt = r.overdue.UTC()
	}
	r.w.Successors = successorsOf(r.ids, r.logins)
	return r.w
}

// successorsOf reads back two lists that were joined by ";".
func successorsOf(ids, logins string) []procore.Login {
	var people []procore.Login
	names := strings.Split(logins, ";")
	for i, id := range strings.Split(ids, ";") {
		if id != "" {
			who := procore.Login{ID: procore.LoginID(id)}
			if i < len(names) {
				who.Login = names[i]
			}
			people = append(people, who)
		}
	}
	return people
}
