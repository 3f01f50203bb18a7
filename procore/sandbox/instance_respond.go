package sandbox

import (
	"bytes"
	"fmt"
	"net/http"
	"slices"

	"procore-assignee-sync/procore"
)

// idempotent is a response that was stored under an Idempotency-Token.
type idempotent struct {
	path string
	body []byte
}

// respond stores the answer of the token's own user to the current step.
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

// storeResponse puts a response into an instance, or says why it can't be. The same one again changes nothing.
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
