package sync

import (
	"context"
	"iter"

	"procore-assignee-sync/procore"
)

// Reader is what a run reads from Procore. *procore.Client is one. Lists yield their error last; a list that yielded
// an error is not complete.
type Reader interface {
	Projects(context.Context) iter.Seq2[procore.Project, error]
	Users(context.Context) iter.Seq2[procore.User, error]
	InactiveUsers(context.Context) iter.Seq2[procore.User, error]
	Tools(context.Context) ([]procore.Tool, error)
	Templates(context.Context) iter.Seq2[procore.Template, error]
	Version(context.Context, procore.VersionID) (procore.TemplateVersion, error)
	Presets(context.Context, procore.AssigneeScope) iter.Seq2[procore.PresetSummary, error]
	Preset(context.Context, procore.PresetRef) (procore.Preset, error)
	PossibleAssignees(context.Context, procore.AssigneeScope) iter.Seq2[procore.Login, error]
}

// Writer is what Apply needs of Procore. *procore.Client is one.
type Writer interface {
	Preset(context.Context, procore.PresetRef) (procore.Preset, error)
	PossibleAssignees(context.Context, procore.AssigneeScope) iter.Seq2[procore.Login, error]

	// UpdateAssignees sends the whole list once. An error for which procore.MaybeApplied is true leaves open whether
	// the preset has changed.
	UpdateAssignees(context.Context, procore.PresetRef, []procore.GroupWrite) (procore.AssigneesResult, error)

	// Pause waits before attempt number attempt (from 2), as long as cause asks for.
	Pause(ctx context.Context, attempt int, cause error) error
}
