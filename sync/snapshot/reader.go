package snapshot

import (
	"context"
	"iter"

	"procore-assignee-sync/procore"
)

// Reader is what a run reads from Procore. *procore.Client implements it. A list yields its error last; a list that
// yielded an error is not complete.
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
