package sync

import (
	"cmp"
	"strings"
	"time"

	"procore-assignee-sync/hrsource"
	"procore-assignee-sync/procore"
)

// Plan is what to send, what was there, and the difference person by person. It is pure data, sorted: the same roster
// and snapshot give the same bytes. It holds no times and run ids; PlanFile adds them.
type Plan struct {
	Company procore.CompanyID `json:"company_id"`
	Host    string            `json:"host"`
	Mode    Mode              `json:"mode"`
	Limits  Limits            `json:"limits"`
	Digest  string            `json:"digest"` // sha256, hex, of what would be changed; see digest.go

	// RollbackOf is the run that the plan undoes; empty if it is not a rollback.
	RollbackOf string `json:"rollback_of,omitempty"`
	Filtered   bool   `json:"filtered,omitempty"`

	Roster  RosterFacts   `json:"roster"`
	RoleMap RoleMapFacts  `json:"role_map"`
	Counts  PlanCounts    `json:"counts"`
	Gates   []TrippedGate `json:"gates"`   // those that refuse the plan; empty if none does
	Presets []PresetPlan  `json:"presets"` // every preset with a managed group, by project and preset id

	// Changes has one entry, with status planned, for each person who is to be added to a group or removed from it, and
	// one, with status held, for each such change that a hold leaves out. Sorted by project, template name, preset,
	// group name, action, login.
	Changes    []Change    `json:"changes"`
	Exceptions []Exception `json:"exceptions"` // sorted by kind, subject, template, group, project

	// Managed lists the managed groups by template and name, for the next run to find lost ones (group_lost). Sorted.
	Managed   []ManagedGroup      `json:"managed"`
	Invisible []InvisibleProjects `json:"invisible_projects,omitempty"`

	// Sources are the HR rows that changes and exceptions name.
	Sources []SourceRow `json:"sources,omitempty"`
}

// Limits are the limits on removals and additions by which a plan is judged.
type Limits struct {
	MaxGroupRemovalPercent int  `json:"max_group_removal_percent"`
	MaxRemovalPercent      int  `json:"max_removal_percent"`
	MaxRemovals            *int `json:"max_removals"` // nil: no limit
	AllowEmptyGroups       bool `json:"allow_empty_groups"`
	MaxAdditionPercent     int  `json:"max_addition_percent"`
}

// RosterFacts is what the gates and the next run need to know about the HR data.
type RosterFacts struct {
	Source      string    `json:"source"`
	Key         string    `json:"key"`
	Fingerprint string    `json:"fingerprint"`
	UpdatedAt   time.Time `json:"updated_at,omitzero"`
	Rows        int       `json:"rows"`     // data rows read
	Accepted    int       `json:"accepted"` // rows accepted
	Rejected    int       `json:"rejected"`
	Duplicates  int       `json:"duplicates"`
	Members     int       `json:"members"` // distinct people who are members today

	// First means that no run of this HR source has passed yet, so that there is nothing to compare it with.
	First bool `json:"first_of_source,omitempty"`

	Columns hrsource.ColumnUse       `json:"columns"`
	Causes  []hrsource.RejectedCause `json:"rejected_causes,omitempty"` // what is wrong with the rejected rows
}

// RoleMapFacts identifies the role map.
type RoleMapFacts struct {
	Source      string `json:"source"` // file, "table" or "names"
	Fingerprint string `json:"fingerprint"`
	Rules       int    `json:"rules"`
}

// PlanCounts are the counts that people and gates look at.
type PlanCounts struct {
	Projects       int `json:"projects"`
	Presets        int `json:"presets"` // with a managed group
	ManagedGroups  int `json:"managed_groups"`
	Memberships    int `json:"memberships"` // people in managed groups as read: the base of the removal gate
	PresetsToWrite int `json:"presets_to_write"`
	Additions      int `json:"additions"`
	Removals       int `json:"removals"`
	HeldAdditions  int `json:"held_additions"`
	HeldRemovals   int `json:"held_removals"`
	WantedRemovals int `json:"wanted_removals"` // what the gates count: Removals and the wanted ones in held groups
}

// PresetPlan is one preset with at least one managed group.
type PresetPlan struct {
	Ref           procore.PresetRef  `json:"ref"`
	ProjectNumber string             `json:"project_number,omitempty"`
	ProjectName   string             `json:"project_name,omitempty"`
	TemplateID    procore.TemplateID `json:"template_id"`
	TemplateName  string             `json:"template_name"`
	VersionID     procore.VersionID  `json:"version_id"`
	Tool          procore.ToolRef    `json:"tool"`
	Groups        []GroupPlan        `json:"groups"` // the managed ones, in the version's order

	// ReadAt is when the preset was read, if it is remembered from an earlier run; zero if this run read it.
	ReadAt time.Time `json:"read_at,omitzero"`

	// Write is the whole list to send, every group of the preset in its place; empty if nothing differs. For groups
	// that are not managed, apply sends freshly read values instead of these.
	Write []procore.GroupWrite `json:"write,omitempty"`

	// Apart lists the pairs of the preset's groups that nobody may be in both of (SYNC_SEPARATION); empty if nothing
	// differs. Apply checks what it reads against them.
	Apart []GroupPair `json:"apart,omitempty"`
}

// GroupPair is two groups of one version that nobody may be in both of.
type GroupPair [2]procore.GroupUUID

// Changed reports whether anything is to be sent.
func (p PresetPlan) Changed() bool { return len(p.Write) > 0 }

// GroupPlan is one managed group: who was in it and who should be.
type GroupPlan struct {
	UUID   procore.GroupUUID `json:"uuid"`
	Name   string            `json:"name"`
	Before []procore.LoginID `json:"before"`           // Procore's order
	After  []procore.LoginID `json:"after"`            // those who stay in their order, then those who are added, by login
	Absent bool              `json:"absent,omitempty"` // the version has it, the preset as read does not
	Hold   Kind              `json:"hold,omitempty"`   // set if the whole group stays as read

	// Wanted is what After would be without the hold; only set if Hold is. The removal gates count it.
	Wanted []procore.LoginID `json:"wanted,omitempty"`
}

// ManagedGroup identifies a managed group across runs, by names.
type ManagedGroup struct {
	TemplateName string `json:"template_name"`
	GroupName    string `json:"group_name"`
}

// PlanSchema is the version of plan.json's layout. A plan of another version is refused.
const PlanSchema = 2

// PlanFile is plan.json: a plan with the run that made it, and a checksum over all of it.
type PlanFile struct {
	Schema    int       `json:"schema"`
	RunID     string    `json:"run_id"`
	CreatedAt time.Time `json:"created_at"`
	Plan      *Plan     `json:"plan"`
	Checksum  string    `json:"checksum"` // sha256, hex, of the file's JSON with this field empty
}

// Subject names the preset, for people.
func (p *PresetPlan) Subject() string {
	return "preset " + string(p.Ref.Preset) + " of " + p.Place()
}

// Place names the preset's project, or the company, for people.
func (p *PresetPlan) Place() string {
	if p.Ref.Project == "" {
		return "the company"
	}
	return "project " + cmp.Or(strings.TrimSpace(p.ProjectNumber+" "+p.ProjectName), string(p.Ref.Project))
}
