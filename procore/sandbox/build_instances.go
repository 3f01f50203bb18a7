package sandbox

import (
	"slices"
	"time"

	"procore-assignee-sync/procore"
)

// instancesUntil is the latest time at which the current step of a made-up workflow began.
var instancesUntil = time.Date(2026, time.November, 19, 16, 0, 0, 0, time.UTC)

const (
	oldestStep = 60             // greatest age of a current step, in days
	betweenIt  = 26 * time.Hour // from one step to the next
)

// addInstances gives every preset one to three workflows that started from it at some time and have reached some step.
// Some have people who have left since, or who are no longer in the preset; some have people who have responded; some
// have the integration; and a few have ended.
func (b *builder) addInstances() {
	me := b.hireIntegration()
	var starters []person
	for i, p := range b.people {
		if !p.noAccount && !p.deactivated && !p.left && person(i) != me {
			starters = append(starters, person(i))
		}
	}
	for i := range b.company.Presets {
		p := &b.company.Presets[i]
		v := b.published(p.Template)
		if v == nil || len(starters) == 0 {
			continue
		}
		for k := range 1 + int(firstBits(int(b.seed), i, 77)%3) {
			bits := firstBits(int(b.seed), i, k, 78)
			by := b.people[starters[bits>>32%uint64(len(starters))]].login
			in := b.someInstance(v, *p, by, bits)
			if !in.Ended() && (i == 0 && k == 0 || bits>>52%6 == 0) {
				in.Step.People = append(in.Step.People, Place{
					Login: b.people[me].login, Required: true, RoleType: procore.RoleResponder, Invited: true,
				})
			}
			b.addInstance(in)
		}
	}
}

// published returns the published version of a template, or nil.
func (b *builder) published(id procore.TemplateID) *Version {
	at := slices.IndexFunc(b.company.Templates, func(t Template) bool { return t.ID == id })
	if at < 0 {
		return nil
	}
	published := b.company.Templates[at].Published
	if at = slices.IndexFunc(b.company.Versions, func(v Version) bool { return v.ID == published }); at < 0 {
		return nil
	}
	return &b.company.Versions[at]
}

// someInstance returns a workflow of a preset in a state that bits decide.
func (b *builder) someInstance(v *Version, p Preset, by procore.LoginID, bits uint64) Instance {
	if bits%5 == 0 && len(p.Memberships) > 1 { // it started before somebody was removed from the preset
		p.Memberships = slices.Clone(p.Memberships)
		g := &p.Memberships[1]
		g.LoginIDs = append(slices.Clip(g.LoginIDs), b.people[b.formerEstimator].login)
	}
	moves := int(bits >> 8 % uint64(len(v.Steps)))
	stepSince := instancesUntil.Add(-time.Duration(bits>>16%(oldestStep*24)) * time.Hour)
	at := stepSince.Add(-time.Duration(moves) * betweenIt)
	in := begin(v, p, "", by, at)
	for range moves {
		before := in
		at = at.Add(betweenIt)
		if in.moveOn(v, at); in.Ended() {
			in = before
			break
		}
	}
	if bits>>28%9 == 0 {
		in.Step, in.EndedAt, in.UpdatedAt = nil, stepSince, stepSince
	}
	if in.Step == nil {
		return in
	}
	for i := range in.Step.People { // people for whom the step does not wait may have responded
		if place := &in.Step.People[i]; !place.Required && bits>>(40+i%12)&1 == 1 {
			place.SubmittedAt, place.Option = in.Step.StartedAt.Add(5*time.Hour), in.Step.Options[0].ID
		}
	}
	if in.Step.isDone() {
		in.Step.People[0].SubmittedAt = time.Time{}
	}
	return in
}

// addInstance gives a workflow its id and adds it.
func (b *builder) addInstance(in Instance) {
	n := len(b.company.Instances)
	in.InstanceRef.Instance = procore.InstanceID(id(kindInstance, n))
	in.Item = procore.ItemID(id(kindItem, n))
	if in.Step != nil {
		in.Step.ID = in.stepID()
	}
	b.company.Instances = append(b.company.Instances, in)
}
