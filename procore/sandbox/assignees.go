package sandbox

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strconv"

	"procore-assignee-sync/procore"
)

// updateAssignees sets the people of a preset. The groups sent replace all memberships of the preset: a group that is
// left out loses its people.
func (s *Server) updateAssignees(c *call) reply {
	if !c.isJSON() {
		return c.fail(http.StatusUnsupportedMediaType, "The body must be application/json.")
	}
	body, err := readAssignees(c.body)
	if err != nil {
		return c.fail(http.StatusBadRequest, "The body cannot be read: "+err.Error()+".")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	at, refusal, ok := s.presetInPath(c)
	if !ok {
		return refusal
	}
	before := s.company.Presets[at]
	if problems := s.unprocessable(before, body); len(problems) > 0 {
		return c.fail(http.StatusUnprocessableEntity, "The assignees could not be saved.", problems...)
	}
	after := s.apply(before, body)
	if c.faults.has(FaultUnapplied) {
		return dataReply(s.result(&after))
	}
	if c.faults.has(FaultDamage) {
		damage(before, &after)
	}
	s.changes++
	s.company.Presets[at] = after
	s.history = append(s.history, Write{
		Seq: s.changes, Time: after.UpdatedAt, Ref: before.PresetRef, Body: c.body, Before: before, After: after,
		RequestID: c.RequestID, Fault: c.faults.String(),
	})
	return dataReply(s.result(&after))
}

// unprocessable returns the business rules that a write breaks. The caller holds the lock.
func (s *Server) unprocessable(before Preset, body assigneesBody) []problem {
	scope := procore.AssigneeScope{Project: before.Project}
	var version *Version
	if t := s.index.template(s.company, before.Template); t != nil {
		scope.Tool = t.Tool
		if at, ok := s.index.versions[t.Published]; ok {
			version = &s.company.Versions[at]
		}
	}
	problems := []problem{}
	if id := body.manager; id != nil && *id != before.Manager && !s.index.mayAssign(s.company, scope, *id) {
		problems = append(problems, notAssignable(*id, "workflow_manager_id"))
	}
	if body.groups == nil {
		return problems
	}
	seen := make(map[procore.GroupUUID]bool, len(*body.groups))
	for _, g := range *body.groups {
		if seen[g.UUID] {
			problems = append(problems, problem{"DUPLICATE_GROUP", fmt.Sprintf("Group %s is sent twice.", g.UUID), groupsField})
		}
		seen[g.UUID] = true
		was, had := peopleIn(before.Memberships, g.UUID)
		if !had && !version.has(g.UUID) {
			problems = append(problems, problem{
				"UNKNOWN_GROUP",
				fmt.Sprintf("Group %s belongs neither to the version nor to the preset.", g.UUID), groupsField,
			})
		}
		for i, id := range g.LoginIDs {
			if slices.Contains(g.LoginIDs[:i], id) {
				problems = append(problems, problem{
					"DUPLICATE_ASSIGNEE",
					fmt.Sprintf("Login %s is sent twice in group %s.", id, g.UUID), groupsField,
				})
			}
			if (s.opts.StrictAssignees || !slices.Contains(was, id)) && !s.index.mayAssign(s.company, scope, id) {
				problems = append(problems, notAssignable(id, groupsField))
			}
		}
	}
	return problems
}

const groupsField = "responsible_group_memberships"

func notAssignable(id procore.LoginID, source string) problem {
	return problem{"INVALID_ASSIGNEE", fmt.Sprintf("Login %s is not a possible assignee.", id), source}
}

func (v *Version) has(uuid procore.GroupUUID) bool {
	return v != nil && slices.ContainsFunc(v.Groups, func(g procore.ResponsibleGroup) bool { return g.UUID == uuid })
}

// peopleIn returns the people of a group, and whether there is such a group.
func peopleIn(groups []procore.GroupWrite, uuid procore.GroupUUID) ([]procore.LoginID, bool) {
	for _, g := range groups {
		if g.UUID == uuid {
			return g.LoginIDs, true
		}
	}
	return nil, false
}

// apply returns the preset after a write, sharing nothing with before that could change.
func (s *Server) apply(before Preset, body assigneesBody) Preset {
	after := before
	after.UpdatedAt = s.opts.Now()
	if body.manager != nil {
		after.Manager = *body.manager
	}
	if body.individual != nil {
		after.Individual = *body.individual
	}
	if body.groups == nil {
		return after
	}
	after.Memberships = make([]procore.GroupWrite, 0, len(before.Memberships))
	for _, g := range before.Memberships {
		switch sent, ok := peopleIn(*body.groups, g.UUID); {
		case ok:
			g.LoginIDs = sent
		case s.opts.MergeGroups:
		case s.opts.DropOmittedGroups:
			continue
		default:
			g.LoginIDs = nil
		}
		after.Memberships = append(after.Memberships, g)
	}
	for _, g := range *body.groups {
		if _, had := peopleIn(before.Memberships, g.UUID); !had {
			after.Memberships = append(after.Memberships, g)
		}
	}
	return after
}

// damage removes the last person from a group that the write left as it was or, if there is none, from any group.
func damage(before Preset, after *Preset) {
	victim := -1
	for i, g := range after.Memberships {
		if len(g.LoginIDs) == 0 {
			continue
		}
		was, _ := peopleIn(before.Memberships, g.UUID)
		if slices.Equal(was, g.LoginIDs) {
			victim = i
			break
		}
		victim = i
	}
	if victim >= 0 {
		after.Memberships = slices.Clone(after.Memberships)
		people := after.Memberships[victim].LoginIDs
		after.Memberships[victim].LoginIDs = people[: len(people)-1 : len(people)-1]
	}
}

type resultView struct {
	Manager    procore.LoginID   `json:"workflow_manager_id,omitempty"`
	Groups     []groupResultView `json:"responsible_group_memberships,omitzero"`
	Individual []individualView  `json:"individual_assignees"`
}

type groupResultView struct {
	UUID     procore.GroupUUID `json:"uuid"`
	LoginIDs []procore.LoginID `json:"login_ids"`
}

// result returns the answer to a write: what is stored now.
func (s *Server) result(p *Preset) resultView {
	view := resultView{Manager: p.Manager, Individual: s.individuals(p)}
	if s.opts.BareAnswers {
		return view
	}
	view.Groups = make([]groupResultView, len(p.Memberships))
	for i, g := range p.Memberships {
		view.Groups[i] = groupResultView{UUID: g.UUID, LoginIDs: append([]procore.LoginID{}, g.LoginIDs...)}
	}
	return view
}

// assigneesBody is what a write of assignees asks for; what is nil stays as it is.
type assigneesBody struct {
	manager    *procore.LoginID
	groups     *[]procore.GroupWrite
	individual *[]procore.IndividualAssignees
}

type groupBody struct {
	UUID     *string   `json:"uuid"`
	LoginIDs *[]string `json:"login_ids"`
}

type individualBody struct {
	Step   string `json:"step_uuid"`
	Logins []struct {
		ID       string `json:"id"`
		Required bool   `json:"required"`
		RoleType string `json:"role_type"`
	} `json:"logins"`
}

// uuidText is a UUID as text (RFC 9562, section 4).
var uuidText = regexp.MustCompile(`^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`)

// readAssignees parses the body of a write strictly: no unknown fields, no nulls, every id as text.
func readAssignees(text []byte) (assigneesBody, error) {
	var body assigneesBody
	var fields map[string]json.RawMessage
	if err := strictly(text, &fields); err != nil {
		return body, err
	}
	for name, value := range fields {
		if bytes.Equal(bytes.TrimSpace(value), []byte("null")) {
			return body, fmt.Errorf("%s is null", name)
		}
		var err error
		switch name {
		case "workflow_manager_id":
			var id string
			err = strictly(value, &id)
			body.manager = (*procore.LoginID)(&id)
		case "responsible_group_memberships":
			body.groups, err = readGroups(value)
		case "individual_assignees":
			body.individual, err = readIndividual(value)
		default:
			err = fmt.Errorf("%s is not known", name)
		}
		if err != nil {
			return body, err
		}
	}
	return body, nil
}

func readGroups(text []byte) (*[]procore.GroupWrite, error) {
	var sent []groupBody
	if err := strictly(text, &sent); err != nil {
		return nil, err
	}
	groups := make([]procore.GroupWrite, 0, len(sent))
	for i, g := range sent {
		if g.UUID == nil || !uuidText.MatchString(*g.UUID) {
			return nil, fmt.Errorf("group %d has no well-formed uuid", i+1)
		}
		if g.LoginIDs == nil {
			return nil, fmt.Errorf("group %s has no login_ids", *g.UUID)
		}
		ids := make([]procore.LoginID, 0, len(*g.LoginIDs))
		for _, id := range *g.LoginIDs {
			if _, err := strconv.ParseInt(id, 10, 64); err != nil {
				return nil, fmt.Errorf("group %s has a login id that is no number: %q", *g.UUID, id)
			}
			ids = append(ids, procore.LoginID(id))
		}
		groups = append(groups, procore.GroupWrite{UUID: procore.GroupUUID(*g.UUID), LoginIDs: ids})
	}
	return &groups, nil
}

func readIndividual(text []byte) (*[]procore.IndividualAssignees, error) {
	var sent []individualBody
	if err := strictly(text, &sent); err != nil {
		return nil, err
	}
	all := make([]procore.IndividualAssignees, 0, len(sent))
	for _, on := range sent {
		if !uuidText.MatchString(on.Step) {
			return nil, fmt.Errorf("the step %q has no well-formed uuid", on.Step)
		}
		one := procore.IndividualAssignees{Step: on.Step}
		for _, l := range on.Logins {
			one.Logins = append(one.Logins, procore.StepLogin{
				ID: procore.LoginID(l.ID), Required: l.Required, RoleType: l.RoleType,
			})
		}
		all = append(all, one)
	}
	return &all, nil
}

// strictly decodes one JSON value, refusing unknown fields and anything after it.
func strictly(text []byte, into any) error {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(into); err != nil {
		return err
	}
	if decoder.More() {
		return fmt.Errorf("there is more than one value")
	}
	return nil
}
