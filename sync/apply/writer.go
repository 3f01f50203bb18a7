package apply

import (
	"context"
	"iter"

	"procore-assignee-sync/procore"
)

// Writer is what applying a plan needs of Procore. *procore.Client is one.
type Writer interface {
	Preset(context.Context, procore.PresetRef) (procore.Preset, error)
	PossibleAssignees(context.Context, procore.AssigneeScope) iter.Seq2[procore.Login, error]

	// UpdateAssignees sends the whole list once. An error for which procore.MaybeApplied is true leaves open whether
	// the preset has changed.
	UpdateAssignees(context.Context, procore.PresetRef, []procore.GroupWrite) (procore.AssigneesResult, error)

	// Pause waits before attempt number attempt (from 2), as long as cause asks for.
	Pause(ctx context.Context, attempt int, cause error) error
}
