package report

import (
	"fmt"
	"time"

	"procore-assignee-sync/hrsource"
	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
)

const digest = "3f9a1c22aa10bb40c6d1e0a7f5b8c9d2e3f40516273849506172839405162738"

var started = time.Date(2026, 11, 23, 2, 0, 0, 0, time.UTC)

// richPlan is a dry run with everything in it: several projects, a company-level tool, holds, exceptions of each
// weight, a tripped gate, and names that try to be more than names.
func richPlan() sync.Record {
	plan := &sync.Plan{
		Company: "8089", Host: "api.procore.com", Mode: sync.Authoritative, Digest: digest,
		Limits: sync.Limits{MaxGroupRemovalPercent: 50, MaxRemovalPercent: 25},
		Roster: sync.RosterFacts{
			Source: "hr.csv", Key: "csv", Fingerprint: "ab12", UpdatedAt: started.Add(-time.Hour),
			Rows: 1214, Accepted: 1212, Rejected: 2, Duplicates: 1, Members: 1198,
			Columns: hrsource.ColumnUse{
				Used:   []hrsource.UsedColumn{{Name: "email", Header: "E-Mail", Filled: true}, {Name: "team", Header: "Team", Filled: true}},
				Unused: []string{"Cost \"Center\""},
			},
			Causes: []hrsource.RejectedCause{{
				Column: "status", What: "status 'aktiv' is not known", Rows: 2, At: []string{"hr.csv:8", "hr.csv:11"},
				Todo: `set HR_STATUS_VALUES="active=aktiv"`,
			}},
		},
		RoleMap: sync.RoleMapFacts{Source: "roles.csv", Fingerprint: "cd34", Rules: 14},
		Counts: sync.PlanCounts{
			Projects: 2, Presets: 3, ManagedGroups: 4, Memberships: 23, PresetsToWrite: 3, Additions: 3, Removals: 3,
			HeldRemovals: 2, WantedRemovals: 5,
		},
		Gates: []sync.TrippedGate{{
			Gate:   sync.GateRemovals,
			Figure: "5 people would be removed from groups, the limit is 4",
			Allow:  "look through the removals; if they are right, approve this plan, or raise SYNC_MAX_REMOVALS, with --max-removals for one run",
		}},
		Presets: []sync.PresetPlan{harbourPreset(), schoolPreset(), companyPreset()},
		Managed: []sync.ManagedGroup{
			{TemplateName: "Subcontract approval", GroupName: "Cost control"},
			{TemplateName: "Subcontract approval", GroupName: "Project manager"},
		},
	}
	fits := true
	rec := sync.Record{
		Run: sync.Run{
			ID: "20261123T020000Z-3f9a1c", Company: "8089", Host: "api.procore.com", Command: sync.CommandPlan, StartedAt: started,
			FinishedAt: started.Add(41 * time.Second), By: "ada@ops-1", PID: 4711, Version: "1.2.0", HRSource: "csv:hr.csv",
		},
		Plan:       plan,
		Changes:    richChanges(),
		Exceptions: richExceptions(),
	}
	rec.Summary = sync.Summary{
		Run: rec.Run, Outcome: sync.Refused, ExitCode: sync.ExitRefused, Digest: digest,
		Message: "refused by max_removals, nothing written (exit 3)",
		Planned: plan.Counts, Results: sync.ResultCounts{Planned: 6, Held: 2}, Gates: plan.Gates, Limits: plan.Limits,
		Calls:      []procore.CallCount{{Endpoint: "listProjects", Requests: 1}, {Endpoint: "showPreset", Requests: 42, Retries: 2, Throttled: 1}},
		CallsTotal: 43, Pacing: procore.PacingStats{Requests: 43, Throttled: 1, WaitedSeconds: 3.5},
		Durations: []sync.PhaseDuration{{Phase: "hr", Seconds: 0.4}, {Phase: "snapshot", Seconds: 40}, {Phase: "plan", Seconds: 0.2}},
		Presets:   sync.PresetsRead{Read: 1540, Remembered: 8460, OldestRead: started.AddDate(0, 0, -3)}, Watched: &sync.WatchCounts{People: 3, Places: 7, Waited: 1}, Estimate: &sync.Estimate{Calls: 12, Looks: 5, Seconds: 1.4, FitsHour: &fits, FitsDeadline: &fits},
	}
	return rec
}

