package sandbox

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"

	"procore-assignee-sync/procore"
)

// addAssignees invites more people to the current step of an instance. It adds all of them or nobody, and never removes
// anyone.
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

// uninvitable says what business rules an invitation breaks; the caller holds the lock.
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

// store keeps an instance as a request leaves it; the caller holds the lock.
func (s *Server) store(c *call, at int, before, after Instance) {
	s.changes++
	s.company.Instances[at] = after
	s.onRuns = append(s.onRuns, InstanceWrite{
		Seq: s.changes, Time: s.opts.Now(), Ref: before.InstanceRef, Operation: c.Operation, Body: c.body,
		Before: before, After: after, RequestID: c.RequestID, Fault: c.faults.String(),
	})
}
