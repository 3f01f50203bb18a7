package sandbox

import (
	"cmp"
	"fmt"
	"hash/fnv"
	"slices"
	"strconv"
	"time"

	"procore-assignee-sync/procore"
)

// Instance is a workflow, running or ended. It copied its preset's people when it started: later changes of the preset
// do not affect it.
type Instance struct {
	procore.InstanceRef
	Preset    procore.PresetID
	Version   procore.VersionID // the version that it runs through
	Tool      procore.ToolRef
	Item      procore.ItemID
	Manager   procore.LoginID // empty if there is none
	CreatedBy procore.LoginID
	StartedAt time.Time
	UpdatedAt time.Time
	EndedAt   time.Time // zero while it runs

	Memberships []procore.GroupWrite
	Individual  []procore.IndividualAssignees
	Step        *StepOccurrence // the current one; nil if the workflow has ended or is being moved on
	Passed      int             // number of steps that it has begun so far
}

// StepOccurrence is one pass of an instance through a step.
type StepOccurrence struct {
	ID        procore.StepOccurrenceID
	UUID      string // the version's step
	Name      string
	StartedAt time.Time
	OverdueAt time.Time
	Options   []procore.ResponseOption
	People    []Place
}

// Place is one person's place on a step.
type Place struct {
	Login       procore.LoginID
	Required    bool
	RoleType    string
	Invited     bool                     // added after the step had begun
	SubmittedAt time.Time                // zero if they have not responded
	Option      procore.ResponseOptionID // the response
	Comment     string
}

// Open reports whether the person still has to respond.
func (p Place) Open() bool { return p.SubmittedAt.IsZero() }

// Ended reports whether the workflow has ended.
func (in Instance) Ended() bool { return !in.EndedAt.IsZero() }

// Place returns a person's place on the current step, and whether there is one.
func (in Instance) Place(login procore.LoginID) (Place, bool) {
	if in.Step != nil {
		for _, p := range in.Step.People {
			if p.Login == login {
				return p, true
			}
		}
	}
	return Place{}, false
}

func (in Instance) clone() Instance {
	in.Memberships = cloneGroups(in.Memberships)
	in.Individual = cloneIndividual(in.Individual)
	if in.Step != nil {
		step := *in.Step
		step.Options = slices.Clone(step.Options)
		step.People = slices.Clone(step.People)
		in.Step = &step
	}
	return in
}

// The values of a step group's requirement: that one of its people responds, or all do.
const (
	responsesOne = "one"
	responsesAll = "all"
)

// stepTime is how long people have for a step before it is overdue.
const stepTime = 72 * time.Hour

// begin returns a workflow that starts from a preset as it is now, on the first step that has anybody.
func begin(v *Version, p Preset, id procore.InstanceID, by procore.LoginID, at time.Time) Instance {
	in := Instance{
		InstanceRef: procore.InstanceRef{Project: p.Project, Instance: id}, Preset: p.PresetRef.Preset, Version: v.ID, Tool: v.Tool,
		Manager: p.Manager, CreatedBy: by, StartedAt: at, UpdatedAt: at, Memberships: p.Memberships, Individual: p.Individual,
	}
	in.moveTo(v, 0, at)
	return in
}

// moveTo goes to the first step, from index first on, that has anybody, and ends the workflow if there is none.
func (in *Instance) moveTo(v *Version, first int, at time.Time) {
	in.UpdatedAt = at
	for i := first; v != nil && i < len(v.Steps); i++ {
		if people := in.peopleOf(v, v.Steps[i]); len(people) > 0 {
			in.Passed++
			in.Step = &StepOccurrence{
				ID: in.stepID(), UUID: v.Steps[i].UUID, Name: v.Steps[i].Name, StartedAt: at, OverdueAt: at.Add(stepTime),
				Options: optionsOf(i), People: people,
			}
			return
		}
	}
	in.Step, in.EndedAt = nil, at
}

// moveOn leaves the current step for the next.
func (in *Instance) moveOn(v *Version, at time.Time) {
	next := 0
	if v != nil && in.Step != nil {
		uuid := in.Step.UUID
		next = 1 + slices.IndexFunc(v.Steps, func(s procore.VersionStep) bool { return s.UUID == uuid })
		if next == 0 {
			next = len(v.Steps)
		}
	}
	in.moveTo(v, next, at)
}