func harbourPreset() sync.PresetPlan {
	return sync.PresetPlan{
		Ref:           procore.PresetRef{Project: "562949953421312", Preset: "812"},
		ProjectNumber: "24-017", ProjectName: "Harbour Tower", TemplateID: "41", TemplateName: "Subcontract approval",
		VersionID: "77", Tool: procore.ToolRef{Type: "commitments"},
		Groups: []sync.GroupPlan{
			{UUID: "g-pm", Name: "Project manager", Before: ids("2", "3", "4", "5"), After: ids("3", "4", "5", "1")},
			{UUID: "g-cc", Name: "Cost control", Before: ids("6", "7"), After: ids("6", "7"), Hold: sync.HeldEmptyGroup},
		},
		Write: writes(6),
	}
}

func schoolPreset() sync.PresetPlan {
	return sync.PresetPlan{
		Ref:         procore.PresetRef{Project: "900", Preset: "90"},
		ProjectName: "School <b>annex</b>\x1b[2J", TemplateID: "41", TemplateName: "Subcontract approval", VersionID: "77",
		Groups: []sync.GroupPlan{{UUID: "g-pm", Name: "Project manager", Before: ids("8", "9"), After: ids("9", "10")}},
		Write:  writes(2),
	}
}

func companyPreset() sync.PresetPlan {
	return sync.PresetPlan{
		Ref: procore.PresetRef{Preset: "12"}, TemplateID: "50", TemplateName: "Prequalification", VersionID: "60",
		Groups: []sync.GroupPlan{{UUID: "g-r", Name: "Reviewer", Before: ids("11"), After: ids("12"), Absent: false}},
		Write:  writes(1),
	}
}

func ids(list ...procore.LoginID) []procore.LoginID { return list }

func writes(n int) []procore.GroupWrite {
	list := make([]procore.GroupWrite, n)
	for i := range list {
		list[i] = procore.GroupWrite{UUID: procore.GroupUUID(fmt.Sprintf("g-%d", i)), LoginIDs: ids()}
	}
	return list
}

func richChanges() []sync.Change {
	harbour := sync.Change{
		Project: "562949953421312", ProjectNumber: "24-017", ProjectName: "Harbour Tower", TemplateID: "41",
		TemplateName: "Subcontract approval", VersionID: "77", Preset: "812", GroupUUID: "g-pm", GroupName: "Project manager",
		Status: sync.Planned,
	}
	control := harbour
	control.GroupUUID, control.GroupName, control.Status = "g-cc", "Cost control", sync.Held
	school := harbour
	school.Project, school.ProjectNumber, school.ProjectName, school.Preset = "900", "", "School <b>annex</b>\x1b[2J", "90"
	company := sync.Change{
		TemplateID: "50", TemplateName: "Prequalification", VersionID: "60", Preset: "12", GroupUUID: "g-r", GroupName: "Reviewer",
		Status: sync.Planned,
	}
	return []sync.Change{
		with(company, sync.Add, "12", "grace@example.com", "Grace Hopper", "00012", "on team Prequalification", "hr.csv:31"),
		with(company, sync.Remove, "11", "old@example.com", "", "00011", "left on 2026-10-31", "hr.csv:30"),
		with(school, sync.Add, "10", "=cmd|' /C calc'!A0@example.com", "\x1b[31m<script>alert(1)</script>", "00010", "on team Annex", "hr.csv:40;hr.csv:41"),
		with(school, sync.Remove, "8", "", "", "", "not in HR", ""),
		with(control, sync.Remove, "6", "eve@example.com", "Eve Held", "00006", "held_empty_group: left on 2026-11-01", "hr.csv:6"),
		with(control, sync.Remove, "7", "mallory@example.com", "Mallory Held", "00007", "held_empty_group: not in HR", ""),
		with(harbour, sync.Add, "1", "ada@example.com", "Ada Lovelace", "00001", "on team Harbour PM", "hr.csv:14"),
		with(harbour, sync.Remove, "2", "bob@example.com", "Bob Old", "00002", "moved to team Harbour QS", "hr.csv:20"),
	}
}

func with(c sync.Change, action sync.Action, id procore.LoginID, login, name, employee, reason, source string) sync.Change {
	c.Action, c.LoginID, c.Login, c.PersonName, c.EmployeeID, c.Reason, c.Source = action, id, login, name, employee, sync.ReadReason(reason), sync.ReadPositions(source)
	return c
}

