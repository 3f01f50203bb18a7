package report

import "procore-assignee-sync/sync"

// guide says what a kind of exception means, and what to do about it.
type guide struct{ means, todo string }

// guideTo gives the guide of a kind. A kind without one is shown by its name alone.
func guideTo(k sync.Kind) guide { return guides[k] }

var guides = map[sync.Kind]guide{
	sync.NotInProcore: {
		"HR has them on a team, Procore has nobody with that login or employee id",
		"add them to the company directory, or set procore_login in HR",
	},
	sync.Ambiguous: {
		"what HR says fits more than one person in Procore, so nobody was chosen",
		"make e-mail and employee id agree between HR and the company directory",
	},
	sync.Inactive: {
		"they are inactive in Procore's company directory",
		"reactivate them, or end their HR row",
	},
	sync.NotAssignable: {
		"they are in Procore, but this project's tool does not offer them as assignees",
		"add them to the project, with access to the tool",
	},
	sync.HeldEmptyGroup: {
		"nobody would be left in the group, so it stays as it is",
		"correct HR data or the role map; SYNC_ALLOW_EMPTY_GROUPS=true allows it",
	},
	sync.HeldGroupRemovals: {
		"the group would lose too large a part of its people at once, so it stays as it is",
		"correct HR data, or raise SYNC_MAX_GROUP_REMOVAL_PERCENT for one run",
	},
	sync.HeldUnresolved: {
		"they stay while a member of the group could not be found: it may be the same person",
		"clear up the unresolved member first",
	},
	sync.HeldTeamMissing: {
		"a rule names a team that HR does not have, so its groups lose nobody",
		"correct the team's name in the role map or in HR",
	},
	sync.HeldNoProjectRows: {
		"HR has the team on other projects, but not on this one, so the group loses nobody",
		"nothing, unless the team works on this project",
	},
	sync.Protected: {
		"SYNC_PROTECTED_LOGINS keeps them",
		"nothing",
	},
	sync.UnmanagedDomain: {
		"they are outside SYNC_MANAGED_DOMAINS: HR does not know them, so they stay",
		"nothing",
	},
	sync.ConflictKind: {
		"the preset was changed since it was planned, so nothing was written there",
		"look at the preset; the next run plans it anew",
	},
	sync.FailedKind: {
		"Procore refused the write, or did something else than was asked",
		"read the message, mend what it says; the next run tries again",
	},
	sync.NotAttemptedKind: {
		"nothing was written there, since the run stopped before",
		"run again: the next run begins with what is left",
	},
	sync.UnreadableKind: {
		"it could not be read, so nothing of it was touched",
		"check the service account's rights there",
	},
	sync.ProjectUnknown: {
		"HR names a project that Procore does not have, or has twice; that person is removed from no group of the team",
		"correct the project's id or number in HR",
	},
	sync.InvisibleKind: {
		"more projects use the template than the service account sees; those keep their old people",
		"give the service account access to them",
	},
	sync.PresetInvalid: {
		"Procore marks the preset as not valid: new workflows cannot start from it",
		"complete the preset in Procore",
	},
	sync.RuleUnused: {
		"a rule of the role map matches no group",
		"correct the names of template and group in the role map",
	},
	sync.FilterUnused: {
		"an entry of SYNC_TEMPLATES or SYNC_PROJECTS matches nothing",
		"correct the entry",
	},
	sync.GroupLost: {
		"the last run managed the group and this one does not, although the role map is the same",
		"see whether the group was renamed or the template republished, and correct the role map",
	},
	sync.TeamUnused: {
		"HR has the team, but no rule uses it",
		"add a rule if the team belongs in a workflow",
	},
	sync.DuplicateGroupName: {
		"several groups or teams answer to one name, so the group is not managed",
		"give the groups of the template different names",
	},
	sync.TemplateSkipped: {
		"the template is archived or has no published version",
		"nothing, or publish it",
	},
	sync.RowRejected: {
		"an HR row could not be accepted; it counts as an unresolved person of its team",
		"correct the row in HR",
	},
	sync.UnterminatedLastRow: {
		"the HR file's last line has no line break: the export may have been cut there",
		"make sure that the export is complete",
	},
}
