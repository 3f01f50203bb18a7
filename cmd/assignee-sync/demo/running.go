package demo

import (
	"context"
	"errors"
	"fmt"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
	"procore-assignee-sync/sync/job"
	"procore-assignee-sync/sync/report"
)

// handedOver shows a workflow that was already running and is waiting for somebody who has left, and hands it over.
func (d *play) handedOver(ctx context.Context, j *job.Job) error {
	d.act("6. A contract that was sent for approval before: `assignee-sync handover`")
	d.say("A running workflow copied its preset when it started, so it still waits for a leaver. Their successors are invited to")
	d.say("its step; the leaver stays on it, since Procore only lets people be added.\n")
	list, err := j.Watched(ctx)
	if err != nil {
		return err
	}
	found, err := j.FindWaiting(ctx, list)
	if err != nil || len(found) == 0 {
		return errors.Join(err, errors.New("the demo's company has no workflow that waits for a leaver"))
	}
	ref := procore.InstanceRef{Project: found[0].Project, Instance: found[0].Instance}
	before, err := j.Procore.Instance(ctx, ref)
	if err != nil {
		return err
	}
	rec, err := j.HandOver(ctx, job.HandoverRequest{List: list})
	if err != nil {
		return err
	}
	if n := rec.Summary.Running; n == nil || n.Invited == 0 {
		return fmt.Errorf("the demo's hand-over invited nobody: %s", rec.Summary.Message)
	}
	after, err := j.Procore.Instance(ctx, ref)
	if err != nil {
		return err
	}
	if err := report.Waiting(d.Out, rec, report.TextOptions{Color: d.Color}); err != nil {
		return err
	}
	d.say("Who is on step %q, and whether they have answered:", after.Step.Name)
	return report.Table(d.Out, stepTable(before, after, found[0])...)
}

// stepTable shows everybody on the step, before and now.
func stepTable(before, after procore.Instance, waiting sync.Waiting) [][]string {
	rows := [][]string{{"PERSON", "BEFORE", "NOW", "WHY"}}
	for _, r := range after.Step.Responses {
		why := "as it was"
		was, there := before.Step.Response(r.Assignee.ID)
		switch {
		case !there:
			why = "invited, in the place of " + waiting.Person.Name
		case r.Assignee.ID == waiting.Person.ID:
			why = "has left; a workflow manager can take them off"
		}
		rows = append(rows, []string{r.Assignee.Name, onStep(was, there), onStep(r, true), why})
	}
	return rows
}

func onStep(r procore.ResponseOccurrence, there bool) string {
	switch {
	case !there:
		return "not on it"
	case r.Submitted:
		return "has answered"
	default:
		return "is waited for"
	}
}
