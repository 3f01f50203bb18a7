package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"procore-assignee-sync/cmd/assignee-sync/settings"
	"procore-assignee-sync/sync"
	"procore-assignee-sync/sync/ledger"
)

// pastRuns is where past runs are: the folder and, where one is set, the database, which has those of other machines.
type pastRuns struct {
	folder   *ledger.Ledger
	database *ledger.Postgres
}

func (a *app) openPast(ctx context.Context, c *settings.Config) (p pastRuns, done func(), err error) {
	p.folder, p.database, err = openLedger(ctx, c.Ledger)
	return p, func() { closeDatabase(p.database, a.Logger(c.Log.Level)) }, err
}

// list gives runs from both places, each once, newest first. Those that can't be read make up the error; the others are
// given all the same.
func (p pastRuns) list(ctx context.Context, f ledger.Filter) ([]sync.Summary, error) {
	list, err := p.folder.Runs(f)
	if p.database == nil {
		return list, err
	}
	more, databaseErr := p.database.Runs(ctx, f)
	for _, s := range more {
		if !slices.ContainsFunc(list, func(known sync.Summary) bool { return known.ID == s.ID }) {
			list = append(list, s)
		}
	}
	slices.SortFunc(list, func(a, b sync.Summary) int {
		return cmp.Or(b.StartedAt.Compare(a.StartedAt), cmp.Compare(b.ID, a.ID))
	})
	if f.Limit > 0 && len(list) > f.Limit {
		list = list[:f.Limit]
	}
	return list, errors.Join(err, databaseErr)
}

// load gives one run as a record.
func (p pastRuns) load(ctx context.Context, id string) (sync.Record, error) {
	past, err := p.folder.Load(id)
	if errors.Is(err, fs.ErrNotExist) && p.database != nil {
		past, err = p.database.Load(ctx, id)
	}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return sync.Record{}, usagef("there is no run %s: `assignee-sync runs` lists those there are", id)
	case err != nil:
		return sync.Record{}, fmt.Errorf("read run %s: %w", id, err)
	}
	rec := sync.Record{Run: past.Summary.Run, Changes: past.Changes, Exceptions: past.Exceptions, Summary: past.Summary}
	if past.Plan != nil {
		rec.Plan = past.Plan.Plan
	}
	return rec, nil
}
