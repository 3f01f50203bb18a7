package running

import (
	"fmt"
	"slices"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
)

// AccountInterrupted works out what became of every planned hand-over of a killed run, from its planned rows and its
// journal. look reads a workflow for which the journal has an intent but no outcome.
func AccountInterrupted(rows []sync.Waiting, intents []Intent, outcomes []Outcome,
	look func(procore.InstanceRef) (procore.Instance, error),
) []sync.Waiting {
	out := slices.Clone(rows)
	for i := range out {
		row := &out[i]
		if row.State != sync.WaitPlanned {
			continue
		}
		at := slices.IndexFunc(outcomes, func(o Outcome) bool { return o.Ref == refOf(*row) && o.Person == row.Person.ID && o.Step == row.Step })
		if at >= 0 {
			o := outcomes[at]
			row.State, row.HTTPStatus, row.RequestID, row.Error = o.State, o.HTTPStatus, o.RequestID, o.Error
			continue
		}
		announced := slices.IndexFunc(intents, func(in Intent) bool {
			return in.Item.Ref == refOf(*row) && in.Item.Person == row.Person.ID && in.Item.Step == row.Step
		})
		if announced < 0 {
			row.State, row.Error = sync.WaitNotAttempted, "the run was interrupted before anybody was invited here"
			continue
		}
		row.State, row.Error = fate(intents[announced].Item, look)
	}
	return out
}

// fate finds out what became of an invitation that was about to be sent when the run was killed.
func fate(item Handover, look func(procore.InstanceRef) (procore.Instance, error)) (sync.WaitState, string) {
	const was = "the run was interrupted while people were invited here"
	now, err := look(item.Ref)
	switch {
	case err != nil:
		return sync.WaitFailed, fmt.Sprintf("%s, and whether they were is not known: %v", was, err)
	case now.Ended || now.Step == nil || now.Step.ID != item.Step:
		return sync.WaitFailed, was + ", and whether they were is not known: the workflow has moved on since"
	}
	for _, id := range item.Invite {
		if _, there := now.Step.Response(id); !there {
			return sync.WaitFailed, was + ": they are not on the step"
		}
	}
	return sync.WaitInvited, ""
}

// AccountInterruptedResponses works out what became of the responses that a killed run announced.
func AccountInterruptedResponses(intents []ResponseIntent, outcomes []ResponseOutcome,
	look func(procore.InstanceRef) (procore.Instance, error),
) []sync.Response {
	var out []sync.Response
	var seen []procore.InstanceRef
	for _, in := range intents {
		if slices.Contains(seen, in.Ref) {
			continue
		}
		seen = append(seen, in.Ref)
		r := sync.Response{
			Instance: in.Ref.Instance, Project: in.Ref.Project, Step: in.Step, Option: procore.ResponseOption{ID: in.Option},
			Comment: in.Comment, Status: sync.Failed,
		}
		if at := slices.IndexFunc(outcomes, func(o ResponseOutcome) bool { return o.Ref == in.Ref }); at >= 0 {
			o := outcomes[at]
			r.Status, r.HTTPStatus, r.RequestID, r.Error = o.State, o.HTTPStatus, o.RequestID, o.Error
			out = append(out, r)
			continue
		}
		const was = "the run was interrupted while this was answered"
		now, err := look(in.Ref)
		switch {
		case err != nil:
			r.Error = fmt.Sprintf("%s, and whether it was is not known: %v", was, err)
		case now.Ended || now.Step == nil || now.Step.ID != in.Step:
			r.Error = was + ", and whether it was is not known: the workflow has moved on since"
		default:
			if response, there := now.Step.Response(in.Person); there && response.Submitted &&
				sameAnswer(response, procore.ResponseOption{ID: in.Option}, in.Comment) {
				r.Status = sync.Applied
			} else {
				r.Error = was + ": the answer does not stand there"
			}
		}
		out = append(out, r)
	}
	return out
}
