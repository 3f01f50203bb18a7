package sandbox

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"slices"
	"strconv"

	"procore-assignee-sync/procore"
)

// invitationBody is the body of additional_assignees.
type invitationBody struct {
	Step     *string   `json:"step_occurrence_id"`
	Logins   *[]string `json:"assignee_ids"`
	Required *bool     `json:"required"`
	RoleType *string   `json:"role_type"`
	Reason   *string   `json:"reason"`
	Comment  *string   `json:"comment"`
	Message  *string   `json:"message"`
}

var (
	invitationReasons = []string{
		procore.ReasonNewEmployee, procore.ReasonLeftCompany, procore.ReasonLeftProject, procore.ReasonOnExtendedLeave,
		procore.ReasonOnVacation, procore.ReasonOther,
	}
	roleTypes = []string{procore.RoleResponder, procore.RoleCommenter}
)

// readInvitation parses the body strictly: no unknown fields, no nulls, every id as text.
func readInvitation(text []byte) (invitationBody, error) {
	var body invitationBody
	if err := strictlyWhole(text, &body); err != nil {
		return body, err
	}
	switch {
	case body.Step == nil || body.Logins == nil || body.Required == nil || body.Reason == nil:
		return body, errors.New("step_occurrence_id, assignee_ids, required and reason are all needed")
	case !slices.Contains(invitationReasons, *body.Reason):
		return body, fmt.Errorf("%q is not a reason", *body.Reason)
	case body.RoleType != nil && !slices.Contains(roleTypes, *body.RoleType):
		return body, fmt.Errorf("%q is not a role_type", *body.RoleType)
	case len(*body.Logins) == 0:
		return body, errors.New("assignee_ids is empty")
	}
	return body, areNumbers(append([]string{*body.Step}, *body.Logins...)...)
}

// responseBody is the body of responses.
type responseBody struct {
	Step        *string                    `json:"current_step_occurrence_id"`
	Option      *string                    `json:"selected_response_option_id"`
	Comment     *string                    `json:"comment"`
	Attachments map[string]json.RawMessage `json:"attachments"`
}

// readResponse parses the body strictly. It must be wrapped in "response" and contain attachments.
func readResponse(text []byte) (responseBody, error) {
	var wrapped struct {
		Response json.RawMessage `json:"response"`
	}
	var body responseBody
	if err := strictlyWhole(text, &wrapped); err != nil {
		return body, err
	}
	if wrapped.Response == nil {
		return body, errors.New("response is missing")
	}
	if err := strictlyWhole(wrapped.Response, &body); err != nil {
		return body, err
	}
	if body.Step == nil || body.Option == nil || body.Attachments == nil {
		return body, errors.New("current_step_occurrence_id, selected_response_option_id and attachments are all needed")
	}
	for name, value := range body.Attachments {
		var ids []string
		if !slices.Contains(attachmentKinds, name) || strictly(value, &ids) != nil {
			return body, fmt.Errorf("attachments: %s is none, or no list of ids", name)
		}
	}
	return body, areNumbers(*body.Step, *body.Option)
}

var attachmentKinds = []string{
	"prostore_file_ids", "drawing_revision_ids", "file_version_ids", "form_ids", "image_ids", "upload_ids",
}

// strictlyWhole decodes one object, refusing unknown fields, nulls, and anything after it.
func strictlyWhole(text []byte, into any) error {
	var fields map[string]json.RawMessage
	if err := strictly(text, &fields); err != nil {
		return err
	}
	for name, value := range fields {
		if bytes.Equal(bytes.TrimSpace(value), []byte("null")) {
			return fmt.Errorf("%s is null", name)
		}
	}
	return strictly(text, into)
}

func areNumbers(ids ...string) error {
	for _, id := range ids {
		if _, err := strconv.ParseInt(id, 10, 64); err != nil {
			return fmt.Errorf("%q is not an id", id)
		}
	}
	return nil
}

// isJSON reports whether the request says that its body is JSON.
func (c *call) isJSON() bool {
	media, _, _ := mime.ParseMediaType(c.header.Get("Content-Type"))
	return media == "application/json"
}

