package sync

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"procore-assignee-sync/procore"
)

// Snapshot is everything that one run read from Procore. It is complete except for what Unreadable, Unlisted and
// Unreached name.
type Snapshot struct {
	Company procore.CompanyID
	Host    string         // host of the API URL
	Place   *time.Location // decides which day it is (SYNC_TIMEZONE); nil means UTC

	Projects  []procore.Project  // active ones the service account sees, by id
	Users     []procore.User     // the directory: active people, then inactive ones, each by id
	Tools     []procore.Tool     // by type and subtype
	Templates []procore.Template // in scope, live, with a published version; by id
	Versions  map[procore.VersionID]procore.TemplateVersion
	Presets   []PresetState // in scope; by project, then preset id
	Possible  map[procore.AssigneeScope][]procore.Login

	// Unlisted and Unreached are the preset lists and presets that there was no time to read. Nothing in them is
	// touched, and the next run begins with them.
	Unlisted  []procore.AssigneeScope
	Unreached []procore.PresetRef

	Skipped    []SkippedTemplate // archived or never published; by id
	Unreadable []Unreadable      // sorted by subject
	Invisible  []InvisibleProjects

	// Filtered is set if SYNC_TEMPLATES or SYNC_PROJECTS narrowed the scope; FilterUnused lists their entries that
	// matched nothing, with similar names.
	Filtered     bool
	FilterUnused []UnusedFilter

	LookedAt   time.Time        // when presets were last listed for every project, in this run or an earlier one
	GroupTypes []GroupTypeCount // group types seen in versions, sorted by type
}

// Partial reports whether time ran out before all presets in scope were read.
func (s *Snapshot) Partial() bool { return len(s.Unlisted)+len(s.Unreached) > 0 }

// Narrowed reports whether presets are missing because of a filter or for lack of time, so that what is not in the
// snapshot may still be in Procore.
func (s *Snapshot) Narrowed() bool { return s.Filtered || s.Partial() }

// Incomplete reports whether anything is missing from the snapshot, because of a filter, for lack of time, or because
// it could not be read. Lists of possible assignees do not count.
func (s *Snapshot) Incomplete() bool {
	return s.Narrowed() || s.FirstUnread() != nil
}

// FirstUnread returns the first thing, by subject, that could not be read, ignoring lists of possible assignees; nil if
// everything was read.
func (s *Snapshot) FirstUnread() *Unreadable {
	for i := range s.Unreadable {
		if s.Unreadable[i].Possible == nil {
			return &s.Unreadable[i]
		}
	}
	return nil
}

// PresetState is one preset as read, and the project and template it belongs to.
type PresetState struct {
	ReadAt       time.Time // when it was read
	Remembered   bool      // read in an earlier run, not in this one: nothing is written to it
	Ref          procore.PresetRef
	Tool         procore.ToolRef
	Project      procore.Project // zero for presets of company-level tools
	TemplateID   procore.TemplateID
	TemplateName string
	Preset       procore.Preset
}

// Scope returns the project and tool for which the preset's possible assignees are read.
func (p PresetState) Scope() procore.AssigneeScope {
	return procore.AssigneeScope{Project: p.Ref.Project, Tool: p.Tool}
}

// Subject names the preset, for people.
func (p *PresetState) Subject() string {
	return (&PresetPlan{Ref: p.Ref, ProjectNumber: p.Project.Number, ProjectName: p.Project.Name}).Subject()
}

// ProjectLabel names the preset's project, for people: by number and name, else by id.
func (p *PresetState) ProjectLabel() string {
	switch {
	case p.Ref.Project == "":
		return "the company"
	case p.Project.Number != "":
		return p.Project.Number + " " + p.Project.Name
	case p.Project.Name != "":
		return string(p.Ref.Project) + " " + p.Project.Name
	default:
		return string(p.Ref.Project)
	}
}

// Reading returns how many presets were read in this run and how many it remembers.
func (s *Snapshot) Reading() PresetsRead {
	var n PresetsRead
	for i := range s.Presets {
		p := &s.Presets[i]
		if p.Remembered {
			n.Remembered++
		} else {
			n.Read++
		}
		if n.OldestRead.IsZero() || p.ReadAt.Before(n.OldestRead) {
			n.OldestRead = p.ReadAt
		}
	}
	if s.Place != nil {
		n.OldestRead = n.OldestRead.In(s.Place)
	}
	return n
}

// PresetsRead says how many presets a run read, how many it remembered instead, and when the oldest of them all was
// read.
type PresetsRead struct {
	Read       int       `json:"read"`
	Remembered int       `json:"remembered"`
	OldestRead time.Time `json:"oldest_read,omitzero"` // where the job is
}

// String returns this in words, with the day at the given place; nothing if nothing was read.
func (p PresetsRead) String() string {
	switch {
	case p.Remembered > 0:
		return fmt.Sprintf("%s read now, %s remembered, the oldest read on %s", Grouped(p.Read), Grouped(p.Remembered),
			p.OldestRead.Format(time.DateOnly))
	case p.Read > 0:
		return Grouped(p.Read) + " read now"
	default:
		return ""
	}
}

// SkippedTemplate is a template that is not synced, and why.
type SkippedTemplate struct {
	ID   procore.TemplateID
	Name string
	Why  string
}

// Unreadable is something in one project that could not be read. Nothing in it is touched.
type Unreadable struct {
	Subject    string // such as "project 24-017 Harbour tower, presets of commitments" or "preset 812"
	Detail     string // the error, for people
	Project    procore.ProjectID
	TemplateID procore.TemplateID     // if known
	Preset     procore.PresetID       // if it is one preset
	Tool       procore.ToolRef        // if it is a list of one tool's presets
	Possible   *procore.AssigneeScope // if it is a list of possible assignees
}

// InvisibleProjects says that more projects use a template than presets were found for it.
type InvisibleProjects struct {
	TemplateID   procore.TemplateID `json:"template_id"`
	TemplateName string             `json:"template_name"`
	Assigned     int                `json:"assigned"` // Procore's count
	Found        int                `json:"found"`    // presets found
}

// Count returns how many projects can't be seen.
func (i InvisibleProjects) Count() int { return i.Assigned - i.Found }

// UnusedFilter is an entry of SYNC_TEMPLATES or SYNC_PROJECTS that matched nothing.
type UnusedFilter struct {
	Setting string
	Entry   string
	Near    []string
}

// GroupTypeCount is how many groups of a type the versions in scope have.
type GroupTypeCount struct {
	Type  string `json:"type"`
	Count int    `json:"count"`
}

// CompareRefs orders presets by project, then by preset id.
func CompareRefs(a, b procore.PresetRef) int {
	return cmp.Or(procore.CompareIDs(a.Project, b.Project), procore.CompareIDs(a.Preset, b.Preset))
}

// CompareScopes orders projects and tools by project, then by tool.
func CompareScopes(a, b procore.AssigneeScope) int {
	return cmp.Or(procore.CompareIDs(a.Project, b.Project), cmp.Compare(a.Tool.Type, b.Tool.Type), cmp.Compare(a.Tool.Subtype, b.Tool.Subtype))
}

// PutFirst moves the elements for which first is true to the front, otherwise keeping the order.
func PutFirst[T any](list []T, first func(T) bool) {
	rank := func(v T) int {
		if first(v) {
			return 0
		}
		return 1
	}
	slices.SortStableFunc(list, func(a, b T) int { return cmp.Compare(rank(a), rank(b)) })
}
