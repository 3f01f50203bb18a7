package job

import (
	"context"

	"procore-assignee-sync/hrsource"
	"procore-assignee-sync/sync"
	"procore-assignee-sync/sync/planner"
	"procore-assignee-sync/sync/snapshot"
)

// Inputs reads HR and Procore as a plan would, for commands that leave nothing behind: no lock, no run folder, nothing
// remembered. An error carries the exit code.
func (j *Job) Inputs(ctx context.Context) (planner.Inputs, error) {
	r := &run{Job: j, rec: sync.Record{Run: j.info(sync.CommandCheck)}}
	r.recall(ctx)
	in, err := r.inputs(ctx)
	if err != nil {
		return in, &ExitError{exitCode(ctx, err), err}
	}
	return in, nil
}

// Snapshot reads Procore alone, for a check that continues although HR could not be read. An error carries the exit
// code.
func (j *Job) Snapshot(ctx context.Context) (*sync.Snapshot, error) {
	r := &run{Job: j, rec: sync.Record{Run: j.info(sync.CommandCheck)}}
	r.recall(ctx)
	snapshot, _, err := snapshot.Read(ctx, j.Procore, r.readOptions(), nil)
	if err != nil {
		return nil, &ExitError{exitCode(ctx, err), err}
	}
	return snapshot, nil
}

// Today returns the day that decides who is a member, in the job's time zone.
func (j *Job) Today() hrsource.Date { return hrsource.DateOf(j.now().In(j.location())) }
