package job

import (
	"context"
	"errors"
	"slices"
	"time"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
	"procore-assignee-sync/sync/running"
)

// watch adds everybody whom a run removed to the watch list. It does so before the run counts as ended: if the run is
// killed earlier, the next run closes it and does this then.
func (j *Job) watch(ctx context.Context, rec sync.Record) {
	ctx = context.WithoutCancel(ctx) // the run may have been told to stop
	j.warn("remember who is watched", j.Ledger.ChangeWatched(ctx, j.Company, j.Host, func(list running.WatchList) running.WatchList {
		return list.WithRemoved(rec.Plan, rec.Changes)
	}))
}

// recallWatched loads the watch list as the last look left it, for the estimates and the dry run.
func (r *run) recallWatched(ctx context.Context) {
	list, err := r.Ledger.Watched(ctx, r.Company, r.Host)
	r.warn("read who is watched", err)
	r.watched = list
}

// mayLook reports whether the run's apply looks for running workflows.
func (r *run) mayLook() bool {
	return r.rec.Run.RollbackOf == "" && (r.Running == sync.RunningReport || r.Running == sync.RunningHandover)
}

// looks returns roughly how many calls the look at the end takes: for those who are due, and for those whom the plan
// removes.
func (r *run) looks(plan *sync.Plan) int {
	if !r.mayLook() {
		return 0
	}
	return r.watched.WithRemoved(plan, asIfApplied(plan.Changes, r.now())).Calls(r.now())
}

// asIfApplied returns the changes as they will be once all of them are made.
func asIfApplied(changes []sync.Change, now time.Time) []sync.Change {
	var removed []sync.Change
	for _, c := range changes {
		if c.Action == sync.Remove && c.Status == sync.Planned {
			c.Status, c.Time = sync.Applied, now
			removed = append(removed, c)
		}
	}
	return removed
}

// tellWatched reports the watch list as the last look left it, without any call.
func (r *run) tellWatched() {
	told := r.watched.LastKnown()
	r.Accepted.Mark(told, r.today())
	r.rec.Exceptions = append(slices.Clip(r.rec.Exceptions), told...)
	sync.SortExceptions(r.rec.Exceptions)
	r.rec.Summary.Watched = r.watched.Counts()
}

// look looks for running workflows that wait for people on the watch list who are due. An apply does this last, and
// nothing that goes wrong here affects the presets.
func (r *run) look(ctx context.Context) {
	if !r.mayLook() {
		return
	}
	list, err := r.Ledger.Watched(ctx, r.Company, r.Host)
	r.warn("read who is watched", err)
	_ = r.phase("running", func() error {
		ctx, cancel := r.withDeadline(ctx)
		defer cancel()
		found := running.Look(ctx, r.Procore, list, r.lookOptions(r.rec.Plan.Managed))
		r.rec.Waiting = append([]sync.Waiting{}, found.Waiting...)
		r.warn("remember who is watched", r.Ledger.ChangeWatched(context.WithoutCancel(ctx), r.Company, r.Host,
			func(now running.WatchList) running.WatchList { return now.AfterLook(list, found.List) }))
		if r.Running == sync.RunningHandover && r.result != nil {
			r.handOverNightly(ctx)
		}
		return nil
	})
	r.tellWaiting()
}

// tellWaiting adds the exceptions about those who wait.
func (r *run) tellWaiting() {
	told := running.Exceptions(r.rec.Waiting, r.now())
	r.Accepted.Mark(told, r.today())
	r.rec.Exceptions = append(r.rec.Exceptions, told...)
	sync.SortExceptions(r.rec.Exceptions)
}

func (r *run) lookOptions(managed []sync.ManagedGroup) running.LookOptions {
	return running.LookOptions{
		Templates: r.allTemplates,
		Managed:   managed, Concurrency: r.Concurrency, Now: r.now(),
		Room:     r.hasRoom,
		Progress: func(done, total int) { r.progress("running workflows", done, total) },
	}
}

func (r *run) allTemplates(ctx context.Context) ([]procore.Template, error) {
	var all []procore.Template
	for t, err := range r.Procore.Templates(ctx) {
		if err != nil {
			return nil, err
		}
		all = append(all, t)
	}
	return all, nil
}

// hasRoom reports whether there is room for another call that nobody is waiting for, in the time allowed and in the
// hour's limit less the share reserved for others.
func (r *run) hasRoom() bool {
	late := !r.deadline.IsZero() && !r.now().Before(r.deadline)
	return !late && r.Procore.HourlyBudget().Free() != 0
}

// emptyPlan returns the plan of a run that touches no preset.
func (j *Job) emptyPlan() *sync.Plan {
	p := &sync.Plan{
		Company: j.Company, Host: j.Host, Mode: j.Policy.Mode, Presets: []sync.PresetPlan{}, Changes: []sync.Change{},
		Gates: []sync.TrippedGate{}, Managed: []sync.ManagedGroup{},
	}
	p.Seal()
	return p
}

// Watched returns the watch list.
func (j *Job) Watched(ctx context.Context) (running.WatchList, error) {
	return j.Ledger.Watched(ctx, j.Company, j.Host)
}

// Places returns every project and tool in which workflows may run, from the projects, tools and templates that the
// service account sees. An error carries the exit code.
func (j *Job) Places(ctx context.Context) ([]running.Place, error) {
	places, err := running.Places(ctx, j.Procore)
	if err != nil {
		return nil, &ExitError{exitCode(ctx, err), err}
	}
	return places, nil
}

// FindWaiting looks afresh for everybody on the list, whether due or not. It changes nothing: it takes no lock and
// leaves no run and no list behind. An error carries the exit code.
func (j *Job) FindWaiting(ctx context.Context, list running.WatchList) ([]sync.Waiting, error) {
	r := &run{Job: j, rec: sync.Record{Run: j.info("running")}}
	return r.findWaiting(ctx, list)
}

func (r *run) findWaiting(ctx context.Context, list running.WatchList) ([]sync.Waiting, error) {
	base, err := r.Ledger.Baseline(ctx, r.Company, r.Host, "")
	if err != nil {
		return nil, err
	}
	var managed []sync.ManagedGroup
	if base.Last != nil {
		managed = base.Last.Managed
	}
	opts := r.lookOptions(managed)
	opts.All, opts.Room = true, nil // a person is waiting for the answer
	ctx, cancel := r.withDeadline(ctx)
	defer cancel()
	found := running.Look(ctx, r.Procore, list, opts)
	return append([]sync.Waiting{}, found.Waiting...), context.Cause(ctx)
}

// FindPerson returns the login of the person whom the directory or the watch list has under this e-mail or id. It is an
// error if there is none; the error carries the exit code.
func (j *Job) FindPerson(ctx context.Context, text string) (procore.Login, error) {
	who, err := running.FindPerson(ctx, j.Procore, text)
	if err == nil {
		return who, nil
	}
	var several *running.UnknownPersonError
	list, listErr := j.Watched(ctx)
	if at, found := list.Person(text); listErr == nil && found && !(errors.As(err, &several) && len(several.Found) > 0) {
		return at, nil
	}
	return who, &ExitError{exitCode(ctx, err), err}
}