func richExceptions() []sync.Exception {
	list := []sync.Exception{
		{
			Kind: sync.HeldEmptyGroup, Subject: "preset 813 of project 562949953421312", Detail: "all 2 people in it would leave",
			TemplateName: "Subcontract approval", GroupName: "Cost control", Project: "562949953421312", Incomplete: true,
		},
		{Kind: sync.TeamUnused, Subject: "Canteen", Detail: "4 people; no rule names this team"},
		{
			Kind: sync.NotInProcore, Subject: "00099 zoe@example.com", Detail: "known and accepted", Source: sync.Positions{"hr.csv:99"},
			Incomplete: true, Accepted: true,
		},
		{Kind: sync.RowRejected, Subject: "hr.csv:8", Detail: "start_date \"31/31/2026\" is not a date", Source: sync.Positions{"hr.csv:8"}, Incomplete: true},
	}
	for i := range 23 {
		list = append(list, sync.Exception{
			Kind: sync.NotInProcore, Subject: fmt.Sprintf("%05d new%02d@example.com", 200+i, i), Detail: "nobody in the directory has this login or id",
			TemplateName: "Subcontract approval", GroupName: "Project manager", Project: "900",
			Source: sync.Positions{fmt.Sprintf("hr.csv:%d", 200+i)}, Incomplete: true,
		})
	}
	return list
}

// richApply is the same plan, approved and applied, with each thing that can become of a change.
func richApply() sync.Record {
	rec := richPlan()
	rec.Run.Command, rec.Run.Approved, rec.Run.Reason = "apply", digest, "site closes"
	for i := range rec.Changes {
		c := &rec.Changes[i]
		if c.Status == sync.Held {
			continue
		}
		c.Time = started.Add(time.Duration(i) * time.Second)
		switch c.Preset {
		case "12":
			c.Status, c.Error = sync.Conflict, "group Reviewer was changed by someone else since the plan"
		case "90":
			c.Status, c.HTTPStatus, c.RequestID, c.Error = sync.Failed, 422, "req-90", "login 10 is not assignable"
		default:
			c.Status, c.HTTPStatus, c.RequestID = sync.Applied, 200, "req-812"
		}
	}
	left := rec.Changes[6]
	left.Preset, left.Status, left.HTTPStatus, left.RequestID, left.Time = "813", sync.NotAttempted, 0, "", time.Time{}
	rec.Changes = append(rec.Changes, left)
	rec.Exceptions = append(rec.Exceptions,
		sync.Exception{Kind: sync.ConflictKind, Subject: "preset 12", Detail: "moved since the plan", TemplateName: "Prequalification", Incomplete: true},
		sync.Exception{Kind: sync.FailedKind, Subject: "preset 90 of project 900", Detail: "422 login 10 is not assignable", Project: "900", Incomplete: true},
		sync.Exception{Kind: sync.NotAttemptedKind, Subject: "preset 813 of project 562949953421312", Detail: "stopped by SIGTERM", Project: "562949953421312", Incomplete: true},
	)
	rec.Summary.Watched = nil
	rec.Summary.Run, rec.Summary.Outcome, rec.Summary.ExitCode = rec.Run, sync.Incomplete, sync.ExitIncomplete
	rec.Summary.Message = "incomplete: 1 preset failed, 1 in conflict, 1 not attempted (exit 4)"
	rec.Summary.Results = sync.ResultCounts{Applied: 2, Failed: 2, Conflict: 2, Held: 2, NotAttempted: 1, PresetsWritten: 1}
	return rec
}

// quietNight is an apply that found everything as wanted.
func quietNight() sync.Record {
	rec := richPlan()
	rec.Run.Command, rec.Changes, rec.Exceptions = "apply", nil, nil
	rec.Plan.Gates, rec.Summary.Gates, rec.Summary.Estimate, rec.Summary.Watched = nil, nil, nil, nil
	rec.Summary.Outcome, rec.Summary.ExitCode, rec.Summary.Message = sync.Done, 0, "done: no change"
	rec.Summary.Results, rec.Summary.Passed = sync.ResultCounts{}, true
	return rec
}

// noPlan is a run that failed before it had a plan.
func noPlan() sync.Record {
	rec := sync.Record{Run: sync.Run{ID: "20261123T020000Z-000000", Company: "8089", Host: "api.procore.com", Command: sync.CommandPlan, StartedAt: started}}
	rec.Summary = sync.Summary{Run: rec.Run, Outcome: sync.RunFailed, ExitCode: 1, Message: "hr.csv: no such file (exit 1)"}
	return rec
}
