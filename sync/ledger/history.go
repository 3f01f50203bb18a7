package ledger

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
)

// History returns what happened to a person or in a project over all runs of a company, or of every company where none is
// named, in the order in which it happened: from the folder, and of runs that are not there from the database. Dry runs
// are left out. Runs that can't be read make up the error; the others are given all the same.
func (l *Ledger) History(ctx context.Context, company procore.CompanyID, f sync.HistoryFilter) (sync.History, error) {
	h := &past{filter: f, company: company, here: map[string]bool{}}
	h.found.Looked.Place = l.Place()
	err := errors.Join(l.folder.history(h), l.onDatabase(func(d *database) error { return d.history(ctx, h) }))
	if h.none() {
		asked := cmp.Or(f.Person, f.Project)
		if near := sync.NearNames(asked, h.names); !slices.ContainsFunc(near, func(n string) bool { return sync.FoldName(n) == sync.FoldName(asked) }) {
			h.found.Near = near // else they are known, but not since that day, or not in that group
		}
	}
	h.found.Sort()
	return h.found, err
}

// past is a history while it is gathered.
type past struct {
	filter  sync.HistoryFilter
	company procore.CompanyID
	found   sync.History
	here    map[string]bool // runs that the folder has
	names   []string        // of the newest runs: what may have been meant
}

// nearRuns is in how many of the newest runs names are looked for that are like one that is unknown.
const nearRuns = 50

// of reports whether a run is one that the history is of.
func (h *past) of(run sync.Run) bool {
	return run.Command != sync.CommandPlan && (h.company == "" || run.Company == "" || run.Company == h.company)
}

// take takes those changes of a run that the filter asks for.
func (h *past) take(run sync.Run, outcome sync.Outcome, changes []sync.Change) {
	for _, c := range changes {
		p := sync.PastChange{Run: run, Outcome: outcome, Change: c}
		if h.filter.Has(c) && !p.At().Before(h.filter.Since) {
			h.found.Changes = append(h.found.Changes, p)
		}
	}
}

// takeWaiting takes those invitations of a run that the filter asks for.
func (h *past) takeWaiting(run sync.Run, outcome sync.Outcome, list []sync.Waiting) {
	for _, w := range list {
		if h.filter.HasInvitation(w) && !run.StartedAt.Before(h.filter.Since) {
			h.found.Invited = append(h.found.Invited, sync.PastInvitation{Run: run, Outcome: outcome, Waiting: w})
		}
	}
}

// takeLeftOut takes whom a rollback could not put back: who they are is known once all changes are. One that put nobody back left
// out nobody either.
func (h *past) takeLeftOut(run sync.Run, outcome sync.Outcome, list []sync.Exception) {
	if outcome == sync.Refused || outcome == sync.RunFailed {
		return
	}
	for _, e := range list {
		if !run.StartedAt.Before(h.filter.Since) {
			h.found.LeftOut = append(h.found.LeftOut, sync.PastLeftOut{Run: run, Outcome: outcome, Exception: e})
		}
	}
}

// none reports whether nothing was found, once whom rollbacks left out has been sorted out.
func (h *past) none() bool {
	h.found.LeftOut = slices.DeleteFunc(h.found.LeftOut, func(p sync.PastLeftOut) bool { return !h.filter.HasLeftOut(p.Exception, h.found.Changes) })
	return h.found.None()
}

// learn takes what people or projects are called in a run.
func (h *past) learn(changes []sync.Change) {
	for _, c := range changes {
		if h.filter.Person != "" {
			h.names = append(h.names, c.Login, c.PersonName, c.EmployeeID)
		} else {
			h.names = append(h.names, c.ProjectNumber, c.ProjectName, string(c.Project))
		}
	}
}

// history goes through what the folder knows.
func (l *folder) history(h *past) error {
	ids, err := l.runIDs()
	if err != nil {
		return err
	}
	var errs []error
	var runs []string
	for _, id := range ids {
		h.here[id] = true
		run := l.whichRun(id)
		if !h.of(run) {
			continue
		}
		runs = append(runs, id)
		errs = append(errs, l.historyOf(run, h))
	}
	if len(h.found.Changes)+len(h.found.Invited) == 0 {
		for _, id := range runs[:min(nearRuns, len(runs))] {
			changes, _ := readChanges(filepath.Join(l.path(id), changesFile)) // what can't be read has been told
			h.learn(changes)
		}
	}
	return errors.Join(errs...)
}

