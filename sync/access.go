package sync

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"procore-assignee-sync/procore"
)

// AccessRow is one person in one group of one preset. Its fields are the columns of access.csv but for the run's id and
// There.
type AccessRow struct {
	Project       procore.ProjectID
	ProjectNumber string
	ProjectName   string
	TemplateID    procore.TemplateID
	TemplateName  string
	Preset        procore.PresetID
	GroupUUID     procore.GroupUUID
	GroupName     string
	Managed       bool // the role map names the group
	LoginID       procore.LoginID
	Login         string
	PersonName    string
	EmployeeID    string
	Decision      string // what the plan makes of them or, once the run has ended, what became of that
	Why           string
	Source        Positions // HR rows that it rests on
	ReadAt        time.Time // when it was known that they are there

	There bool // as the preset was read; else they are to come
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

// LeftBy returns who is in the groups as a run has left them: whoever was to come and did not is none of them, nor is
// whoever was taken out.
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

// stays reports whether somebody is there after what became of their change, and says so in the row.
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
		r.ReadAt = c.Time // as the write's answer said
	}
	return true
}
