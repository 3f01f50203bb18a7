package ledger

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"time"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
	"procore-assignee-sync/sync/apply"
)

// dryRun is the command that sends nothing.
const dryRun = "plan"

// Dry runs take no lock, so one without an end may still be going on. After this time it is not.
const dryRunIsOver = 24 * time.Hour

// hopeForAnswer is for how long after its start the closing of a run is put off where Procore gives no answer.
const hopeForAnswer = 72 * time.Hour

// Interrupted lists the runs of the company and host that have neither finished nor been closed, oldest first. Hold the
// lock: without it a run that is going on is listed too. Dry runs are listed a day after their start. Runs that this
// Ledger created are left out.
func (l *Ledger) Interrupted(company procore.CompanyID, host string) ([]sync.Run, error) {
	ids, err := l.runIDs()
	if err != nil {
		return nil, err
	}
	of := Filter{Company: company, Host: host}
	var runs []sync.Run
	for _, id := range slices.Backward(ids) {
		finished, err := hasFinished(l.journalPath(id))
		if l.isGoing(id) || finished || errors.Is(err, fs.ErrNotExist) {
			continue
		}
		steps, _, err := readJournal(l.journalPath(id))
		if errors.Is(err, fs.ErrNotExist) {
			continue // another company's run deletes old dry runs at the same time
		}
		if err != nil {
			return nil, fmt.Errorf("read run %s: %w", id, err)
		}
		dry := steps.Run.Command == dryRun
		if !of.has(steps.Run) || (dry && l.now().Sub(steps.Run.StartedAt) < dryRunIsOver) {
			continue
		}
		runs = append(runs, steps.Run)
	}
	return runs, nil
}

// CloseInterrupted accounts for every change of a run that was killed, writes its reports, lets tell pass the record on,
// and finishes it as interrupted. look reads a preset of which the journal says that it was about to be sent, and not
// what became of it; with a nil look, or where Procore does not give the preset, that is told as unknown. Where ctx ends
// meanwhile, or Procore can't be asked at all, the run is left as it is, to be closed later; where tell fails, it is
// still to be closed too. A nil tell tells nobody. Hold the lock. Closing twice changes nothing.
//
// A run that was killed after its reports were written keeps them: only its end is put into the journal.
func (l *Ledger) CloseInterrupted(ctx context.Context, run sync.Run,
	look func(context.Context, procore.PresetRef) (procore.Preset, error), tell func(sync.Record) error,
) (sync.Record, error) {
	steps, size, err := readJournal(l.journalPath(run.ID))
	if err != nil {
		return sync.Record{}, fmt.Errorf("read run %s: %w", run.ID, err)
	}
	done, err := l.summary(run.ID)
	if err != nil {
		return sync.Record{}, err
	}
	if done.Outcome != "" {
		rec, err := l.reported(done)
		if err != nil || steps.Finished {
			return rec, err
		}
		return rec, l.finishJournal(rec, size, nil, tell)
	}
	rec, found, err := l.account(ctx, run, steps, look)
	if err != nil {
		return sync.Record{}, err
	}
	return rec, l.finishJournal(rec, size, found, func(rec sync.Record) error {
		if err := writeReports(l.path(run.ID), rec); err != nil || tell == nil {
			return err
		}
		return tell(rec)
	})
}

// reported is the record of a run whose reports are written.
func (l *Ledger) reported(done sync.Summary) (sync.Record, error) {
	past, err := l.Load(done.ID)
	if err != nil {
		return sync.Record{}, err
	}
	rec := sync.Record{Run: done.Run, Changes: past.Changes, Exceptions: past.Exceptions, Summary: done}
	if past.Plan != nil {
		rec.Plan = past.Plan.Plan
	}
	return rec, nil
}

// account works out the record of a run that was killed.
func (l *Ledger) account(ctx context.Context, run sync.Run, steps apply.JournalFile,
	look func(context.Context, procore.PresetRef) (procore.Preset, error),
) (sync.Record, []apply.WriteOutcome, error) {
	var away error // why Procore can't be asked at all
	lookAt := func(ref procore.PresetRef) (procore.Preset, error) {
		if look == nil || away != nil {
			return notLookedAt(ref)
		}
		p, err := look(ctx, ref)
		if err != nil && (ctx.Err() != nil || isAway(err, l.now().Sub(run.StartedAt))) {
			away = err
		}
		return p, err
	}
	rec := sync.Record{Run: run}
	if file := l.plan(run.ID); file != nil {
		rec.Plan = file.Plan
	}
	at := l.now().UTC()
	plan, result, found := apply.AccountInterrupted(rec.Plan, steps, at, lookAt)
	if away != nil {
		return sync.Record{}, nil, fmt.Errorf("learn what became of its last writes: %w", away)
	}
	if run.Command == dryRun {
		// It was never going to send anything: what it planned stays planned.
		result = &apply.Result{Changes: plan.Changes}
	}
	rec.Plan, rec.Changes = plan, result.Changes
	rec.Exceptions = slices.Concat(plan.Exceptions, result.Exceptions)
	sync.SortExceptions(rec.Exceptions)
	rec.Run.FinishedAt = at
	rec.Summary = interruptedSummary(rec, result)
	return rec, found, nil
}

// isAway says whether err is no answer about one preset, but that there are none to be had. A preset that has not
// answered for three days after the run began never will: it must not keep all later runs from beginning.
func isAway(err error, age time.Duration) bool {
	var auth *procore.AuthError
	var budget *procore.BudgetError
	var network *procore.NetworkError
	return errors.As(err, &auth) || errors.As(err, &budget) ||
		errors.As(err, &network) && (network.Dialing || age < hopeForAnswer)
}

// finishJournal puts what is now known at the journal's end, and the line "finished" once tell has passed the run on.
func (l *Ledger) finishJournal(rec sync.Record, size int64, found []apply.WriteOutcome, tell func(sync.Record) error) error {
	j, err := reopenJournal(l.journalPath(rec.Run.ID), size)
	if err != nil {
		return fmt.Errorf("finish the journal of run %s: %w", rec.Run.ID, err)
	}
	for _, o := range found {
		err = errors.Join(err, j.Outcome(o))
	}
	if err == nil && tell != nil {
		err = tell(rec)
	}
	if s := rec.Summary; err == nil {
		err = j.finished(s.FinishedAt, s.Outcome, s.ExitCode)
	}
	return errors.Join(err, j.close())
}
