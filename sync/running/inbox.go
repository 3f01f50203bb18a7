package running

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"procore-assignee-sync/procore"
)

// Waiter is one workflow that is waiting for the credentials' own user.
type Waiter struct {
	Place
	Instance  procore.InstanceID       `json:"instance_id"`
	Item      procore.ItemID           `json:"item_id"`
	Step      procore.StepOccurrenceID `json:"step_occurrence_id"`
	StepName  string                   `json:"step_name"`
	Required  bool                     `json:"required"`
	StartedAt time.Time                `json:"started_at,omitzero"` // of the step
	OverdueAt time.Time                `json:"overdue_at,omitzero"`
	Options   []procore.ResponseOption `json:"options"`
}

// Inbox returns the workflows in the places that are waiting for one person, longest first, and an error for each
// place, or workflow in it, that could not be read.
func Inbox(ctx context.Context, r Reader, person procore.LoginID, places []Place) ([]Waiter, []error) {
	var waiters []Waiter
	var failed []error
	for _, place := range places {
		hits, err := collect(r.Instances(ctx, place.Scope(), procore.InstanceFilter{Active: true, Assignee: person}))
		if err != nil {
			failed = append(failed, fmt.Errorf("list the workflows of %s: %w", place, err))
			if ctx.Err() != nil {
				break // the remaining places would fail in the same way
			}
			continue
		}
		for _, hit := range hits {
			instance, err := r.Instance(ctx, procore.InstanceRef{Project: place.Project, Instance: hit.ID})
			if err != nil {
				failed = append(failed, fmt.Errorf("read workflow %s of %s: %w", hit.ID, place, err))
				continue
			}
			response, waits := openResponse(instance, person)
			if !waits {
				continue
			}
			waiters = append(waiters, Waiter{
				Place: place, Instance: instance.ID, Item: instance.Item, Step: instance.Step.ID, StepName: instance.Step.Name,
				Required: response.Required, StartedAt: instance.Step.StartedAt, OverdueAt: instance.Step.OverdueAt,
				Options: instance.Step.Options,
			})
		}
	}
	slices.SortFunc(waiters, func(a, b Waiter) int {
		return cmp.Or(a.StartedAt.Compare(b.StartedAt), procore.CompareIDs(a.Project, b.Project), procore.CompareIDs(a.Instance, b.Instance))
	})
	return waiters, failed
}
