package sandbox

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"mime"
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

// readInvitation reads the body strictly: nothing unknown, nothing null, every id text.
func readInvitation(text []byte) (invitationBody, error) {
	var body invitationBody
	if err := strictlyWhole(text, &body); err != nil {
		return body, err
	}
	switch {
	case body.Step == nil || body.Logins == nil || body.Required == nil || body.Reason == nil:
		return body, errors.New("step_occurrence_id, assignee_ids, required and reason are all needed")
	case !slices.Contains(invitationReasons, *body.Reason):
		return body, fmt.Errorf("%q is no reason", *body.Reason)
	case body.RoleType != nil && !slices.Contains(roleTypes, *body.RoleType):
		return body, fmt.Errorf("%q is no role_type", *body.RoleType)
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

// readResponse reads the body strictly. It has to be wrapped in "response", and attachments have to be there.
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

// strictlyWhole decodes one object with nothing unknown in it, no field null, and nothing after it.
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
			return fmt.Errorf("%q is no id", id)
		}
	}
	return nil
}

// isJSON reports whether the request says that its body is JSON.
func (c *call) isJSON() bool {
	media, _, _ := mime.ParseMediaType(c.header.Get("Content-Type"))
	return media == "application/json"
}