// whichRun says which run a folder is of, without reading more of it than needs be.
func (l *folder) whichRun(id string) sync.Run {
	if first, ok := l.firstLine(id); ok {
		return first.Run
	}
	return l.identify(id)
}

func (l *folder) historyOf(run sync.Run, h *past) error {
	changes, err := l.changesLike(run.ID, h.filter)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	h.found.Looked.Add(run)
	if err != nil {
		return err
	}
	waiting, err := readLike(filepath.Join(l.path(run.ID), runningFile), h.filter, parseWaiting)
	var leftOut []sync.Exception
	if run.RollbackOf != "" && (err == nil || errors.Is(err, fs.ErrNotExist)) {
		leftOut, err = readExceptions(filepath.Join(l.path(run.ID), exceptionsFile))
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("read run %s: %w", run.ID, err)
	}
	if len(changes)+len(waiting)+len(leftOut) == 0 {
		return nil // most runs have nothing of it, and there may be thousands
	}
	s, err := l.summary(run.ID)
	if err != nil || !h.of(s.Run) {
		return err
	}
	h.take(s.Run, s.Outcome, changes)
	h.takeWaiting(s.Run, s.Outcome, waiting)
	h.takeLeftOut(s.Run, s.Outcome, leftOut)
	return nil
}

// changesLike reads the changes of a run, or none where none can be what the filter asks for. Of a run that has not ended
// they are as far as it has come.
func (l *folder) changesLike(id string, f sync.HistoryFilter) ([]sync.Change, error) {
	changes, err := readLike(filepath.Join(l.path(id), changesFile), f, parseChanges)
	if !errors.Is(err, fs.ErrNotExist) {
		return changes, err
	}
	past, err := l.load(id)
	if err != nil {
		return nil, err
	}
	return past.Changes, nil
}

// readLike reads a file's rows, or none where none can be what the filter asks for.
func readLike[T any](path string, f sync.HistoryFilter, parse func(string, io.Reader) ([]T, error)) ([]T, error) {
	text, err := os.ReadFile(path)
	if err != nil || !mayHold(text, f) {
		return nil, err
	}
	return parse(path, bytes.NewReader(text))
}

// mayHold reports whether the text of a CSV file may hold what the filter asks for. It is quick where that is ASCII, which
// has no other form than its upper and lower case; a name may also be spaced otherwise and, beyond ASCII, be spelled
// otherwise.
func mayHold(text []byte, f sync.HistoryFilter) bool {
	words := []string{strings.ToLower(strings.TrimSpace(cmp.Or(f.Person, f.Project)))}
	if f.Person != "" && !f.ByAddress() {
		if !isASCII(text) {
			return true
		}
		words = strings.Fields(sync.FoldName(f.Person))
	}
	lower := bytes.ToLower(text)
	return !slices.ContainsFunc(words, func(w string) bool { return isASCII(w) && !bytes.Contains(lower, []byte(w)) })
}

func isASCII[T string | []byte](s T) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}

// history asks the database for what may be part of the history, and takes what is.
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

// Parts of queries: the runs that a history is of, and their columns, as pastRun scans them.
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

// each asks for rows that begin with a run and gives those of runs that the folder lacks. row says where the rest of a row
// goes, and what is done with it then.
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

// namesLike returns the names in the database that are the one asked for, however they are spelled.
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
	query := "select " + pastRunSelect + ", kind, subject, detail, coalesce(template_name, ''), coalesce(group_name, ''), coalesce(project_id, '')" +
		" from sync_exceptions" + ofPastRuns + " and r.rollback_of is not null"
	return h.each(ctx, tx, query, pgx.NamedArgs{}, func(r *pastRun) ([]any, func()) {
		var e sync.Exception
		return []any{&e.Kind, &e.Subject, &e.Detail, &e.TemplateName, &e.GroupName, &e.Project}, func() {
			h.takeLeftOut(r.run, r.outcome, []sync.Exception{e})
		}
	})
}

// readNames learns what people or projects are called in the newest runs, where nothing was found.
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
