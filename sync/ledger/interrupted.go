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
	"procore-assignee-sync/sync/running"
)

// Dry runs take no lock, so one without an end may still be going on. After this time it no longer is.
const dryRunIsOver = 24 * time.Hour

// hopeForAnswer is how long after its start the closing of a run is put off if Procore does not answer.
const hopeForAnswer = 72 * time.Hour

// Interrupted returns the runs of the company and host that have neither ended nor been closed, oldest first. The lock
// must be held: otherwise it returns runs in progress too. Dry runs are included a day after their start. Runs that
// this Ledger began are left out.
func (l *Ledger) Interrupted(company procore.CompanyID, host string) ([]sync.Run, error) {
	return l.folder.interrupted(company, host)
}

// Looks reads what a killed run was about to write. If a function is nil, nothing is looked at.
type Looks struct {
	Preset   func(context.Context, procore.PresetRef) (procore.Preset, error)
	Instance func(context.Context, procore.InstanceRef) (procore.Instance, error)
}

// CloseInterrupted accounts for every change, invitation and response of a run that was killed, writes its reports and
// its manifest, and finishes it as interrupted. look reads whatever the journal says was about to be sent but has no
// outcome for; if it is nil or Procore does not have it, the outcome is reported as unknown. If ctx ends in the
// meantime, or Procore can't be reached at all, the run is left as it is, to be closed later. The lock must be held.
// Closing a run twice changes nothing; CatchUp copies it to the database.
//
// A run that was killed after its reports were written keeps them; only what is missing is added.
func (l *Ledger) CloseInterrupted(ctx context.Context, run sync.Run, look Looks) (sync.Record, error) {
	rec, err := l.folder.closeInterrupted(ctx, run, look)
	if err != nil {
		return rec, err
	}
	rec.Evidence, err = l.folder.complete(rec.Run)
	return rec, err
}

func (l *folder) interrupted(company procore.CompanyID, host string) ([]sync.Run, error) {
	ids, err := l.runIDs()
	if err != nil {
		return nil, err
	}
	c, err := l.readChain(company)
	if err != nil {
		return nil, err
	}
	of := Filter{Company: company, Host: host}
	var runs []sync.Run
	for _, id := range slices.Backward(ids) {
		if l.isGoing(id) || l.isClosed(id, c) {
			continue
		}
		steps, _, err := l.journal(id)
		if errors.Is(err, fs.ErrNotExist) {
			continue // a dry run is deleting old dry runs at the same time
		}
		if err != nil {
			return nil, err
		}
		run := steps.Run
		if !of.has(run) || l.mayGoOn(run, company) {
			continue
		}
		if run.Company == "" {
			run.Company, run.Host = company, host // nobody else will close it
		}
		runs = append(runs, run)
	}
	return runs, nil
}

// isClosed reports whether a run has ended or been closed, with everything that it leaves behind. A run whose files
// somebody has deleted since is closed too; Verify finds that.
func (l *folder) isClosed(id string, c *chain) bool {
	finished, err := hasFinished(l.journalPath(id))
	if errors.Is(err, fs.ErrNotExist) {
		return l.hasSummary(id) || l.plan(id) == nil
	}
	if !finished {
		return false
	}
	first, ok := l.firstLine(id)
	if !ok || !first.Manifest {
		return true // of a version that wrote no manifests
	}
	switch text, m := l.readManifest(id); {
	case text == nil:
		return first.Command != sync.CommandPlan && c.has(id)
	case m == nil || !m.isLink():
		return true
	default:
		return !c.follows(m)
	}
}

// mayGoOn reports whether a run that has not ended may still be in progress although its company's lock is held: it is
// a dry run, or it may be another company's for all that is known.
func (l *folder) mayGoOn(run sync.Run, company procore.CompanyID) bool {
	young := l.now().Sub(run.StartedAt) < dryRunIsOver
	return young && (run.Command == sync.CommandPlan || run.Company == "" && !l.alone(company))
}

// alone reports whether no other company has runs here.
func (l *folder) alone(company procore.CompanyID) bool {
	ids, err := l.runIDs()
	return err == nil && !slices.ContainsFunc(ids, func(id string) bool {
		first, ok := l.firstLine(id)
		return ok && first.Company != company
	})
}

// complete writes the manifest that an ended run is missing, or its line in the chain, and returns the digest.
func (l *folder) complete(run sync.Run) (evidence string, err error) {
	text, m := l.readManifest(run.ID)
	switch {
	case text == nil:
		text, err = l.attest(run, nil)
	case m != nil && m.isLink():
		err = l.addToChain(run.Company, text, m)
	}
	if text == nil {
		return "", err
	}
	return digestOf(text), err
}

// addToChain adds the manifest that is the next one the chain is missing.
func (l *folder) addToChain(company procore.CompanyID, text []byte, m *manifest) (err error) {
	c, unlock, err := l.lockChain(company)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, unlock()) }()
	if !c.follows(m) {
		return nil
	}
	return c.append(text)
}

func (l *folder) closeInterrupted(ctx context.Context, run sync.Run, look Looks) (sync.Record, error) {
	steps, size, err := l.journal(run.ID)
	if err != nil {
		return sync.Record{}, err
	}
	if steps.Run.Company == "" && !l.alone(run.Company) {
		look = Looks{} // it may be another company's
	}
	steps.Run = run
	done, err := l.summary(run.ID)
	if err != nil {
		return sync.Record{}, err
	}
	if done.Outcome != "" {
		rec, err := l.reported(done)
		if err != nil || steps.Finished {
			return rec, err
		}
		return rec, l.finishJournal(rec, size, nil, func() error { return nil })
	}
	rec, found, err := l.account(ctx, run, steps, look)
	if err != nil {
		return sync.Record{}, err
	}
	return rec, l.finishJournal(rec, size, found, func() error { return writeReports(l.path(run.ID), rec) })
}

