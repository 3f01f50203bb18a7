package sandbox

import (
	"net/http"
	"slices"
	"time"

	"procore-assignee-sync/procore"
)

type instanceView struct {
	instanceRowView
	Step        *stepOccurrenceView      `json:"current_step_occurrence"`
	Manager     *possibleView            `json:"workflow_manager"`
	Memberships []instanceMembershipView `json:"responsible_group_memberships"`
	Everyone    []possibleView           `json:"all_assignees"`
	Version     procore.VersionID        `json:"template_version_id"`
}

type instanceMembershipView struct {
	membershipView
	Name string `json:"name,omitempty"`
}

type stepOccurrenceView struct {
	ID           procore.StepOccurrenceID `json:"id"`
	UUID         string                   `json:"step_uuid"`
	Name         string                   `json:"name"`
	StartedAt    time.Time                `json:"started_at"`
	OverdueAt    time.Time                `json:"overdue_at"`
	Options      []optionView             `json:"available_response_options,omitzero"`
	OlderOptions []optionView             `json:"available_responses,omitzero"`
	Responses    []placeView              `json:"response_occurrences"`
	Individual   []stepLoginView          `json:"individual_assignees"`
	Recipients   []possibleView           `json:"notification_recipients"`
	Histories    []any                    `json:"step_histories"`
}

type optionView struct {
	ID           procore.ResponseOptionID `json:"id"`
	Name         string                   `json:"name"`
	ResponseType string                   `json:"response_type"`
}

type placeView struct {
	SubmittedAt *time.Time        `json:"submitted_at"`
	Selected    *optionView       `json:"selected_response_option"`
	Comment     any               `json:"comment"`
	Attachments []any             `json:"attachments"`
	Assignee    placeAssigneeView `json:"assignee"`
}

type placeAssigneeView struct {
	possibleView
	Required bool `json:"required"`
}

// getInstance serves one workflow with its current step and its people.
func (s *Server) getInstance(c *call) reply {
	s.mu.RLock()
	defer s.mu.RUnlock()
	at, refusal, ok := s.instanceInPath(c)
	if !ok {
		return refusal
	}
	return s.instanceReply(&s.company.Instances[at])
}

// instanceInPath finds the instance that the path names. The caller holds the lock.
func (s *Server) instanceInPath(c *call) (int, reply, bool) {
	project, refusal, ok := s.project(c)
	if !ok {
		return 0, refusal, false
	}
	at, ok := s.index.instance(s.company, procore.InstanceRef{Project: project, Instance: procore.InstanceID(c.ids.id)})
	if !ok {
		return 0, c.fail(http.StatusNotFound, "The workflow was not found."), false
	}
	return at, reply{}, true
}

// instanceReply returns an instance. The caller holds the lock.
func (s *Server) instanceReply(in *Instance) reply {
	view := instanceView{
		instanceRowView: s.instanceRow(in), Memberships: []instanceMembershipView{}, Everyone: []possibleView{}, Version: in.Version,
	}
	if in.Manager != "" {
		manager := s.possible(in.Manager)
		view.Manager = &manager
	}
	version := s.version(in.Version)
	for _, g := range in.Memberships {
		people := make([]loginView, len(g.LoginIDs))
		for i, id := range g.LoginIDs {
			people[i] = s.login(id)
		}
		view.Memberships = append(view.Memberships, instanceMembershipView{membershipView{g.UUID, people}, version.nameOf(g.UUID)})
	}
	for _, id := range in.everyone() {
		view.Everyone = append(view.Everyone, s.possible(id))
	}
	if in.Step != nil {
		view.Step = s.stepOccurrence(in)
	}
	if s.opts.FlatInstances {
		return jsonReply(http.StatusOK, view)
	}
	return dataReply(view)
}

func (s *Server) stepOccurrence(in *Instance) *stepOccurrenceView {
	view := &stepOccurrenceView{
		ID: in.Step.ID, UUID: in.Step.UUID, Name: in.Step.Name, StartedAt: in.Step.StartedAt, OverdueAt: in.Step.OverdueAt,
		Responses: []placeView{}, Individual: []stepLoginView{}, Recipients: []possibleView{}, Histories: []any{},
	}
	options := make([]optionView, len(in.Step.Options))
	for i, o := range in.Step.Options {
		options[i] = optionView(o)
	}
	if s.opts.OlderOptionNames {
		view.OlderOptions = options
	} else {
		view.Options = options
	}
	for _, p := range in.Step.People {
		row := placeView{
			Comment: textOrNull(p.Comment), Attachments: []any{}, Assignee: placeAssigneeView{s.possible(p.Login), p.Required},
		}
		if !p.Open() {
			row.SubmittedAt = &p.SubmittedAt
			if at := slices.IndexFunc(in.Step.Options, func(o procore.ResponseOption) bool { return o.ID == p.Option }); at >= 0 {
				row.Selected = &options[at]
			}
		}
		view.Responses = append(view.Responses, row)
	}
	for _, on := range in.Individual {
		if on.Step == in.Step.UUID {
			for _, l := range on.Logins {
				view.Individual = append(view.Individual, stepLoginView{s.login(l.ID), l.Required, l.RoleType})
			}
		}
	}
	return view
}

// everyone returns everybody on any step, in the order of their ids.
func (in *Instance) everyone() []procore.LoginID {
	var all []procore.LoginID
	for _, g := range in.Memberships {
		all = append(all, g.LoginIDs...)
	}
	for _, on := range in.Individual {
		for _, l := range on.Logins {
			all = append(all, l.ID)
		}
	}
	if in.Step != nil {
		for _, p := range in.Step.People {
			all = append(all, p.Login)
		}
	}
	slices.SortFunc(all, procore.CompareIDs)
	return slices.Compact(all)
}

// possible returns a person with their company. The caller holds the lock.
func (s *Server) possible(id procore.LoginID) possibleView {
	return possibleView{s.login(id), map[string]string{"name": s.company.Name}}
}

// version returns a version by id, or nil. The caller holds the lock.
func (s *Server) version(id procore.VersionID) *Version {
	if at, ok := s.index.versions[id]; ok {
		return &s.company.Versions[at]
	}
	return nil
}

func (v *Version) nameOf(uuid procore.GroupUUID) string {
	if v == nil {
		return ""
	}
	for _, g := range v.Groups {
		if g.UUID == uuid {
			return g.Name
		}
	}
	return ""
}
