package guide

import "procore-assignee-sync/sync"

// gateTopics say what each gate protects against, and what to do if it refuses a plan. All but the last two can be
// allowed for exactly one plan, with the digest that is printed.
var gateTopics = []Topic{
	{"How much a plan changes", []Entry{
		{
			string(sync.GateFirstRun), "no run of this company has passed yet, and the plan would remove somebody",
			"look through the removals, then approve this plan", Refused,
		},
		{
			string(sync.GateRemovalPercent), "more of all memberships would be removed than SYNC_MAX_REMOVAL_PERCENT allows",
			"look through the removals; if they are right, approve this plan, or raise --max-removal-percent for one run", Refused,
		},
		{
			string(sync.GateRemovals), "more memberships would be removed than SYNC_MAX_REMOVALS allows",
			"look through the removals; if they are right, approve this plan, or raise --max-removals for one run", Refused,
		},
		{
			string(sync.GateAddPercent), "more of all memberships would be added than SYNC_MAX_ADDITION_PERCENT allows: a column of the export may have been renamed or emptied",
			"look through the additions; if they are right, approve this plan, or raise --max-addition-percent for one run", Refused,
		},
	}},
	{"Running workflows", []Entry{
		{
			string(sync.GateHandovers), "more people would be invited to running workflows than SYNC_MAX_HANDOVERS allows; each gets an e-mail at once",
			"look through the workflows; if they are right, approve this plan, or raise SYNC_MAX_HANDOVERS", Refused,
		},
	}},
	{"HR data that may not be whole", []Entry{
		{
			string(sync.GateMinRows), "HR data has fewer accepted rows than HR_MIN_ROWS asks for",
			"check whether the export is whole, or lower HR_MIN_ROWS", Refused,
		},
		{
			string(sync.GateRejectedRows), "more HR rows were rejected than HR_MAX_REJECTED_ROWS allows",
			"correct the rows in HR, or the setting named with each cause, or raise HR_MAX_REJECTED_ROWS", Refused,
		},
		{
			string(sync.GateMaxAge), "HR data is older than HR_MAX_AGE allows, or its time lies in the future",
			"export HR data again, or raise HR_MAX_AGE", Refused,
		},
		{
			string(sync.GateRowsShrink), "HR data has many fewer rows than at the last passed run",
			"check whether the export is whole; if it is, approve this plan, or raise HR_MAX_SHRINK_PERCENT", Refused,
		},
		{
			string(sync.GateMembersShrink), "HR data has many fewer people on teams today than at the last passed run",
			"check whether the export is whole; if it is, approve this plan, or raise HR_MAX_SHRINK_PERCENT", Refused,
		},
		{
			string(sync.GateColumnLost), "a column that the last passed run had filled is absent now, or empty in every row",
			"check whether the export was changed; name a renamed column in HR_CSV_COLUMNS, or approve this plan", Refused,
		},
	}},
	{"Nothing to work on", []Entry{
		{
			string(sync.GateNoPresets), "no preset was found",
			"permit the service account's app in projects with workflow presets, or correct SYNC_TEMPLATES and SYNC_PROJECTS", Always,
		},
		{
			string(sync.GateNoManaged), "the role map names no group of the presets that were found",
			"name template and group as Procore spells them; check lists the groups there are", Always,
		},
	}},
}
