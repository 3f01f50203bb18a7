package running

import (
	"context"
	"errors"
	"iter"
	"net/http"
	"slices"
	"strings"
	"time"

	"procore-assignee-sync/procore"
)

// fakeProcore holds workflows of one place in memory.
type fakeProcore struct {
	instances map[procore.InstanceID]*procore.Instance
	presets   []procore.Preset
	versions  map[procore.VersionID]procore.TemplateVersion
	me        procore.LoginID
	events    []string // "list", "list 1", "read 5", "invite 5", "respond 5", "pause"

	listErr, readErr error
	before           func(event string, f *fakeProcore) // somebody's doing, before an event
	inviteErr        []error                            // of the nth invitation; it is not taken
	lost             []error                            // of the nth write; it is taken, and its answer lost
	harm             bool                               // an invitation takes everybody else off
	ignored          bool                               // a write is acknowledged and not done
}

func (f *fakeProcore) event(name string) {
	f.events = append(f.events, name)
	if f.before != nil {
		f.before(name, f)
	}
}

func (f *fakeProcore) log() string { return strings.Join(f.events, ", ") }

func (f *fakeProcore) Instances(_ context.Context, _ procore.AssigneeScope, filter procore.InstanceFilter) iter.Seq2[procore.InstanceSummary, error] {
	return func(yield func(procore.InstanceSummary, error) bool) {
		f.event(strings.TrimSpace("list " + string(filter.Assignee)))
		if f.listErr != nil {
			yield(procore.InstanceSummary{}, f.listErr)
			return
		}
		for _, i := range f.instances {
			if filter.Active && i.Ended {
				continue
			}
			if filter.Assignee != "" && i.Step != nil {
				if _, there := i.Step.Response(filter.Assignee); !there {
					continue
				}
			}
			if !yield(i.InstanceSummary, nil) {
				return
			}
		}
	}
}

func (f *fakeProcore) Instance(_ context.Context, ref procore.InstanceRef) (procore.Instance, error) {
	f.event("read " + string(ref.Instance))
	if f.readErr != nil {
		return procore.Instance{}, f.readErr
	}
	i := *f.instances[ref.Instance]
	if i.Step != nil {
		step := *i.Step
		step.Responses = slices.Clone(step.Responses)
		i.Step = &step
	}
	return i, nil
}

func (f *fakeProcore) Presets(context.Context, procore.AssigneeScope) iter.Seq2[procore.PresetSummary, error] {
	return func(yield func(procore.PresetSummary, error) bool) {
		f.event("presets")
		for _, p := range f.presets {
			if !yield(procore.PresetSummary{ID: p.ID, Template: p.Template}, nil) {
				return
			}
		}
	}
}

func (f *fakeProcore) Preset(_ context.Context, ref procore.PresetRef) (procore.Preset, error) {
	f.event("preset " + string(ref.Preset))
	i := slices.IndexFunc(f.presets, func(p procore.Preset) bool { return p.ID == ref.Preset })
	return f.presets[i], nil
}

func (f *fakeProcore) Version(_ context.Context, id procore.VersionID) (procore.TemplateVersion, error) {
	f.event("version " + string(id))
	return f.versions[id], nil
}

// next takes the first of a list of errors.
func next(list *[]error) error {
	if len(*list) == 0 {
		return nil
	}
	err := (*list)[0]
	*list = (*list)[1:]
	return err
}

func (f *fakeProcore) Invite(_ context.Context, ref procore.InstanceRef, in procore.Invitation) (procore.InstanceResult, error) {
	f.event("invite " + string(ref.Instance))
	if err := next(&f.inviteErr); err != nil {
		return procore.InstanceResult{}, err
	}
	i := f.instances[ref.Instance]
	if f.harm {
		i.Step.Responses = nil
	}
	for _, id := range in.Logins {
		if !f.ignored {
			i.Step.Responses = append(i.Step.Responses, procore.ResponseOccurrence{Assignee: procore.Login{ID: id}, Required: in.Required})
		}
	}
	if err := next(&f.lost); err != nil {
		return procore.InstanceResult{}, err
	}
	now := *i
	return procore.InstanceResult{Instance: &now, HTTPStatus: 200, RequestID: "req"}, nil
}

