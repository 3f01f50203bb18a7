package sandbox

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"

	"procore-assignee-sync/procore"
)

// assigneesBody is what a write of assignees asks for; nil is left as it is.
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

// readAssignees reads the body of a write strictly: nothing unknown, nothing null, every id text.
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

// strictly decodes one JSON value with nothing unknown in it and nothing after it.
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
