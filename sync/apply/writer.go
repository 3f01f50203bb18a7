package apply

import (
	"context"
	"iter"

	"procore-assignee-sync/procore"
)

// Writer is the part of Procore that applying a plan needs. *procore.Client implements it.
type Writer interface {
	Preset(context.Context, procore.PresetRef) (procore.Preset, error)
	PossibleAssignees(context.Context, procore.AssigneeScope) iter.Seq2[procore.Login, error]

	// UpdateAssignees sends the whole list once. If procore.MaybeApplied is true of the error, the preset may or may
	// not have changed.
	UpdateAssignees(context.Context, procore.PresetRef, []procore.GroupWrite) (procore.AssigneesResult, error)

	// Pause waits before the given attempt (from 2) for as long as cause requires.
	Pause(ctx context.Context, attempt int, cause error) error
}
