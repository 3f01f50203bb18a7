package sync

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"procore-assignee-sync/procore"
)

// Rejudge judges a saved plan again before it is applied. If its digest is not its own, or its list to send does not
// follow from its groups, the error is a *PlanFileError. Its counts are computed again. It is judged by the removal
// limits that it carries, since these were reviewed with it, and by the roster gates under the present policy, baseline
// and time. Gates that refused it when it was made still do. If another gate trips now, the plan gets a new digest,
// since nobody has approved it knowing about that gate.
func (p *Plan) Rejudge(policy Policy, baseline Baseline, now time.Time) error {
	if p.Digest != p.digest() {
		return &PlanFileError{"the saved plan's digest is not that of its content: make a new one with plan --out"}
	}
	for i := range p.Presets {
		if err := p.Presets[i].check(); err != nil {
			return err
		}
	}
	p.Count()
	if policy.MaxAge > 0 && p.Roster.UpdatedAt.IsZero() && p.RollbackOf == "" {
		return &ConfigError{fmt.Sprintf("HR_MAX_AGE is %s, but the saved plan does not know how old its HR data is: unset it, "+
			"or plan again", policy.MaxAge)}
	}
	again := p.JudgeRemovals()
	if p.RollbackOf == "" {
		again = append(p.JudgeRoster(policy, baseline, now), again...)
	}
	for _, g := range again {
		same := func(have TrippedGate) bool { return have.Gate == g.Gate }
		if i := slices.IndexFunc(p.Gates, same); i >= 0 {
			p.Gates[i] = g
		} else {
			p.Gates = append(p.Gates, g)
		}
	}
	p.Seal()
	return nil
}

// check returns an error if the list to send does not follow from the preset's groups.
func (p *PresetPlan) check() error {
	wrong := func(what string) error {
		return &PlanFileError{fmt.Sprintf("the saved plan contradicts itself in %s: %s; make a new one with plan --out", p.Subject(), what)}
	}
	write := map[procore.GroupUUID]map[procore.LoginID]bool{}
	for _, g := range p.Write {
		if write[g.UUID] != nil {
			return wrong("a group is sent twice")
		}
		write[g.UUID] = LoginSet(g.LoginIDs)
	}
	changed := false
	for _, g := range p.Groups {
		differs := !SameLogins(g.Before, g.After)
		changed = changed || differs
		if differs && g.Hold != "" {
			return wrong("a held group changes")
		}
		if p.Changed() && !maps.Equal(write[g.UUID], LoginSet(g.After)) {
			return wrong("what is sent is not what is planned")
		}
	}
	if changed != p.Changed() {
		return wrong("it is sent without a difference, or not sent in spite of one")
	}
	return nil
}
