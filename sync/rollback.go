package sync

import "procore-assignee-sync/procore"

// RollbackInput is what undoing a run needs to know.
type RollbackInput struct {
	Company procore.CompanyID
	Host    string
	Run     Run         // the run to undo
	Plan    *Plan       // what that run planned, for the names; nil where it is lost
	Steps   JournalFile // what that run journalled

	// Now holds each preset of RollbackRefs as just read; Unreadable those that could not be read.
	Now        map[procore.PresetRef]procore.Preset
	Unreadable []Unreadable

	Limits Limits // the removal limits to judge by
}

// RollbackRefs lists the presets that a run changed or may have changed, by project and preset id.
func RollbackRefs(steps JournalFile) []procore.PresetRef { return nil }

// BuildRollback plans to put back the groups that a run changed, where they have not moved since.
func BuildRollback(in RollbackInput) (*Plan, error) { return &Plan{RollbackOf: in.Run.ID}, nil }
