package ledger

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
)

// History returns what happened to a person or in a project over all runs of a company, or of every company where none is
// named, in the order in which it happened: from the folder, and of runs that are not there from the database. Dry runs
// are left out. Runs that can't be read make up the error; the others are given all the same.
func (l *Ledger) History(ctx context.Context, company procore.CompanyID, f sync.HistoryFilter) ([]sync.PastChange, error) {
	list, here, err := l.folder.history(company, f)
	err = errors.Join(err, l.onDatabase(func(d *database) error {
		more, err := d.history(ctx, company, f)
		for _, p := range more {
			if !here[p.Run.ID] {
				list = append(list, p)
			}
		}
		return err
	}))
	sync.SortHistory(list)
	return list, err
}

// history returns what the folder knows, and which runs it has.
func (l *folder) history(company procore.CompanyID, f sync.HistoryFilter) (list []sync.PastChange, here map[string]bool, err error) {
	ids, err := l.runIDs()
	if err != nil {
		return nil, nil, err
	}
	here = map[string]bool{}
	var errs []error
	for _, id := range ids {
		here[id] = true
		found, err := l.historyOf(id, company, f)
		errs = append(errs, err)
		list = append(list, found...)
	}
	return list, here, errors.Join(errs...)
}

func (l *folder) historyOf(id string, company procore.CompanyID, f sync.HistoryFilter) ([]sync.PastChange, error) {
	text, err := os.ReadFile(filepath.Join(l.path(id), changesFile))
	var changes []sync.Change
	switch {
	case err == nil && !mayHold(text, f):
		return nil, nil // most runs have nothing of it, and there may be thousands
	case err == nil:
		changes, err = parseChanges(changesFile, bytes.NewReader(text))
	case errors.Is(err, fs.ErrNotExist):
		var past *PastRun
		if past, err = l.Load(id); err == nil {
			changes = past.Changes // as far as it has come
		} else if errors.Is(err, fs.ErrNotExist) {
			return nil, nil
		}
	}
	if err != nil {
		return nil, err
	}
	s, err := l.summary(id)
	if err != nil || s.Command == dryRun || company != "" && s.Company != "" && s.Company != company {
		return nil, err
	}
	return pick(s.Run, s.Outcome, changes, f), nil
}

// pick returns those changes of a run that the filter asks for.
func pick(run sync.Run, outcome sync.Outcome, changes []sync.Change, f sync.HistoryFilter) (list []sync.PastChange) {
	for _, c := range changes {
		p := sync.PastChange{Run: run, Outcome: outcome, Change: c}
		if f.Has(c) && !p.At().Before(f.Since) {
			list = append(list, p)
		}
	}
	return list
}

// mayHold reports whether the text of changes.csv may hold what the filter asks for. It is quick where that is ASCII,
// which has no other form than its upper and lower case.
func mayHold(text []byte, f sync.HistoryFilter) bool {
	needle := f.Person
	if needle == "" {
		needle = f.Project
	}
	needle = strings.ToLower(strings.TrimSpace(needle))
	if !isASCII(needle) {
		return true
	}
	return bytes.Contains(bytes.ToLower(text), []byte(needle))
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}

// history asks the database for what may be part of the history, and picks what is.
func (p *database) history(ctx context.Context, company procore.CompanyID, f sync.HistoryFilter) (list []sync.PastChange, err error) {
	query := `select ` + changeSelect + `, r.run_id, r.company_id, r.host, r.command, r.started_at, r.run_by,
			coalesce(r.approved_by, ''), coalesce(r.approved, ''), coalesce(r.reason, ''), coalesce(r.rollback_of, ''), coalesce(r.outcome, '')
		from sync_changes join sync_runs r using (run_id)
		where r.command <> 'plan' and (@company = '' or r.company_id = @company)`
	args := pgx.NamedArgs{"company": string(company)}
	switch {
	case f.Person != "" && isASCII(f.Person):
		query += " and lower(login) = @person"
		args["person"] = strings.ToLower(strings.TrimSpace(f.Person))
	case f.Person != "":
		query += ` and login ~ '[^\x01-\x7F]'`
	default:
		query += " and (lower(trim(project_id)) = @project or lower(trim(project_number)) = @project or project_number ~ '[^\\x01-\\x7F]')"
		args["project"] = sync.FoldNumber(f.Project)
	}
	err = p.read(ctx, func(ctx context.Context, tx pgx.Tx) error {
		rows, err := tx.Query(ctx, query, args)
		if err != nil {
			return err
		}
		found, err := pgx.CollectRows(rows, scanPastChange)
		for _, past := range found {
			list = append(list, pick(past.Run, past.Outcome, []sync.Change{past.Change}, f)...)
		}
		return err
	})
	return list, err
}

func scanPastChange(row pgx.CollectableRow) (p sync.PastChange, err error) {
	var at *time.Time
	into := append(changeInto(&p.Change, &at), &p.Run.ID, &p.Run.Company, &p.Run.Host, &p.Run.Command, &p.Run.StartedAt,
		&p.Run.By, &p.Run.ApprovedBy, &p.Run.Approved, &p.Run.Reason, &p.Run.RollbackOf, &p.Outcome)
	err = row.Scan(into...)
	p.Change.ReadBack()
	if at != nil {
		p.Change.Time = at.UTC()
	}
	p.Run.StartedAt = p.Run.StartedAt.UTC()
	return p, err
}