// addAssignees invites people to the current step of an instance. It adds all of them or none, and never removes
// anybody.
func (s *Server) addAssignees(c *call) reply {
	if !c.isJSON() {
		return c.fail(http.StatusUnsupportedMediaType, "The body must be application/json.")
	}
	body, err := readInvitation(c.body)
	if err != nil {
		return c.fail(http.StatusBadRequest, "The body cannot be read: "+err.Error()+".")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	at, refusal, ok := s.instanceInPath(c)
	if !ok {
		return refusal
	}
	before := s.company.Instances[at]
	if problems := s.uninvitable(before, body); len(problems) > 0 {
		return c.fail(http.StatusUnprocessableEntity, "The assignees could not be added.", problems...)
	}
	after := before.clone()
	after.UpdatedAt = s.opts.Now()
	role := procore.RoleResponder
	if body.RoleType != nil {
		role = *body.RoleType
	}
	for _, id := range *body.Logins {
		after.Step.People = append(after.Step.People, Place{
			Login: procore.LoginID(id), Required: *body.Required, RoleType: cmp.Or(role, procore.RoleResponder), Invited: true,
		})
	}
	if c.faults.has(FaultUnapplied) {
		return s.instanceReply(&after)
	}
	if c.faults.has(FaultDamage) && len(before.Step.People) > 0 { // somebody else is taken off the step
		after.Step.People = slices.Delete(after.Step.People, 0, 1)
	}
	s.store(c, at, before, after)
	return s.instanceReply(&after)
}

// uninvitable returns the business rules that an invitation breaks. The caller holds the lock.
func (s *Server) uninvitable(in Instance, body invitationBody) []problem {
	if in.Ended() || in.Step == nil || string(in.Step.ID) != *body.Step {
		return []problem{stepMovedOn(*body.Step, "step_occurrence_id")}
	}
	var problems []problem
	scope := procore.AssigneeScope{Project: in.Project, Tool: in.Tool}
	for i, text := range *body.Logins {
		id := procore.LoginID(text)
		switch _, there := in.Place(id); {
		case there || slices.Contains((*body.Logins)[:i], text):
			problems = append(problems, problem{"ALREADY_ASSIGNED", fmt.Sprintf("Login %s is on the step already.", id), "assignee_ids"})
		case !s.index.mayAssign(s.company, scope, id):
			problems = append(problems, notAssignable(id, "assignee_ids"))
		}
	}
	return problems
}

func stepMovedOn(id, source string) problem {
	return problem{"STEP_NOT_CURRENT", fmt.Sprintf("Step occurrence %s is not the current one.", id), source}
}

// store stores an instance as a request leaves it. The caller holds the lock.
func (s *Server) store(c *call, at int, before, after Instance) {
	s.changes++
	s.company.Instances[at] = after
	s.onRuns = append(s.onRuns, InstanceWrite{
		Seq: s.changes, Time: s.opts.Now(), Ref: before.InstanceRef, Operation: c.Operation, Body: c.body,
		Before: before, After: after, RequestID: c.RequestID, Fault: c.faults.String(),
	})
}

// idempotent is a response that was stored under an Idempotency-Token.
type idempotent struct {
	path string
	body []byte
}

// respond stores the response of the token's own user to the current step.
func (s *Server) respond(c *call) reply {
	if !c.isJSON() {
		return c.fail(http.StatusUnsupportedMediaType, "The body must be application/json.")
	}
	body, err := readResponse(c.body)
	if err != nil {
		return c.fail(http.StatusBadRequest, "The body cannot be read: "+err.Error()+".")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	at, refusal, ok := s.instanceInPath(c)
	if !ok {
		return refusal
	}
	mark := c.header.Get("Idempotency-Token")
	if was, seen := s.replies[mark]; seen && mark != "" {
		if was.path != c.Path || !bytes.Equal(was.body, c.body) {
			return c.fail(http.StatusUnprocessableEntity, "The idempotency token was used for another request.")
		}
		return noContent()
	}
	before := s.company.Instances[at]
	after := before.clone()
	refusal, changed := s.storeResponse(c, &after, body)
	if refusal.status != 0 {
		return refusal
	}
	if c.faults.has(FaultUnapplied) {
		return noContent()
	}
	if mark != "" {
		if s.replies == nil {
			s.replies = make(map[string]idempotent)
		}
		s.replies[mark] = idempotent{c.Path, bytes.Clone(c.body)}
	}
	if changed {
		s.store(c, at, before, after)
	}
	return noContent()
}

// storeResponse adds a response to an instance, or says why it can't. Repeating a response changes nothing.
func (s *Server) storeResponse(c *call, in *Instance, body responseBody) (refusal reply, changed bool) {
	refuse := func(p problem) (reply, bool) {
		return c.fail(http.StatusUnprocessableEntity, "The response could not be stored.", p), false
	}
	if in.Ended() || in.Step == nil || string(in.Step.ID) != *body.Step {
		return refuse(stepMovedOn(*body.Step, "current_step_occurrence_id"))
	}
	place, there := in.Place(s.company.Me)
	if !there || s.company.Me == "" {
		return c.fail(http.StatusForbidden, "Only an assignee of the current step may respond."), false
	}
	option, comment := procore.ResponseOptionID(*body.Option), ""
	if body.Comment != nil {
		comment = *body.Comment
	}
	switch {
	case !slices.ContainsFunc(in.Step.Options, func(o procore.ResponseOption) bool { return o.ID == option }):
		return refuse(problem{"UNKNOWN_RESPONSE", fmt.Sprintf("The step offers no response %s.", option), "selected_response_option_id"})
	case place.Open():
		return reply{}, in.answer(s.version(in.Version), s.company.Me, option, comment, s.opts.Now()) == nil
	case place.Option == option && place.Comment == comment:
		return reply{}, false
	}
	return refuse(problem{"ALREADY_RESPONDED", "Another response was stored before.", "response"})
}
