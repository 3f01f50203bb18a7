package ledger

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
	"procore-assignee-sync/sync/apply"
)

// writeRun writes a run with its changes and exceptions, all of it or, on error, nothing. It replaces a run that is
// there already, except for its journal. A run that has not ended yet (its summary has no outcome) may be written too,
// and is written again when it ends.
func (p *database) writeRun(ctx context.Context, rec sync.Record) error {
	return p.writeWith(ctx, rec, func(pgx.Tx) error { return nil })
}

// writeWhole also writes the run's journal, so that the run can be rolled back from any machine.
func (p *database) writeWhole(ctx context.Context, rec sync.Record, steps apply.JournalFile) error {
	rows, err := stepRows(rec.Run.ID, steps)
	if err != nil {
		return err
	}
	return p.writeWith(ctx, rec, func(tx pgx.Tx) error {
		columns := []string{"run_id", "step", "number", "entry"}
		if err := replace(ctx, tx, "sync_journal", columns, rec.Run.ID, len(rows), func(i int) []any { return rows[i] }); err != nil {
			return fmt.Errorf("write the journal: %w", err)
		}
		return nil
	})
}

// writeWith writes a run, and whatever more adds, in one transaction.
func (p *database) writeWith(ctx context.Context, rec sync.Record, more func(pgx.Tx) error) error {
	return p.write(ctx, func(ctx context.Context, tx pgx.Tx) error {
		if err := writeRunRow(ctx, tx, rec); err != nil {
			return err
		}
		if err := replace(ctx, tx, "sync_changes", changeColumns, rec.Run.ID, len(rec.Changes), func(i int) []any {
			return changeRow(rec.Run, rec.Changes[i])
		}); err != nil {
			return fmt.Errorf("write changes: %w", err)
		}
		if err := replace(ctx, tx, "sync_exceptions", exceptionColumns, rec.Run.ID, len(rec.Exceptions), func(i int) []any {
			return exceptionRow(rec.Run, rec.Exceptions[i])
		}); err != nil {
			return fmt.Errorf("write exceptions: %w", err)
		}
		if err := replace(ctx, tx, "sync_running", runningColumns, rec.Run.ID, len(rec.Waiting), func(i int) []any {
			return runningRow(rec.Run, rec.Waiting[i])
		}); err != nil {
			return fmt.Errorf("write running workflows: %w", err)
		}
		return more(tx)
	})
}

func stepRows(runID string, steps apply.JournalFile) ([][]any, error) {
	var rows [][]any
	add := func(step string, number int, entry any) error {
		text, err := storableJSON(entry)
		rows = append(rows, []any{runID, step, number, text})
		return err
	}
	for i, intent := range steps.Intents {
		if err := add("intent", i+1, intent); err != nil {
			return nil, err
		}
	}
	for i, outcome := range steps.Outcomes {
		if err := add("outcome", i+1, outcome); err != nil {
			return nil, err
		}
	}
	return rows, nil
}

// replace deletes a run's rows in a table and copies the new ones in.
func replace(ctx context.Context, tx pgx.Tx, table string, columns []string, runID string, n int, row func(int) []any) error {
	name := pgx.Identifier{table}
	if _, err := tx.Exec(ctx, "delete from "+name.Sanitize()+" where run_id = $1", runID); err != nil {
		return err
	}
	if n == 0 {
		return nil
	}
	_, err := tx.CopyFrom(ctx, name, columns, pgx.CopyFromSlice(n, func(i int) ([]any, error) { return row(i), nil }))
	return err
}

// writeRunRow writes the row of sync_runs. It refuses an id that another company's run has, whose record would be lost.
func writeRunRow(ctx context.Context, tx pgx.Tx, rec sync.Record) error {
	summary, err := storableJSON(rec.Summary)
	if err != nil {
		return err
	}
	run, s := rec.Run, rec.Summary
	var exitCode *int
	if s.Outcome != "" {
		exitCode = &s.ExitCode
	}
	values := pgx.NamedArgs{
		"run_id": run.ID, "company_id": run.Company, "host": run.Host, "command": run.Command,
		"started_at": run.StartedAt, "finished_at": moment(run.FinishedAt),
		"outcome": orNull(string(s.Outcome)), "exit_code": exitCode, "digest": orNull(s.Digest),
		"hr_source": orNull(run.HRSource), "filtered": run.Filtered, "passed": s.Passed, "saved_plan": run.SavedPlan,
		"rollback_of": orNull(run.RollbackOf), "approved": orNull(run.Approved), "approved_by": orNull(run.ApprovedBy), "reason": orNull(run.Reason),
		"run_by": storable(run.By), "pid": run.PID, "version": storable(run.Version), "message": orNull(s.Message),
		"summary": summary,
	}
	done, err := tx.Exec(ctx, upsertRun, values)
	if err == nil && done.RowsAffected() == 0 {
		err = fmt.Errorf("the run id %s is taken by a run of another company or Procore host", run.ID)
	}
	return err
}

