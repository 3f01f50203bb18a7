package sync

import (
	"time"

	"procore-assignee-sync/procore"
)

// AccessRow is one person in one group of one preset as a run leaves it. Its fields are the columns of access.csv but
// for the run's id.
type AccessRow struct {
	Project       procore.ProjectID
	ProjectNumber string
	ProjectName   string
	TemplateID    procore.TemplateID
	TemplateName  string
	Preset        procore.PresetID
	GroupUUID     procore.GroupUUID
	GroupName     string
	Managed       bool
	LoginID       procore.LoginID
	Login         string
	PersonName    string
	EmployeeID    string
	Decision      string
	Why           string
	Source        string
	ReadAt        time.Time
}
