package sync

// keeps says what keeps somebody in a group where the roster does not put them, as §6 of the design lists it.
func (b *drafter) keeps(d *draft, who int32) keeping {
	p := &b.people.all[who]
	switch {
	case b.policy.Mode == Additive:
		return keptAdditive
	case p.protected:
		return keptProtected
	case p.outside:
		return keptDomain
	case b.marks.inactive[who] == b.marks.now:
		return keptInactive
	case b.keptAlways[who]:
		return keptMeant
	case p.login == "":
		return keptNameless
	case b.marks.onUnknown[who] == b.marks.now:
		return keptOnUnknown
	case b.mayBeUnresolved(d, who):
		return keptUnresolved
	default:
		return leaves
	}
}

// mayBeUnresolved says whether somebody may be a member of the group who could not be resolved: whoever the roster
// does not know at all, unless the directory has them inactive, or has an employee id for them that differs from that
// of every such member. A rejected row's employee id can't be relied on, so nobody can be told apart from it.
func (b *drafter) mayBeUnresolved(d *draft, who int32) bool {
	p := &b.people.all[who]
	if len(d.unresolved) == 0 && !d.slot.rejectedRows || b.known[who] || !p.active {
		return false
	}
	if d.slot.rejectedRows || p.employeeID == "" {
		return true
	}
	for _, i := range d.unresolved {
		if id := b.rows[i].member.EmployeeID; id == "" || id == p.employeeID {
			return true
		}
	}
	return false
}
