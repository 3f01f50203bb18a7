package sync

import (
	"errors"
	"time"

	"procore-assignee-sync/hrsource"
	"procore-assignee-sync/procore"
)

// Inputs is everything a plan is made of. All of it is finished: nothing is read while planning.
type Inputs struct {
	Roster   *hrsource.Roster
	RoleMap  *RoleMap
	Snapshot *Snapshot
	Policy   Policy
	Baseline Baseline
	Accepted *Acceptances  // may be nil
	Today    hrsource.Date // which day it is in SYNC_TIMEZONE
	Now      time.Time     // for the roster's age alone; it is not in the plan
}

// BuildPlan works out the whole plan. An error is always a *ConfigError: whatever is wrong with the data becomes a
// tripped gate, a hold or an exception in the plan.
func BuildPlan(in Inputs) (*Plan, error) {
	return nil, errors.New("planning is not built yet")
}

// NeededAssignees gives the lists of possible assignees that have to be read before BuildPlan, sorted. Lists that the
// snapshot holds already, or names as unreadable, are left out: call it again after reading until it is empty.
func NeededAssignees(in Inputs) []procore.AssigneeScope {
	return nil
}
