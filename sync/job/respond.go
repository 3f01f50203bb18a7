package job

import (
	"context"
	"errors"
	"fmt"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
	"procore-assignee-sync/sync/apply"
	"procore-assignee-sync/sync/running"
)

// Inbox returns what is waiting for the credentials' own user in the places. If some of them can't be read, the error
// says which, and the others are returned all the same; the error carries the exit code.
func (j *Job) Inbox(ctx context.Context, places []running.Place) ([]running.Waiter, error) {
	me, err := j.Procore.Me(ctx)
	if err != nil {
		return nil, &ExitError{exitCode(ctx, err), fmt.Errorf("learn who the credentials' own user is: %w", err)}
	}
	waiters, failed := running.Inbox(ctx, j.Procore, me.ID, places)
	if len(failed) > 0 {
		return waiters, &ExitError{exitCode(ctx, failed[0]), errors.Join(failed...)}
	}
	return waiters, nil
}

// Respond answers workflows as the credentials' own user. It is a run of its own: locked, read and checked as a whole
// before the first answer is sent, confirmed and journalled. The record is filled in as far as the run got, even if
// there is an error; the error carries the exit code.
func (j *Job) Respond(ctx context.Context, decisions []running.Decision) (sync.Record, error) {
	r, err := j.start(ctx, j.info(sync.CommandRespond), approval{})
	if err != nil {
		return r.rec, err
	}
	defer r.unlock()
	r.rec.Plan = r.emptyPlan()
	timed, cancel := r.withDeadline(ctx)
	defer cancel()
	me, err := r.Procore.Me(timed)
	if err != nil {
		return r.fail(ctx, fmt.Errorf("learn who the credentials' own user is: %w", err))
	}
	decisions, problems := running.Resolve(timed, r.Procore, decisions)
	if len(problems) > 0 {
		return r.fail(ctx, errors.Join(problems...))
	}
	prepared, problems := running.Prepare(timed, r.Procore, me.ID, decisions)
	if len(problems) > 0 {
		return r.fail(ctx, errors.Join(problems...))
	}
	for _, p := range prepared {
		r.rec.Responses = append(r.rec.Responses, p.Response())
	}
	if err := r.confirm(len(prepared)); err != nil {
		return r.fail(ctx, err)
	}
	r.result = &apply.Result{}
	_ = r.phase("respond", func() error {
		r.rec.Responses = running.Respond(timed, prepared, r.Procore, r.kept.RunningJournal(), running.RespondOptions{
			RunID: r.rec.Run.ID, Person: me.ID, MaxAttempts: r.MaxAttempts, Now: r.now, Grace: r.Grace,
		})
		return nil
	})
	for _, response := range r.rec.Responses {
		r.result.WriteSent = r.result.WriteSent || response.HTTPStatus != 0 || response.Status == sync.Failed
		if e, undone := undoneResponse(response); undone {
			r.rec.Exceptions = append(r.rec.Exceptions, e)
		}
	}
	return r.end(ctx)
}

// undoneResponse returns the exception for a response that was not given.
func undoneResponse(r sync.Response) (sync.Exception, bool) {
	kind, undone := map[sync.Status]sync.Kind{
		sync.Conflict: sync.ConflictKind, sync.Failed: sync.FailedKind, sync.NotAttempted: sync.NotAttemptedKind,
	}[r.Status]
	inbox := "assignee-sync inbox"
	if r.Project != "" {
		inbox += " --project " + sync.IDPrefix + string(r.Project)
	}
	return sync.Exception{
		Kind: kind, Subject: "workflow " + string(r.Instance), Project: r.Project, Source: r.Source, Incomplete: true,
		Detail: fmt.Sprintf("%s; `%s` lists what still waits for this user", r.Error, inbox),
	}, undone
}

// runningProcore is the part of Procore that running workflows need.
type runningProcore interface {
	running.Reader
	running.Inviter
	running.Responder
	Me(context.Context) (procore.User, error)
}
