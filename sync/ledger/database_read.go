package ledger

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"github.com/jackc/pgx/v5"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
	"procore-assignee-sync/sync/apply"
)

// baseline returns the last passed run of the company and host, and the last one that read this HR source, ignoring
// runs that began after now.
func (p *database) baseline(ctx context.Context, company procore.CompanyID, host, source string, now time.Time) (base sync.Baseline, err error) {
	last := `select summary from sync_runs r where passed and company_id = $1 and host = $2 and started_at <= $3
		and ($4::text is null or ` + fmt.Sprintf(sourceKey, "r") + ` = $4) order by started_at desc, run_id desc limit 1`
	err = p.read(ctx, func(ctx context.Context, tx pgx.Tx) (err error) {
		if base.Last, err = oneSummary(ctx, tx, last, string(company), host, now, nil); err != nil {
			return err
		}
		base.SameSource, err = oneSummary(ctx, tx, last, string(company), host, now, sourceOf(source))
		return err
	})
	if err != nil {
		return sync.Baseline{}, err
	}
	return base, nil
}

// oneSummary returns nil if there is no such run.
func oneSummary(ctx context.Context, tx pgx.Tx, query string, args ...any) (*sync.Summary, error) {
	found, err := summaries(ctx, tx, query, args...)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	return &found[0], nil
}

func summaries(ctx context.Context, tx pgx.Tx, query string, args ...any) ([]sync.Summary, error) {
	rows, err := tx.Query(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (s sync.Summary, err error) {
		var text []byte
		if err := row.Scan(&text); err != nil {
			return s, err
		}
		if err := json.Unmarshal(text, &s); err != nil {
			return s, fmt.Errorf("a summary in sync_runs can't be read: %w", err)
		}
		return s, nil
	})
}

// runs lists runs, newest first. One that has not finished has an empty Outcome.
func (p *database) runs(ctx context.Context, f Filter) (list []sync.Summary, err error) {
	query, args := "select summary from sync_runs where true", pgx.NamedArgs{}
	if f.Company != "" {
		query, args["company"] = query+" and company_id = @company", f.Company
	}
	if f.Host != "" {
		query, args["host"] = query+" and host = @host", f.Host
	}
	query += " order by started_at desc, run_id desc"
	if f.Limit > 0 {
		query, args["most"] = query+" limit @most", f.Limit
	}
	err = p.read(ctx, func(ctx context.Context, tx pgx.Tx) error {
		list, err = summaries(ctx, tx, query, args)
		return err
	})
	return list, err
}

// load reads one run in a single state of the database. If there is none, errors.Is(err, fs.ErrNotExist) holds. Its
// plan is reconstructed from its changes: presets and groups with their names.
func (p *database) load(ctx context.Context, runID string) (*PastRun, error) {
	var past *PastRun
	err := p.read(ctx, func(ctx context.Context, tx pgx.Tx) (err error) {
		past, err = loadRun(ctx, tx, runID)
		return err
	})
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("run %s is not in the ledger database %s: %w", runID, p.place(), fs.ErrNotExist)
	}
	if err != nil {
		return nil, fmt.Errorf("read run %s: %w", runID, err)
	}
	return past, nil
}

func loadRun(ctx context.Context, tx pgx.Tx, runID string) (*PastRun, error) {
	summary, err := oneSummary(ctx, tx, "select summary from sync_runs where run_id = $1", runID)
	switch {
	case err != nil:
		return nil, err
	case summary == nil:
		return nil, fs.ErrNotExist
	}
	past := &PastRun{Summary: *summary}
	err = tx.QueryRow(ctx, "select coalesce(manifest_sha256, '') from sync_runs where run_id = $1", runID).Scan(&past.Evidence)
	if err != nil {
		return nil, err
	}
	if past.Steps, err = loadSteps(ctx, tx, *summary); err != nil {
		return nil, err
	}
	if past.Changes, err = loadChanges(ctx, tx, runID); err != nil {
		return nil, err
	}
	if past.Exceptions, err = loadExceptions(ctx, tx, runID); err != nil {
		return nil, err
	}
	sync.SortExceptions(past.Exceptions)
	sync.ReadBackExceptions(past.Exceptions, summary.Exceptions)
	if past.Waiting, err = loadWaiting(ctx, tx, *summary); err != nil {
		return nil, err
	}
	past.Plan = planOf(*summary, past.Changes)
	return past, nil
}

func loadSteps(ctx context.Context, tx pgx.Tx, s sync.Summary) (apply.JournalFile, error) {
	steps := apply.JournalFile{Run: s.Run, Finished: s.Outcome != ""}
	rows, err := tx.Query(ctx, "select step, entry from sync_journal where run_id = $1 order by step, number", s.ID)
	if err != nil {
		return steps, err
	}
	var step string
	var entry []byte
	_, err = pgx.ForEachRow(rows, []any{&step, &entry}, func() error {
		if step == "intent" {
			steps.Intents = append(steps.Intents, apply.Intent{})
			return json.Unmarshal(entry, &steps.Intents[len(steps.Intents)-1])
		}
		steps.Outcomes = append(steps.Outcomes, apply.WriteOutcome{})
		return json.Unmarshal(entry, &steps.Outcomes[len(steps.Outcomes)-1])
	})
	return steps, err
}

