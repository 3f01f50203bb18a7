package sync

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"procore-assignee-sync/procore"
)

// Rejudge judges a saved plan again before it is applied. Its digest must be its own, and its list to send must be
// what its groups say: otherwise it is a *PlanFileError. Its figures are worked out anew. It is judged by the removal
// limits that it carries, since these were reviewed with it, and by the roster gates as policy, baseline and time are
// now. A gate that refused it when it was made still does. Where another gate has tripped since, the digest is a new
// one: nobody has approved the plan knowing of that.
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
			"or plan anew", policy.MaxAge)}
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

// check finds a preset whose list to send is not what its groups say.
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