var upsertRun = func() string {
	columns := []string{
		"run_id", "company_id", "host", "command", "started_at", "finished_at", "outcome", "exit_code", "digest",
		"hr_source", "filtered", "passed", "saved_plan", "rollback_of", "approved", "approved_by", "reason", "run_by", "pid", "version",
		"message", "summary",
	}
	var updates []string
	for _, column := range columns[3:] {
		updates = append(updates, column+" = excluded."+column)
	}
	return fmt.Sprintf(`insert into sync_runs (%s) values (@%s) on conflict (run_id) do update set %s
		where sync_runs.company_id = excluded.company_id and sync_runs.host = excluded.host`,
		strings.Join(columns, ", "), strings.Join(columns, ", @"), strings.Join(updates, ", "))
}()

var changeColumns = []string{
	"run_id", "time", "company_id", "project_id", "project_number", "project_name", "template_id", "template_name",
	"version_id", "preset_id", "group_uuid", "group_name", "action", "login_id", "login", "person_name", "employee_id",
	"reason", "source", "status", "http_status", "request_id", "error",
}

func changeRow(run sync.Run, c sync.Change) []any {
	var httpStatus *int
	if c.HTTPStatus != 0 {
		httpStatus = &c.HTTPStatus
	}
	return []any{
		run.ID, moment(c.Time), storable(string(run.Company)), orNull(string(c.Project)), orNull(c.ProjectNumber),
		orNull(c.ProjectName), storable(string(c.TemplateID)), storable(c.TemplateName), storable(string(c.VersionID)),
		storable(string(c.Preset)), storable(string(c.GroupUUID)), storable(c.GroupName), string(c.Action),
		storable(string(c.LoginID)), orNull(c.Login), orNull(c.PersonName), orNull(c.EmployeeID), orNull(c.Reason.String()),
		orNull(c.Source.String()), string(c.Status), httpStatus, orNull(c.RequestID), orNull(c.Error),
	}
}

var exceptionColumns = []string{
	"run_id", "kind", "subject", "detail", "template_name", "group_name", "project_id", "source", "accepted_until",
	"accepted_why",
}

func exceptionRow(run sync.Run, e sync.Exception) []any {
	return []any{
		run.ID, string(e.Kind), storable(e.Subject), storable(e.Detail), orNull(e.TemplateName), orNull(e.GroupName),
		orNull(string(e.Project)), orNull(e.Source.String()), dayOf(e.AcceptedUntil), orNull(e.AcceptedWhy),
	}
}

// dayOf parses an ISO 8601 day, or returns nil if there is none.
func dayOf(text string) *time.Time {
	day, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return nil
	}
	return &day
}

// storable returns text as Postgres can hold it: valid UTF-8 without NUL characters. What Procore or a proxy answered may
// be neither.
func storable(text string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(text, "\uFFFD"), "\x00", "\uFFFD")
}

// orNull returns storable text, or nil for empty text.
func orNull(text string) *string {
	if text == "" {
		return nil
	}
	text = storable(text)
	return &text
}

// moment returns nil for the zero time.
func moment(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// storableJSON returns a value as JSON that jsonb accepts, which excludes \u0000. It is text because pgx, when no
// statement is prepared, sends bytes as bytea.
func storableJSON(value any) (string, error) {
	text, err := json.Marshal(value)
	if err != nil {
		return "", err
	}
	out := make([]byte, 0, len(text))
	for i := 0; i < len(text); i++ {
		switch {
		case text[i] != '\\':
			out = append(out, text[i])
		case strings.HasPrefix(string(text[i:min(i+6, len(text))]), `\u0000`):
			out = append(out, `\ufffd`...)
			i += 5
		default: // an escape of two characters, or the beginning of a longer one
			out = append(out, text[i], text[i+1])
			i++
		}
	}
	return string(out), nil
}

// sourceKey is sourceOf in SQL, for the column hr_source of the given table.
const sourceKey = "split_part(%s.hr_source, ':', 1)"

// prune deletes the runs of a company and host that began, or were closed as interrupted, more than keepDays days
// before now, with everything that belongs to them except the chain of manifests. It keeps the last passed run, the
// last passed run of each HR source, and runs that have not ended. If keepDays is 0 it deletes nothing. It never
// deletes runs of another company.
func (p *database) prune(ctx context.Context, company procore.CompanyID, host string, keepDays int, now time.Time) error {
	if keepDays <= 0 {
		return nil
	}
	return p.write(ctx, func(ctx context.Context, tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `
			delete from sync_runs old where company_id = $1 and host = $2 and outcome is not null
				and greatest(started_at, case outcome when 'interrupted' then finished_at end) < $3
				and not (passed and old.started_at <= $4 and not exists (
					select from sync_runs later where later.passed and later.company_id = $1 and later.host = $2
						and `+fmt.Sprintf(sourceKey, "later")+` is not distinct from `+fmt.Sprintf(sourceKey, "old")+`
						and later.started_at <= $4
						and (later.started_at, later.run_id) > (old.started_at, old.run_id)))`,
			string(company), host, now.UTC().AddDate(0, 0, -keepDays), now.UTC())
		return err
	})
}