// changeSelect lists the columns of sync_changes that changeRead scans.
const changeSelect = `"time", coalesce(project_id, ''), coalesce(project_number, ''), coalesce(project_name, ''), template_id,
	template_name, version_id, preset_id, group_uuid, group_name, action, login_id, coalesce(login, ''),
	coalesce(person_name, ''), coalesce(employee_id, ''), coalesce(sync_changes.reason, ''), coalesce(source, ''), status,
	coalesce(http_status, 0), coalesce(request_id, ''), coalesce(error, '')`

// changeRead is a row of sync_changes as it is scanned. The time may be missing.
type changeRead struct {
	c              sync.Change
	at             *time.Time
	reason, source string
}

func (r *changeRead) into() []any {
	c := &r.c
	return []any{
		&r.at, &c.Project, &c.ProjectNumber, &c.ProjectName, &c.TemplateID, &c.TemplateName, &c.VersionID, &c.Preset,
		&c.GroupUUID, &c.GroupName, &c.Action, &c.LoginID, &c.Login, &c.PersonName, &c.EmployeeID, &r.reason, &r.source,
		&c.Status, &c.HTTPStatus, &c.RequestID, &c.Error,
	}
}

func (r *changeRead) change() sync.Change {
	if r.at != nil {
		r.c.Time = r.at.UTC()
	}
	r.c.Reason, r.c.Source = sync.ReadReason(r.reason), sync.ReadPositions(r.source)
	return r.c
}

// loadChanges returns the changes in the plan's order as far as the columns determine it, since a table has no order.
func loadChanges(ctx context.Context, tx pgx.Tx, runID string) ([]sync.Change, error) {
	rows, err := tx.Query(ctx, `select `+changeSelect+` from sync_changes where run_id = $1
		order by length(coalesce(project_id, '')), project_id collate "C", template_name collate "C", length(preset_id),
			preset_id collate "C", group_name collate "C", group_uuid collate "C", action, login collate "C",
			length(login_id), login_id collate "C"`, runID)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (sync.Change, error) {
		var r changeRead
		err := row.Scan(r.into()...)
		return r.change(), err
	})
}

// exceptionSelect lists the columns of sync_exceptions that exceptionRead scans.
const exceptionSelect = `kind, subject, detail, coalesce(template_name, ''), coalesce(group_name, ''), coalesce(project_id, ''),
	coalesce(source, ''), coalesce(to_char(accepted_until, 'YYYY-MM-DD'), ''), coalesce(accepted_why, '')`

// exceptionRead is a row of sync_exceptions as it is scanned.
type exceptionRead struct {
	e      sync.Exception
	source string
}

func (r *exceptionRead) into() []any {
	e := &r.e
	return []any{
		&e.Kind, &e.Subject, &e.Detail, &e.TemplateName, &e.GroupName, &e.Project, &r.source, &e.AcceptedUntil, &e.AcceptedWhy,
	}
}

func (r *exceptionRead) exception() sync.Exception {
	r.e.Source, r.e.Accepted = sync.ReadPositions(r.source), r.e.AcceptedUntil != ""
	return r.e
}

func loadExceptions(ctx context.Context, tx pgx.Tx, runID string) ([]sync.Exception, error) {
	rows, err := tx.Query(ctx, `select `+exceptionSelect+` from sync_exceptions where run_id = $1
		order by kind collate "C", subject collate "C", template_name collate "C" nulls first,
			group_name collate "C" nulls first, length(project_id) nulls first, project_id collate "C"`, runID)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (sync.Exception, error) {
		var r exceptionRead
		err := row.Scan(r.into()...)
		return r.exception(), err
	})
}

// planOf collects the presets and groups that a run's changes name.
func planOf(s sync.Summary, changes []sync.Change) *sync.PlanFile {
	if s.Digest == "" {
		return nil
	}
	plan := &sync.Plan{
		Company: s.Company, Host: s.Host, Limits: s.Limits, Digest: s.Digest, RollbackOf: s.RollbackOf,
		Filtered: s.Filtered, Roster: s.Roster, RoleMap: s.RoleMap, Counts: s.Planned, Gates: s.Gates,
		Managed: s.Managed, Invisible: s.Invisible,
	}
	places := map[procore.PresetRef]int{}
	for _, c := range changes {
		place, known := places[c.Ref()]
		if !known {
			place = len(plan.Presets)
			places[c.Ref()] = place
			plan.Presets = append(plan.Presets, sync.PresetPlan{
				Ref: c.Ref(), ProjectNumber: c.ProjectNumber, ProjectName: c.ProjectName,
				TemplateID: c.TemplateID, TemplateName: c.TemplateName, VersionID: c.VersionID,
			})
		}
		preset := &plan.Presets[place]
		if n := len(preset.Groups); n == 0 || preset.Groups[n-1].UUID != c.GroupUUID {
			preset.Groups = append(preset.Groups, sync.GroupPlan{UUID: c.GroupUUID, Name: c.GroupName})
		}
	}
	return &sync.PlanFile{Schema: sync.PlanSchema, RunID: s.ID, CreatedAt: s.StartedAt, Plan: plan}
}
