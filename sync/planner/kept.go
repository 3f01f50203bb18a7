package planner

import (
	"slices"
	"strings"

	"procore-assignee-sync/hrsource"
	"procore-assignee-sync/sync"
)

// keptBy is the reason why a person stays in a managed group where the roster does not put them.
type keptBy uint8

const (
	notKept        keptBy = iota // they are removed
	keptProtected                // SYNC_PROTECTED_LOGINS
	keptDomain                   // SYNC_MANAGED_DOMAINS
	keptAdditive                 // SYNC_MODE=additive
	keptInactive                 // a member, though inactive
	keptMeant                    // a rejected row or an ambiguous match may mean them
	keptNameless                 // Procore did not give their login
	keptOnUnknown                // a member, on a project that is unknown
	keptUnresolved               // they may be a member who could not be resolved
)

// keeps returns why a person whom the roster does not put into the group stays in it. The first reason that applies
// counts.
func (d *groupDecision) keeps(policy sync.Policy, who *person) keptBy {
	switch {
	case policy.Mode == sync.Additive:
		return keptAdditive
	case who.protected:
		return keptProtected
	case who.outside:
		return keptDomain
	case slices.ContainsFunc(d.inactive, func(r *row) bool { return r.who == who }):
		return keptInactive
	case who.meant.byAny():
		return keptMeant
	case who.login == "":
		return keptNameless
	case d.group.mayWantElsewhere(who):
		return keptOnUnknown
	case d.mayBeUnresolved(who):
		return keptUnresolved
	default:
		return notKept
	}
}

// mayBeUnresolved reports whether a person may be one of the group's members who could not be resolved. That is anybody
// the roster does not know at all, unless the directory has them as inactive, or has an employee id for them that
// differs from that of every such member.
func (d *groupDecision) mayBeUnresolved(who *person) bool {
	if who.inHR || !who.active {
		return false
	}
	return slices.ContainsFunc(d.group.rejected, func(r *hrsource.RejectedRow) bool { return !idsDiffer(who.employeeID, idOfRejected(r)) }) ||
		slices.ContainsFunc(d.unresolved, func(r *row) bool { return !idsDiffer(who.employeeID, r.EmployeeID) })
}

// kind returns the kind of exception for somebody who is kept; empty if another exception covers it. For somebody whom
// a row may mean, it is used only if there is no exception about that row.
func (k keptBy) kind() sync.Kind {
	switch k {
	case keptProtected:
		return sync.Protected
	case keptDomain:
		return sync.UnmanagedDomain
	case keptUnresolved, keptNameless, keptMeant:
		return sync.HeldUnresolved
	default:
		return ""
	}
}

// reason says why a person stays although the roster does not put them there.
func (k keptBy) reason(who *person) string {
	switch k {
	case keptProtected:
		return "not a member of the group's teams, but SYNC_PROTECTED_LOGINS keeps them"
	case keptDomain:
		return "not a member of the group's teams, but outside SYNC_MANAGED_DOMAINS: HR need not know them"
	case keptAdditive:
		return "not a member of the group's teams, but SYNC_MODE is additive"
	case keptInactive:
		return "a member, though inactive in Procore's directory"
	case keptMeant:
		return who.meant.why()
	case keptNameless:
		return "Procore gave no login for them, so that they can't be looked up in HR"
	case keptOnUnknown:
		return "an HR row has them on this team, on a project that is unknown"
	case keptUnresolved:
		return "not in HR data, but they may be a member of the group who could not be found in Procore, or whose HR row was rejected"
	default:
		return ""
	}
}

// why says which rows may mean the person.
func (m meant) why() string {
	what := "an HR row that could not be resolved may mean them"
	var at []hrsource.Position
	for _, r := range m.rows {
		at = append(at, r.At...)
	}
	if len(m.rejected) > 0 {
		what, at = "a rejected HR row may mean them", nil
	}
	for _, r := range m.rejected {
		at = append(at, r.At)
	}
	return what + ": " + strings.Join(sync.PositionsOf(at[:min(len(at), mostRowsNamed)]), ", ")
}

// mostRowsNamed is how many HR rows a reason names.
const mostRowsNamed = 3
