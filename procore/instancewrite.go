package procore

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
)

// Invite asks for more people on one step of a running workflow. Procore e-mails them at once. Nobody is taken off the
// step, and an invitation can't be taken back.
//
// The request is sent once, as UpdateAssignees does: MaybeApplied says of an error whether the workflow has to be read
// again before anything is sent.
//
// https://developers.procore.com/reference/rest/workflow-instances-project?version=latest#add-additional-assignees
// https://developers.procore.com/reference/rest/workflow-instances-company?version=latest#add-additional-assignees
func (c *Client) Invite(ctx context.Context, ref InstanceRef, invitation Invitation) (InstanceResult, error) {
	body, err := invitation.encode()
	if err != nil {
		return InstanceResult{}, fmt.Errorf("workflow %s: %w", ref.Instance, err)
	}
	req := call{
		endpoint: byScope(ref.Project, endpointProjectInvitation, endpointCompanyInvitation),
		method:   http.MethodPost,
		path:     c.instancePath(ref) + "/additional_assignees",
		body:     body,
	}
	a, result, err := c.writeInstance(ctx, ref, req)
	if err != nil || a.body == nil {
		return result, err
	}
	instance, err := decodeInstance(a, ref.Instance)
	if err != nil {
		return InstanceResult{}, c.badAnswer(req, a, true, err)
	}
	result.Instance = &instance
	return result, nil
}

// Respond answers the current step of a running workflow as the token's own user, without attachments. Procore accepts
// the same answer again silently (204) and refuses a different one (422). Since it confirms nothing, read the workflow
// again.
//
// The request is sent once, as UpdateAssignees does: MaybeApplied says of an error whether the workflow has to be read
// again before anything is sent.
//
// https://developers.procore.com/reference/rest/workflow-instances-project?version=latest#respond-to-workflow-instance
// https://developers.procore.com/reference/rest/workflow-instances-company?version=latest#respond-to-workflow-instance
func (c *Client) Respond(ctx context.Context, ref InstanceRef, response Response) (InstanceResult, error) {
	body, err := response.encode()
	if err != nil {
		return InstanceResult{}, fmt.Errorf("workflow %s: %w", ref.Instance, err)
	}
	_, result, err := c.writeInstance(ctx, ref, call{
		endpoint: byScope(ref.Project, endpointProjectResponse, endpointCompanyResponse),
		method:   http.MethodPost,
		path:     c.instancePath(ref) + "/responses",
		body:     body,
		unique:   response.IdempotencyToken,
	})
	return result, err
}

// writeInstance sends a write to a running workflow once, and again only after a 401.
func (c *Client) writeInstance(ctx context.Context, ref InstanceRef, req call) (answer, InstanceResult, error) {
	if err := ref.check(); err != nil {
		return answer{}, InstanceResult{}, err
	}
	req.project, req.by = ref.Project, time.Now().Add(maxWriteWait)
	a, err := c.do(ctx, req, false)
	if err != nil {
		return answer{}, InstanceResult{}, err
	}
	return a, InstanceResult{HTTPStatus: a.status, RequestID: c.requestID(a.header)}, nil
}

// reasons are the reasons for an invitation that Procore knows.
var reasons = []string{
	ReasonNewEmployee, ReasonLeftCompany, ReasonLeftProject, ReasonOnExtendedLeave, ReasonOnVacation, ReasonOther,
}

func (i Invitation) encode() ([]byte, error) {
	switch {
	case len(i.Logins) == 0:
		return nil, errors.New("an invitation of nobody; nothing was sent")
	case !slices.Contains(reasons, i.Reason):
		return nil, fmt.Errorf("%q is not a reason for an invitation; nothing was sent", i.Reason)
	}
	if err := errors.Join(checkIDs("step", i.Step), checkIDs("person", i.Logins...)); err != nil {
		return nil, err
	}
	return json.Marshal(struct {
		Step     StepOccurrenceID `json:"step_occurrence_id"`
		Logins   []LoginID        `json:"assignee_ids"`
		Required bool             `json:"required"`
		Reason   string           `json:"reason"`
		Comment  string           `json:"comment,omitempty"`
	}{i.Step, i.Logins, i.Required, i.Reason, i.Comment})
}

func (r Response) encode() ([]byte, error) {
	if strings.ContainsFunc(r.IdempotencyToken, func(c rune) bool { return c < '!' || c > '~' }) {
		return nil, errors.New("the idempotency token holds what no header can carry; nothing was sent")
	}
	if err := errors.Join(checkIDs("step", r.Step), checkIDs("response option", r.Option)); err != nil {
		return nil, err
	}
	type answer struct {
		Step        StepOccurrenceID `json:"current_step_occurrence_id"`
		Option      ResponseOptionID `json:"selected_response_option_id"`
		Comment     string           `json:"comment,omitempty"`
		Attachments struct{}         `json:"attachments"`
	}
	return json.Marshal(struct {
		Response answer `json:"response"`
	}{answer{Step: r.Step, Option: r.Option, Comment: r.Comment}})
}