// peopleOf returns the people of a step: those in its groups, then those assigned to it directly.
func (in *Instance) peopleOf(v *Version, step procore.VersionStep) []Place {
	var people []Place
	add := func(login procore.LoginID, required bool, role string) {
		at := slices.IndexFunc(people, func(p Place) bool { return p.Login == login })
		if at < 0 {
			people = append(people, Place{Login: login, Required: required, RoleType: cmp.Or(role, procore.RoleResponder)})
			return
		}
		people[at].Required = people[at].Required || required
	}
	for _, g := range step.Groups {
		members, _ := peopleIn(in.Memberships, g.UUID)
		if len(members) == 0 && v.isItemCreator(g.UUID) && in.CreatedBy != "" {
			members = []procore.LoginID{in.CreatedBy}
		}
		for i, login := range members {
			add(login, i == 0 || g.ResponsesRequired == responsesAll, "")
		}
	}
	for _, on := range in.Individual {
		if on.Step == step.UUID {
			for _, l := range on.Logins {
				add(l.ID, l.Required, l.RoleType)
			}
		}
	}
	return people
}

func (v *Version) isItemCreator(uuid procore.GroupUUID) bool {
	return slices.ContainsFunc(v.Groups, func(g procore.ResponsibleGroup) bool { return g.UUID == uuid && g.Type == itemCreator })
}

const itemCreator = "ITEM_CREATOR"

// stepID returns an id for the current pass.
func (in *Instance) stepID() procore.StepOccurrenceID {
	hash := fnv.New64a()
	_, _ = hash.Write([]byte(in.InstanceRef.Instance))
	return procore.StepOccurrenceID(strconv.FormatUint(1_000_000+hash.Sum64()%1_000_000_000_000*1000+uint64(in.Passed), 10))
}

// optionsOf returns the possible answers on the i-th step of a version. Their names differ from step to step, as
// companies' do.
func optionsOf(i int) []procore.ResponseOption {
	options := []procore.ResponseOption{
		{Name: "Approve", ResponseType: "approve"}, {Name: "Approve as noted", ResponseType: "approve"}, {Name: "Send back", ResponseType: "reject"},
	}
	if i%2 == 1 {
		options = []procore.ResponseOption{{Name: "Reviewed", ResponseType: "approve"}, {Name: "Revise and resubmit", ResponseType: "reject"}}
	}
	for n := range options {
		options[n].ID = procore.ResponseOptionID(strconv.Itoa(2000 + 10*i + n))
	}
	return options
}

// isDone reports whether the step is waiting for nobody: everybody who is required has responded, and somebody has.
func (s *StepOccurrence) isDone() bool {
	responded := false
	for _, p := range s.People {
		if p.Required && p.Open() {
			return false
		}
		responded = responded || !p.Open()
	}
	return responded
}

// answer stores a response, and moves on if the step is waiting for nobody any more. It returns what is wrong if the
// person can't give that answer.
func (in *Instance) answer(v *Version, login procore.LoginID, option procore.ResponseOptionID, comment string, at time.Time) error {
	if in.Step == nil {
		return fmt.Errorf("no step is current")
	}
	place := slices.IndexFunc(in.Step.People, func(p Place) bool { return p.Login == login })
	switch {
	case place < 0:
		return fmt.Errorf("login %s is not on the step", login)
	case !in.Step.People[place].Open():
		return fmt.Errorf("login %s has responded already", login)
	case !slices.ContainsFunc(in.Step.Options, func(o procore.ResponseOption) bool { return o.ID == option }):
		return fmt.Errorf("the step offers no answer %s", option)
	}
	p := &in.Step.People[place]
	p.SubmittedAt, p.Option, p.Comment = at, option, comment
	in.UpdatedAt = at
	if in.Step.isDone() {
		in.moveOn(v, at)
	}
	return nil
}

// startBefore moves all workflows back in time by the same amount if one of them would start after now, because the
// clock is behind the made-up times.
func (c *Company) startBefore(now time.Time) {
	latest := time.Time{}
	for _, in := range c.Instances {
		for _, t := range in.times() {
			if t.After(latest) {
				latest = *t
			}
		}
	}
	if latest.Before(now) {
		return
	}
	back := latest.Sub(now) + 24*time.Hour
	for i := range c.Instances {
		in := &c.Instances[i]
		for _, t := range in.times() {
			if !t.IsZero() {
				*t = t.Add(-back)
			}
		}
		if in.Step != nil {
			in.Step.OverdueAt = in.Step.OverdueAt.Add(-back)
		}
	}
}

// times returns all times of the instance.
func (in *Instance) times() []*time.Time {
	all := []*time.Time{&in.StartedAt, &in.UpdatedAt, &in.EndedAt}
	if in.Step != nil {
		all = append(all, &in.Step.StartedAt)
		for i := range in.Step.People {
			all = append(all, &in.Step.People[i].SubmittedAt)
		}
	}
	return all
}
