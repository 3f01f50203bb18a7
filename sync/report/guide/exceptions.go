package guide

import "procore-assignee-sync/sync"

// exceptionTopics say what each kind of exception means, and what to do about it.
var exceptionTopics = []Topic{
	{"People who could not be added", []Entry{
		{
			string(sync.NotInProcore), "HR has them on a team, but nobody in Procore has their login or employee id",
			"add them to Procore's company directory, or give their Procore e-mail as procore_login in HR", Incomplete,
		},
		{
			string(sync.Ambiguous), "what HR says fits more than one person in Procore, so nobody was chosen",
			"make e-mail and employee id lead to the same person, in HR and in the company directory", Incomplete,
		},
		{
			string(sync.Inactive), "they are inactive in Procore's company directory",
			"make them active again there, or end their row in HR", Maybe,
		},
		{
			string(sync.NotAssignable), "they are in Procore, but not among those whom the workflow's tool in Procore offers as assignees",
			"give them access to that tool in Procore: in the project, or in the company for a company-level tool", Maybe,
		},
		{
			string(sync.HeldSeparation), "they would sit in two groups of one preset that SYNC_SEPARATION keeps apart, so they were not added",
			"decide which of the two groups they belong to, and correct HR or the role map", Incomplete,
		},
		{
			string(sync.MatchedByNumber), "found by employee id alone, since Procore does not know the e-mail that HR has; they are taken",
			"if both are one person, correct the e-mail in HR or in Procore, or give procore_login in HR; if they are two, correct the employee id of one", Never,
		},
	}},
	{"Groups that stay as they are", []Entry{
		{
			string(sync.HeldEmptyGroup), "nobody would be left in the group, or protected logins alone, so all of it stays as it is",
			"look at the group's team in HR and in the role map; the setting SYNC_ALLOW_EMPTY_GROUPS=true lets every group become empty", Incomplete,
		},
		{
			string(sync.HeldGroupRemovals), "more of the group would leave than SYNC_MAX_GROUP_REMOVAL_PERCENT allows, so all of it stays as it is",
			"look at the group's team in HR; if they are right to leave, raise --max-group-removal-percent for one run", Incomplete,
		},
		{
			string(sync.HeldTeamMissing), "a rule names a team, or a role in it, that no HR row has, so its groups lose nobody",
			"correct the name in the role map or in HR, or the rejected rows of the team", Incomplete,
		},
		{
			string(sync.HeldNoProjectRows), "HR has the team on single projects, but not on this one, so its group there loses nobody",
			"add HR rows for the project if the team works there (for a company-level tool: rows for every project)", Never,
		},
	}},
	{"People who stay where HR does not put them", []Entry{
		{
			string(sync.HeldUnresolved), "they may be a member of the group who could not be found, so they stay",
			"clear up the members of the group who could not be found; the next run decides then", Never,
		},
		{string(sync.Protected), "SYNC_PROTECTED_LOGINS keeps them", "", Never},
		{string(sync.UnmanagedDomain), "they are outside SYNC_MANAGED_DOMAINS: HR need not know them, so they stay", "", Never},
		{
			string(sync.Separation), "they sit in two groups of one preset that SYNC_SEPARATION keeps apart; nobody is removed for it",
			"take them out of one of the two: in HR, or in Procore where the group is not managed", Never,
		},
	}},
	{"HR data", []Entry{
		{
			string(sync.RowRejected), "an HR row could not be accepted; it counts as an unresolved person of its team",
			"correct the row in HR", Incomplete,
		},
		{
			string(sync.ProjectUnknown), "HR names a project that Procore does not have, or has twice; nobody of these rows is removed from a group of their team",
			"correct the project's id or number in HR; id:501 and number:501 say which of the two is meant", Incomplete,
		},
		{
			string(sync.NullDate), "end dates that mean \"none\" in the system that wrote them, such as 1900-01-01, count as empty",
			"nothing, or leave the cells empty in the export", Never,
		},
		{
			string(sync.UnterminatedLastRow), "the HR file's last line has no line break: the export may have been cut there",
			"make sure that the export is complete", Never,
		},
		{
			string(sync.TeamUnused), "HR has the team, but no rule uses it",
			"add a rule to the role map if the team belongs in a workflow", Never,
		},
	}},
	{"Role map and filters", []Entry{
		{
			string(sync.RuleUnused), "a rule of the role map, or of SYNC_SEPARATION, matches no group",
			"correct the names of template and group in the file that has the rule; check lists the groups there are", Incomplete,
		},
		{
			string(sync.FilterUnused), "an entry of SYNC_TEMPLATES or SYNC_PROJECTS matches nothing",
			"correct the entry", Incomplete,
		},
		{
			string(sync.GroupLost), "the last passed run managed the group and this one does not, although the role map is the same",
			"check whether the group was renamed, or the template archived or published again, and correct the role map", Incomplete,
		},
		{
			string(sync.DuplicateGroupName), "several groups or teams answer to one name, so the group is not managed",
			"give the groups of the template different names in Procore", Never,
		},
	}},
	{"Procore", []Entry{
		{
			string(sync.UnreadableKind), "it could not be read, so nothing of it was touched",
			"each of them says why, and what helps", Incomplete,
		},
		{
			string(sync.InvisibleKind), "more projects use the template than the service account sees; those keep their old people",
			"permit the service account's app in those projects; updating or reinstalling the app resets them", Maybe,
		},
		{
			string(sync.PresetInvalid), "Procore marks the preset as not valid: new workflows cannot start from it",
			"complete the preset in Procore", Never,
		},
		{
			string(sync.TemplateSkipped), "the template is archived or has no published version",
			"nothing, or publish it", Never,
		},
	}},
	{"Writing", []Entry{
		{
			string(sync.ConflictKind), "somebody changed it since it was planned, so nothing was written there",
			"look at it in Procore; the next run plans it again", Event,
		},
		{
			string(sync.FailedKind), "Procore refused the write, or did something other than what was asked",
			"read the message and correct what it names; the next run tries again", Event,
		},
		{
			string(sync.NotAttemptedKind), "the run stopped before it came to this",
			"run again: the next run begins with what is left", Event,
		},
	}},
	{"Running workflows", []Entry{
		{
			string(sync.RunningWaits), "a running workflow waits on its current step for somebody who was taken off its preset",
			"look with `assignee-sync running`; `assignee-sync handover` invites those who have taken the place, where there are some", Never,
		},
		{
			string(sync.NoSuccessor), "a running workflow waits for somebody who was taken off, and nobody is there to take their place",
			"fill the team in HR where HR fills the group, or name somebody with `assignee-sync handover --person LOGIN --to LOGIN`", Never,
		},
	}},
}
