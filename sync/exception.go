package sync

import (
	"cmp"
	"slices"

	"procore-assignee-sync/procore"
)

// Kind is what an exception is about.
type Kind string

// The kinds of exceptions.csv.
const (
	NotInProcore        Kind = "not_in_procore"
	Ambiguous           Kind = "ambiguous"
	Inactive            Kind = "inactive"
	NotAssignable       Kind = "not_assignable"
	HeldEmptyGroup      Kind = "held_empty_group"
	HeldGroupRemovals   Kind = "held_group_removals"
	HeldUnresolved      Kind = "held_unresolved"
	HeldTeamMissing     Kind = "held_team_missing"
	HeldNoProjectRows   Kind = "held_no_project_rows"
	Protected           Kind = "protected"
	UnmanagedDomain     Kind = "unmanaged_domain"
	ConflictKind        Kind = "conflict"
	FailedKind          Kind = "failed"
	NotAttemptedKind    Kind = "not_attempted"
	UnreadableKind      Kind = "unreadable"
	ProjectUnknown      Kind = "project_unknown"
	InvisibleKind       Kind = "invisible_projects"
	PresetInvalid       Kind = "preset_invalid"
	RuleUnused          Kind = "rule_unused"
	FilterUnused        Kind = "filter_unused"
	GroupLost           Kind = "group_lost"
	TeamUnused          Kind = "team_unused"
	DuplicateGroupName  Kind = "duplicate_group_name"
	TemplateSkipped     Kind = "template_skipped"
	RowRejected         Kind = "row_rejected"
	UnterminatedLastRow Kind = "unterminated_last_row"
	MatchedByNumber     Kind = "matched_by_number"
	NullDate            Kind = "null_date"
	HeldSeparation      Kind = "held_separation"
	Separation          Kind = "separation"
	RunningWaits        Kind = "running_waits"
	NoSuccessor         Kind = "no_successor"
)

// Standing reports whether an exception of this kind comes back every night until HR, the role map or Procore is put
// right. Other kinds mean that the run itself had trouble.
func (k Kind) Standing() bool {
	switch k {
	case ConflictKind, FailedKind, NotAttemptedKind, UnreadableKind:
		return false
	default:
		return true
	}
}

// holds reports whether an exception of this kind means that changes are held.
func (k Kind) holds() bool {
	switch k {
	case HeldEmptyGroup, HeldGroupRemovals, HeldUnresolved, HeldTeamMissing, HeldNoProjectRows, HeldSeparation:
		return true
	default:
		return false
	}
}

// NamesProject reports whether the subject or detail of exceptions of this kind names their project, by number and name
// as far as these are known.
func (k Kind) NamesProject() bool {
	switch k {
	case PresetInvalid, UnreadableKind, HeldEmptyGroup, HeldGroupRemovals, HeldNoProjectRows, NotAssignable,
		ConflictKind, FailedKind, NotAttemptedKind, RunningWaits, NoSuccessor:
		return true
	default:
		return false
	}
}

// Exception is something that a person should know. Its fields are the columns of exceptions.csv except the run's id.
type Exception struct {
	Kind         Kind              `json:"kind"`
	Subject      string            `json:"subject"` // who or what: a login or employee id, a rule, a team, a template, a preset
	Detail       string            `json:"detail"`  // what is wrong and what to do
	TemplateName string            `json:"template_name,omitempty"`
	GroupName    string            `json:"group_name,omitempty"`
	Project      procore.ProjectID `json:"project_id,omitempty"`
	Source       Positions         `json:"source,omitempty"`

	// Incomplete means that something wanted was left undone because of it: the run ends with 4, unless the exception
	// is accepted.
	Incomplete bool `json:"incomplete,omitempty"`
	// Accepted means that SYNC_ACCEPTED_EXCEPTIONS lists it.
	Accepted bool `json:"accepted,omitempty"`
	// AcceptedUntil is the last day on which it is accepted, such as 2027-03-31; empty if it is not.
	AcceptedUntil string `json:"accepted_until,omitempty"`
	// AcceptedWhy is the reason that was written down for accepting it.
	AcceptedWhy string `json:"accepted_why,omitempty"`
}

// SortExceptions puts exceptions into the order of reports: by kind, subject, template, group, project, detail, then source.
func SortExceptions(exceptions []Exception) {
	slices.SortFunc(exceptions, func(a, b Exception) int {
		return cmp.Or(
			cmp.Compare(a.Kind, b.Kind),
			cmp.Compare(a.Subject, b.Subject),
			cmp.Compare(a.TemplateName, b.TemplateName),
			cmp.Compare(a.GroupName, b.GroupName),
			procore.CompareIDs(a.Project, b.Project),
			cmp.Compare(a.Detail, b.Detail),
			cmp.Compare(a.Source.String(), b.Source.String()),
		)
	})
}
