package sync

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"procore-assignee-sync/procore"
)

// AccessRow is one person in one group of one preset. Its fields are the columns of access.csv except the run's id,
// plus There.
type AccessRow struct {
	Project       procore.ProjectID
	ProjectNumber string
	ProjectName   string
	TemplateID    procore.TemplateID
	TemplateName  string
	Preset        procore.PresetID
	GroupUUID     procore.GroupUUID
	GroupName     string
	Managed       bool // the role map manages the group
	LoginID       procore.LoginID
	Login         string
	PersonName    string
	EmployeeID    string
	Decision      string // what the plan decides about them or, once the run has ended, what became of that
	Why           string
	Source        Positions // the HR rows behind the decision
	ReadAt        time.Time // when the preset was read or written last

	There bool // in the group as read; otherwise they are to be added
}

// SortAccess sorts rows by project, template, preset, group, then login.
func SortAccess(rows []AccessRow) {
	slices.SortStableFunc(rows, func(a, b AccessRow) int {
		return cmp.Or(
			procore.CompareIDs(a.Project, b.Project), strings.Compare(a.TemplateName, b.TemplateName), procore.CompareIDs(a.Preset, b.Preset),
			strings.Compare(a.GroupName, b.GroupName), strings.Compare(string(a.GroupUUID), string(b.GroupUUID)),
			strings.Compare(a.Login, b.Login), procore.CompareIDs(a.LoginID, b.LoginID),
		)
	})
}

// accessKey is one person's place in one group.
type accessKey struct {
	ref   procore.PresetRef
	group procore.GroupUUID
	login procore.LoginID
}

// LeftBy returns who is in the groups after a run: it leaves out those who were to be added and were not, and those who
// were removed.
func LeftBy(rows []AccessRow, changes []Change) []AccessRow {
	became := make(map[accessKey]*Change, len(changes))
	for i := range changes {
		c := &changes[i]
		became[accessKey{c.Ref(), c.GroupUUID, c.LoginID}] = c
	}
	left := make([]AccessRow, 0, len(rows))
	for _, row := range rows {
		c := became[accessKey{procore.PresetRef{Project: row.Project, Preset: row.Preset}, row.GroupUUID, row.LoginID}]
		if row.stays(c) {
			left = append(left, row)
		}
	}
	return left
}

// stays reports whether the person is in the group after what became of their change, and records that in the row.
func (r *AccessRow) stays(c *Change) bool {
	switch {
	case c == nil:
		return r.There
	case c.Status == Applied && c.Action == Remove:
		return false
	case c.Status == Applied:
		r.Decision = "was added"
	case c.Action == Add:
		return r.There
	case c.Status == Planned:
		r.Decision = "is to be removed"
	case c.Status == Failed:
		r.Decision = "removing them failed: look in Procore whether they are still there"
	case c.Status != Held:
		r.Decision = "was not removed: " + strings.ReplaceAll(string(c.Status), "_", " ")
	}
	if !c.Time.IsZero() && c.Status == Applied {
		r.ReadAt = c.Time // when the write was answered
	}
	return true
}
