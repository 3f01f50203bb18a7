package apply

import (
	"fmt"
	"strings"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
)

// decision is what remains to be done for a preset after reading it again.
type decision struct {
	moved   []string                   // what has moved since the plan was made, for people; if anything has, nothing is sent
	groups  []string                   // the names of the groups that moved
	write   []sync.GroupPlan           // the groups that this write changes
	already map[procore.GroupUUID]bool // changed groups that already hold what was planned
}

// decide compares a preset as just read with its plan. It looks at all managed groups, including those that the plan
// does not change.
func decide(n labels, plan *sync.PresetPlan, fresh procore.Preset) decision {
	d := decision{already: map[procore.GroupUUID]bool{}}
	if fresh.Template.Published != plan.VersionID {
		d.moved = append(d.moved, fmt.Sprintf("the published version of the template is %s now, the plan was made for %s",
			orNone(string(fresh.Template.Published)), plan.VersionID))
		return d
	}
	now := peopleRead(fresh.Memberships)
	for _, g := range plan.Groups {
		asBefore, asPlanned := now.holds(g.UUID, g.Before), now.holds(g.UUID, g.After)
		switch {
		case asBefore && asPlanned:
		case asPlanned:
			d.already[g.UUID] = true
		case asBefore:
			d.write = append(d.write, g)
		default:
			d.groups = append(d.groups, g.Name)
			d.moved = append(d.moved, fmt.Sprintf("group %s moved since the plan was made: it held %s and holds %s",
				g.Name, n.list(sync.LoginSet(g.Before)), n.list(now[g.UUID])))
		}
	}
	d.keepApart(n, plan, fresh)
	return d
}

func groupIDs(groups []sync.GroupPlan) []procore.GroupUUID {
	ids := make([]procore.GroupUUID, 0, len(groups))
	for _, g := range groups {
		ids = append(ids, g.UUID)
	}
	return ids
}

func orNone(s string) string {
	if strings.TrimSpace(s) == "" {
		return "none"
	}
	return s
}
