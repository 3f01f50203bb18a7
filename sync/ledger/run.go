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

// Run is a run that is going on, and what is kept of it so far.
type Run struct {
	of     *Ledger
	run    sync.Run
	folder *runFolder
	doomed []string // runs that are old enough to be deleted, as the manifest says
}

// Begin makes the run's folder, with a journal whose first line is on disk. The folder appears under its name only then.
func (l *Ledger) Begin(run sync.Run) (*Run, error) {
	folder, err := l.folder.create(run)
	if err != nil {
		return nil, err
	}
	return &Run{of: l, run: run, folder: folder}, nil
}

// Dir is the path of the run's folder.
func (r *Run) Dir() string { return r.folder.dir }

// Journal is where an apply tells what it is about to do and what came of it. Where a lock in the database is lost, it
// takes no more of what is to be written.
func (r *Run) Journal() apply.Journal {
	if r.of.database != nil {
		return r.of.database.guard(r.folder.journal)
	}
	return r.folder.journal
}

// WritePlan writes plan.json, whole or not at all, with its schema and checksum. Do so before the apply: a run that is
// killed is accounted for from its plan.
func (r *Run) WritePlan(p sync.PlanFile) error { return r.folder.writePlan(p) }

// WriteWaiting writes running.csv as it is planned, whole or not at all. Do so before anybody is invited: a run that is
// killed is accounted for from it.
func (r *Run) WriteWaiting(rec sync.Record) error {
	return writeWhole(r.Dir(), runningFile, func(w io.Writer) error { return report.RunningCSV(w, rec) })
}

// Finish keeps the record in the database, then in the folder, and returns it with its evidence. Where it can't be kept
// whole, that is the error, and notWhole is asked for the record anew, so that what is kept says so. What the database did
// not get is brought there by the next run that holds the lock; what the folder lacks, that run completes.
func (r *Run) Finish(ctx context.Context, rec sync.Record, notWhole func() sync.Record) (sync.Record, error) {
	var trouble error
	if r.folder.journal.Err() != nil {
		rec = notWhole() // now, so that the reports say so; the folder tells why
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

// Prune deletes the runs that LEDGER_KEEP_DAYS lets go, those that Finish has put into the manifest. A dry run deletes
// dry runs alone.
func (r *Run) Prune(ctx context.Context) error {
	err := r.of.folder.remove(r.doomed, r.of.now())
	if r.run.Command == sync.CommandPlan {
		return err
	}
	return errors.Join(err, r.of.onDatabase(func(d *database) error {
		return d.prune(ctx, r.run.Company, r.run.Host, r.of.keepDays, r.of.now())
	}))
}

// attest writes the manifest of a run that has ended, to the folder and to the database, and gives its digest.
func (l *Ledger) attest(ctx context.Context, run sync.Run, deleted []string) (evidence string, err error) {
	text, err := l.folder.attest(run, deleted)
	if text == nil {
		return "", err
	}
	return digestOf(text), errors.Join(err, l.onDatabase(func(d *database) error { return d.attest(ctx, run.ID, text) }))
}
