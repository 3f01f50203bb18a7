package ledger

import (
	"context"
	"errors"
	"fmt"
	"io"

	"procore-assignee-sync/sync"
	"procore-assignee-sync/sync/apply"
	"procore-assignee-sync/sync/report"
)

// Run is a run in progress, and what has been kept of it so far.
type Run struct {
	of     *Ledger
	run    sync.Run
	folder *runFolder
	doomed []string // runs that are old enough to be deleted, as the manifest says
}

// Begin creates the run's folder, with a journal whose first line is on disk. The folder gets its name only then.
func (l *Ledger) Begin(run sync.Run) (*Run, error) {
	folder, err := l.folder.create(run)
	if err != nil {
		return nil, err
	}
	return &Run{of: l, run: run, folder: folder}, nil
}

// Dir returns the path of the run's folder.
func (r *Run) Dir() string { return r.folder.dir }

// Journal returns the journal in which an apply records what it is about to do and how it went. Once a lock in the
// database is lost, it accepts no more intents.
func (r *Run) Journal() apply.Journal {
	if r.of.database != nil {
		return r.of.database.guard(r.folder.journal)
	}
	return r.folder.journal
}

// WritePlan writes plan.json, whole or not at all, with its schema and checksum. Call it before the apply, since a
// killed run is accounted for from its plan.
func (r *Run) WritePlan(p sync.PlanFile) error { return r.folder.writePlan(p) }

// WriteWaiting writes running.csv as planned, whole or not at all. Call it before anybody is invited, since a killed
// run is accounted for from it.
func (r *Run) WriteWaiting(rec sync.Record) error {
	return writeWhole(r.Dir(), runningFile, func(w io.Writer) error { return report.RunningCSV(w, rec) })
}

// Finish stores the record in the database, then in the folder, and returns it with its evidence. If it can't be stored
// completely, Finish returns the error, and calls notWhole for a new record, so that what is stored says so. What the
// database is missing is copied there by the next run that holds the lock, which also completes what the folder is
// missing.
func (r *Run) Finish(ctx context.Context, rec sync.Record, notWhole func() sync.Record) (sync.Record, error) {
	var trouble error
	if r.folder.journal.Err() != nil {
		rec = notWhole() // called here, so that the reports say so
	}
	err := r.of.onDatabase(func(d *database) error {
		steps, err := r.of.folder.steps(rec.Run.ID)
		if err != nil {
			return err
		}
		return d.writeWhole(ctx, rec, steps)
	})
	if err != nil {
		trouble = fmt.Errorf("write the run to the ledger database: %w; the next apply brings it there", err)
		rec = notWhole()
	}
	if err := r.folder.finish(rec); err != nil {
		trouble = errors.Join(trouble, fmt.Errorf("write the run's reports to %s: %w", r.Dir(), err))
		rec = notWhole()
		r.of.warn("tell the ledger database that the run's files are not whole", r.of.onDatabase(func(d *database) error {
			return d.writeRun(ctx, rec)
		}))
		return rec, trouble
	}
	if trouble != nil {
		trouble = fmt.Errorf("%w; the files in %s are complete", trouble, r.Dir())
	} else {
		r.doomed, err = r.of.folder.old(rec.Run, r.of.keepDays, r.of.now())
		r.of.warn("look for old runs", err)
	}
	rec.Evidence, err = r.of.attest(ctx, rec.Run, r.doomed)
	r.of.warn("write the run's manifest; the next apply completes it", err)
	return rec, trouble
}

// Prune deletes the runs that LEDGER_KEEP_DAYS no longer keeps, which Finish has listed in the manifest. A dry run
// deletes only dry runs.
func (r *Run) Prune(ctx context.Context) error {
	err := r.of.folder.remove(r.doomed, r.of.now())
	if r.run.Command == sync.CommandPlan {
		return err
	}
	return errors.Join(err, r.of.onDatabase(func(d *database) error {
		return d.prune(ctx, r.run.Company, r.run.Host, r.of.keepDays, r.of.now())
	}))
}

// attest writes the manifest of a run that has ended, to the folder and to the database, and returns its digest.
func (l *Ledger) attest(ctx context.Context, run sync.Run, deleted []string) (evidence string, err error) {
	text, err := l.folder.attest(run, deleted)
	if text == nil {
		return "", err
	}
	return digestOf(text), errors.Join(err, l.onDatabase(func(d *database) error { return d.attest(ctx, run.ID, text) }))
}
