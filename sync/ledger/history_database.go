package ledger

import (
	"context"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"procore-assignee-sync/sync"
)

// history queries the database for whatever may belong to the history, and adds what does.
func (p *database) history(ctx context.Context, h *past) error {
	return p.read(ctx, func(ctx context.Context, tx pgx.Tx) error {
		for _, read := range []func(context.Context, pgx.Tx) error{h.readRuns, h.readChanges, h.readInvited, h.readLeftOut, h.readNames} {
			if err := read(ctx, tx); err != nil {
				return err
			}
		}
		return nil
	})
}

// Parts of queries: the runs to which a history refers, and their columns as pastRun scans them.
const (
	ofPastRuns    = " join sync_runs r using (run_id) where r.command <> 'plan' and (@company = '' or r.company_id = @company)"
	pastRunSelect = `r.run_id, r.company_id, r.host, r.command, r.started_at, r.run_by, coalesce(r.approved_by, ''),
		coalesce(r.approved, ''), coalesce(r.reason, ''), coalesce(r.rollback_of, ''), coalesce(r.outcome, '')`
)

// pastRun is a run with its outcome, as pastRunSelect asks for them.
type pastRun struct {
	run     sync.Run
	outcome sync.Outcome
}

func (r *pastRun) into() []any {
	return []any{
		&r.run.ID, &r.run.Company, &r.run.Host, &r.run.Command, &r.run.StartedAt, &r.run.By, &r.run.ApprovedBy, &r.run.Approved,
		&r.run.Reason, &r.run.RollbackOf, &r.outcome,
	}
}

// each runs a query whose rows begin with a run, and passes on those of runs that the folder does not have. row returns
// where to scan the rest of a row, and what to do with it then.
func (h *past) each(ctx context.Context, tx pgx.Tx, query string, args pgx.NamedArgs, row func(*pastRun) (into []any, take func())) error {
	args["company"] = string(h.company)
	rows, err := tx.Query(ctx, query, args)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var r pastRun
		into, take := row(&r)
		if err := rows.Scan(append(r.into(), into...)...); err != nil {
			return err
		}
		if r.run.StartedAt = r.run.StartedAt.UTC(); !h.here[r.run.ID] {
			take()
		}
	}
	return rows.Err()
}

func (h *past) readRuns(ctx context.Context, tx pgx.Tx) error {
	query := "select " + pastRunSelect + " from (select run_id from sync_runs) of_all" + ofPastRuns
	return h.each(ctx, tx, query, pgx.NamedArgs{}, func(r *pastRun) ([]any, func()) {
		return nil, func() { h.found.Looked.Add(r.run) }
	})
}

func (h *past) readChanges(ctx context.Context, tx pgx.Tx) error {
	query := "select " + pastRunSelect + ", " + changeSelect + " from sync_changes" + ofPastRuns
	args := pgx.NamedArgs{}
	switch f := h.filter; {
	case f.Person != "" && !f.ByAddress():
		names, err := h.namesLike(ctx, tx)
		if err != nil {
			return err
		}
		query += " and (login_id = @person or lower(trim(employee_id)) = lower(@person) or lower(trim(login)) = lower(@person) or person_name = any(@names))"
		args["person"], args["names"] = strings.TrimSpace(f.Person), names
	case f.Person != "" && isASCII(f.Person):
		query += " and lower(login) = @person"
		args["person"] = strings.ToLower(strings.TrimSpace(f.Person))
	case f.Person != "":
		query += ` and login ~ '[^\x01-\x7F]'`
	default:
		query += " and (lower(trim(project_id)) = @project or lower(trim(project_number)) = @project or project_number ~ '[^\\x01-\\x7F]')"
		args["project"] = sync.FoldNumber(f.Project)
	}
	return h.each(ctx, tx, query, args, func(r *pastRun) ([]any, func()) {
		var row changeRead
		return row.into(), func() { h.take(r.run, r.outcome, []sync.Change{row.change()}) }
	})
}

// namesLike returns the names in the database that are spellings of the one asked for.
func (h *past) namesLike(ctx context.Context, tx pgx.Tx) ([]string, error) {
	rows, err := tx.Query(ctx, "select distinct person_name from sync_changes"+ofPastRuns+" and person_name is not null",
		pgx.NamedArgs{"company": string(h.company)})
	if err != nil {
		return nil, err
	}
	names, err := pgx.CollectRows(rows, pgx.RowTo[string])
	asked := sync.FoldName(h.filter.Person)
	return slices.DeleteFunc(names, func(name string) bool { return sync.FoldName(name) != asked }), err
}

func (h *past) readInvited(ctx context.Context, tx pgx.Tx) error {
	query := "select " + pastRunSelect + ", " + waitingSelect + " from sync_running" + ofPastRuns + " and state in ('invited', 'failed')"
	return h.each(ctx, tx, query, pgx.NamedArgs{}, func(r *pastRun) ([]any, func()) {
		var row waitingRow
		return row.into(), func() { h.takeWaiting(r.run, r.outcome, []sync.Waiting{row.waiting()}) }
	})
}

func (h *past) readLeftOut(ctx context.Context, tx pgx.Tx) error {
	query := "select " + pastRunSelect + ", " + exceptionSelect + " from sync_exceptions" + ofPastRuns + " and r.rollback_of is not null"
	return h.each(ctx, tx, query, pgx.NamedArgs{}, func(r *pastRun) ([]any, func()) {
		var row exceptionRead
		return row.into(), func() { h.takeLeftOut(r.run, r.outcome, []sync.Exception{row.exception()}) }
	})
}

// readNames notes the names of people or projects in the newest runs, for when nothing was found.
func (h *past) readNames(ctx context.Context, tx pgx.Tx) error {
	if !h.none() {
		return nil
	}
	query := "select distinct on (login_id, project_id) " + pastRunSelect + ", " + changeSelect + " from sync_changes" + ofPastRuns +
		" and run_id in (select run_id from sync_runs where command <> 'plan' and (@company = '' or company_id = @company) order by started_at desc limit @most)"
	return h.each(ctx, tx, query, pgx.NamedArgs{"most": nearRuns}, func(*pastRun) ([]any, func()) {
		var row changeRead
		return row.into(), func() { h.learn([]sync.Change{row.change()}) }
	})
}