func (f *fakeProcore) Respond(_ context.Context, ref procore.InstanceRef, r procore.Response) (procore.InstanceResult, error) {
	f.event("respond " + string(ref.Instance))
	if err := next(&f.inviteErr); err != nil {
		return procore.InstanceResult{}, err
	}
	i := f.instances[ref.Instance]
	if i.Ended || i.Step.ID != r.Step {
		return procore.InstanceResult{}, status(http.StatusUnprocessableEntity)
	}
	for n := range i.Step.Responses {
		o := &i.Step.Responses[n]
		if o.Assignee.ID == f.me && !f.ignored {
			o.Submitted, o.Comment = true, r.Comment
			o.Selected = &procore.ResponseOption{ID: r.Option}
		}
	}
	if err := next(&f.lost); err != nil {
		return procore.InstanceResult{}, err
	}
	return procore.InstanceResult{HTTPStatus: 204, RequestID: "req"}, nil
}

func (f *fakeProcore) Pause(context.Context, int, error) error {
	f.event("pause")
	return nil
}

func status(code int) error {
	return &procore.APIError{Endpoint: "addProjectInstanceAssignees", Method: http.MethodPost, Status: code, Message: http.StatusText(code)}
}

func noAnswer() error {
	return &procore.NetworkError{Endpoint: "addProjectInstanceAssignees", Method: http.MethodPost, Err: errors.New("connection reset")}
}

// fakeJournal keeps what it is told, and fails where it is told to.
type fakeJournal struct {
	f        *fakeProcore
	intents  []Intent
	outcomes []Outcome
	answers  []ResponseIntent
	ends     []ResponseOutcome
	err      error
}

func (j *fakeJournal) Intent(i Intent) error {
	j.f.events = append(j.f.events, "intent")
	j.intents = append(j.intents, i)
	return j.err
}

func (j *fakeJournal) Outcome(o Outcome) error {
	j.f.events = append(j.f.events, "outcome "+string(o.State))
	j.outcomes = append(j.outcomes, o)
	return nil
}

func (j *fakeJournal) ResponseIntent(i ResponseIntent) error {
	j.f.events = append(j.f.events, "intent")
	j.answers = append(j.answers, i)
	return j.err
}

func (j *fakeJournal) ResponseOutcome(o ResponseOutcome) error {
	j.f.events = append(j.f.events, "outcome "+string(o.State))
	j.ends = append(j.ends, o)
	return nil
}

// The sample: a contract waits on its step Legal review for 1, who was replaced by 2 in the preset's group Legal.
const (
	legal   procore.GroupUUID = "g-legal"
	finance procore.GroupUUID = "g-finance"
)

var removedAt = time.Date(2026, 11, 20, 2, 0, 0, 0, time.UTC)

func people(ids ...procore.LoginID) []procore.Login {
	var list []procore.Login
	for _, id := range ids {
		list = append(list, procore.Login{ID: id, Login: "p" + string(id) + "@example.com"})
	}
	return list
}

func sample() *fakeProcore {
	version := procore.TemplateVersion{
		ID: "50", Groups: []procore.ResponsibleGroup{{UUID: legal, Name: "Legal", Type: procore.TypeResponsibleRole}, {UUID: finance, Name: "Finance", Type: procore.TypeResponsibleRole}},
		Steps: procore.VersionSteps{{UUID: "s1", Name: "Legal review", Groups: []procore.StepGroup{{UUID: legal}}}},
	}
	return &fakeProcore{
		me: "9",
		instances: map[procore.InstanceID]*procore.Instance{"700": {
			InstanceSummary: procore.InstanceSummary{ID: "700", Item: "88", StartedAt: removedAt.Add(-48 * time.Hour)},
			Version:         "50",
			Step: &procore.StepOccurrence{
				ID: "900", StepUUID: "s1", Name: "Legal review", StartedAt: removedAt.Add(-24 * time.Hour),
				Responses: []procore.ResponseOccurrence{{Assignee: people("1")[0], Required: true}},
				Options:   []procore.ResponseOption{{ID: "31", Name: "Approve", ResponseType: "approve"}, {ID: "32", Name: "Reject"}},
			},
			Memberships: []procore.InstanceMembership{{Group: legal, Name: "Legal", Assignees: people("1")}},
		}},
		presets: []procore.Preset{{
			ID: "7", Template: procore.PresetTemplate{ID: "5", Name: "Contracts", Published: "50"},
			Memberships: []procore.Membership{{Group: legal, Assignees: people("2")}, {Group: finance, Assignees: people("3")}},
		}},
		versions: map[procore.VersionID]procore.TemplateVersion{"50": version},
	}
}