// reported returns the record of a run whose reports are written.
func (l *folder) reported(done sync.Summary) (sync.Record, error) {
	past, err := l.load(done.ID)
	if err != nil {
		return sync.Record{}, err
	}
	return past.Record(), nil
}

// account works out the record of a run that was killed.
func (l *folder) account(ctx context.Context, run sync.Run, steps apply.JournalFile, look Looks) (sync.Record, []apply.WriteOutcome, error) {
	var away error // why Procore can't be reached at all
	age := l.now().Sub(run.StartedAt)
	rec := sync.Record{Run: run}
	if file := l.plan(run.ID); file != nil {
		rec.Plan = file.Plan
	}
	at := l.now().UTC()
	plan, result, found := apply.AccountInterrupted(rec.Plan, steps, at, lookOr(ctx, age, look.Preset, &away))
	waiting, err := l.accountRunning(run.ID, lookOr(ctx, age, look.Instance, &away))
	switch {
	case away != nil:
		return sync.Record{}, nil, fmt.Errorf("learn what became of its last writes: %w", away)
	case err != nil:
		return sync.Record{}, nil, err
	}
	if run.Command == sync.CommandPlan {
		// It would not have sent anything: what it planned stays planned.
		result = &apply.Result{Changes: plan.Changes}
	}
	rec.Plan, rec.Changes, rec.Waiting, rec.Responses = plan, result.Changes, waiting.rows, waiting.responses
	rec.Exceptions = slices.Concat(plan.Exceptions, result.Exceptions, running.Exceptions(waiting.rows, at))
	result.WriteSent = result.WriteSent || waiting.sent
	sync.SortExceptions(rec.Exceptions)
	rec.Run.FinishedAt = at
	rec.Summary = interruptedSummary(rec, result, run.Command != sync.CommandPlan && len(steps.Damaged) > 0)
	return rec, found, nil
}

// interruptedSummary returns the summary of a killed run: what its plan and its result show, without what only the run
// itself knew, such as the number of its calls. unclear says that lines of its journal are lost, so that there may have
// been more writes than are known.
func interruptedSummary(rec sync.Record, result *apply.Result, unclear bool) sync.Summary {
	s := sync.Summary{
		Run: rec.Run, Outcome: sync.Interrupted, ExitCode: sync.ExitFailed,
		Digest: rec.Plan.Digest, Roster: rec.Plan.Roster, RoleMap: rec.Plan.RoleMap, Planned: rec.Plan.Counts,
		Limits: rec.Plan.Limits, Managed: rec.Plan.Managed, Invisible: rec.Plan.Invisible,
		Gates: slices.Concat([]sync.TrippedGate{}, rec.Plan.Gates), Calls: []procore.CallCount{},
		Durations: []sync.PhaseDuration{}, Exceptions: sync.CountKinds(rec.Exceptions), Results: sync.CountResults(rec.Changes), Running: sync.CountWaiting(rec.Waiting), Responses: rec.Responses,
	}
	s.Results.PresetsWritten = result.PresetsWritten
	s.Message = "interrupted before anything was written"
	if result.WriteSent || unclear {
		s.ExitCode = sync.ExitIncomplete
		s.Message = fmt.Sprintf("interrupted: %d changes applied, %d failed, %d not attempted",
			s.Results.Applied-s.Results.AlreadySo, s.Results.Failed, s.Results.NotAttempted)
	}
	if unclear {
		s.Message += "; lines of its journal are lost, so whether more was written is not known"
	}
	return s
}

// lookOr reads with look, and stores in away why Procore can't be reached at all, after which look is no longer called.
// If look is nil it is never called.
func lookOr[Ref, T any](ctx context.Context, age time.Duration, look func(context.Context, Ref) (T, error), away *error) func(Ref) (T, error) {
	return func(ref Ref) (found T, err error) {
		if look == nil || *away != nil {
			return found, apply.ErrNotLookedAt
		}
		found, err = look(ctx, ref)
		if err != nil && (ctx.Err() != nil || isAway(err, age)) {
			*away = err
		}
		return found, err
	}
}

// isAway reports whether err is not an answer about one preset but means that Procore can't be reached at all. If a
// preset has not answered three days after the run began it never will, and must not keep all later runs from starting.
func isAway(err error, age time.Duration) bool {
	var network *procore.NetworkError
	return procore.NoUse(err) || errors.As(err, &network) && (network.Dialing || age < hopeForAnswer)
}

// finishJournal appends what is now known to the journal, has the reports written, and adds the line "finished".
func (l *folder) finishJournal(rec sync.Record, size int64, found []apply.WriteOutcome, reports func() error) error {
	j, err := reopenJournal(l.journalPath(rec.Run.ID), size)
	if err != nil {
		return fmt.Errorf("finish the journal of run %s: %w", rec.Run.ID, err)
	}
	for _, o := range found {
		err = errors.Join(err, j.Outcome(o))
	}
	if err == nil {
		err = reports()
	}
	if s := rec.Summary; err == nil {
		err = j.finished(s.FinishedAt, s.Outcome, s.ExitCode)
	}
	return errors.Join(err, j.close())
}
