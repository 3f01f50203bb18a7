package procore

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"net/url"
	"time"
)

// PossibleAssignees yields who may be assigned on one tool of a project, or of the company where scope names no project.
//
// https://developers.procore.com/reference/rest/workflow-possible-assignees-project?version=latest
// https://developers.procore.com/reference/rest/workflow-possible-assignees-company?version=latest
func (c *Client) PossibleAssignees(ctx context.Context, scope AssigneeScope) iter.Seq2[Login, error] {
	query := url.Values{"tool_type": {scope.Tool.Type}}
	if scope.Tool.Subtype != "" {
		query.Set("tool_subtype", scope.Tool.Subtype)
	}
	rows := all(ctx, c, listing[loginRow]{
		call: call{
			endpoint: byScope(scope.Project, endpointProjectPossibleAssignees, endpointCompanyPossibleAssignees),
			path:     c.scopePath(scope.Project) + "/workflows/possible_assignees",
			query:    query,
			project:  scope.Project,
		},
		perPage:  perPageV2,
		numbered: true,
		rows:     loginRows,
		key:      func(r loginRow) string { return string(r.ID) },
	})
	return func(yield func(Login, error) bool) {
		if err := checkScope(scope); err != nil {
			yield(Login{}, err)
			return
		}
		for row, err := range rows {
			if !yield(row.login(), err) {
				return
			}
		}
	}
}

// loginRow is a person in the form of v2 endpoints.
type loginRow struct {
	ID    LoginID  `json:"id"`
	Login flexText `json:"login"`
	Name  flexText `json:"name"`
}

func (r loginRow) login() Login { return Login{ID: r.ID, Login: string(r.Login), Name: string(r.Name)} }

func loginRows(a answer) ([]loginRow, error) {
	rows, err := rowsV2[loginRow](a)
	for _, row := range rows {
		if row.ID == "" {
			return nil, errors.New("a possible assignee without an id")
		}
	}
	return rows, err
}

// maxWriteWait is how long a write may wait for the rate limit and a token. It is longer than the short window, and so
// short that it is unlikely that somebody edits the preset in the meantime.
const maxWriteWait = 30 * time.Second

// UpdateAssignees sets who is in the groups of a preset. The list is assumed to replace all of the preset's
// memberships, so groups must hold every group, changed or not; an empty list is refused. Neither the workflow manager
// nor the individual assignees are sent.
//
// The request is sent once, and once more if the answer is 401, which changes nothing. If it would have to wait for
// more than half a minute it is not sent, since the list may be out of date by then (*LateError). Any other failure is
// returned: MaybeApplied says whether the preset has to be read again before anything is sent.
//
// https://developers.procore.com/reference/rest/workflow-presets-project?version=latest#update-assignees-and-workflow-manager
// https://developers.procore.com/reference/rest/workflow-presets-company?version=latest#update-assignees-and-workflow-manager
func (c *Client) UpdateAssignees(ctx context.Context, ref PresetRef, groups []GroupWrite) (AssigneesResult, error) {
	body, err := encodeGroups(groups)
	if err != nil {
		return AssigneesResult{}, fmt.Errorf("preset %s: %w", ref.Preset, err)
	}
	if err := checkRef(ref); err != nil {
		return AssigneesResult{}, err
	}
	req := call{
		endpoint: byScope(ref.Project, endpointProjectAssignees, endpointCompanyAssignees),
		method:   http.MethodPatch,
		path:     c.scopePath(ref.Project) + "/workflows/presets/" + string(ref.Preset) + "/assignees",
		body:     body,
		project:  ref.Project,
		by:       time.Now().Add(maxWriteWait),
	}
	a, err := c.do(ctx, req, false)
	if err != nil {
		return AssigneesResult{}, err
	}
	result := AssigneesResult{HTTPStatus: a.status, RequestID: c.requestID(a.header)}
	if a.body == nil {
		return result, nil
	}
	if result.Memberships, err = decodeAssigneesResult(a, ref.Preset); err != nil {
		return AssigneesResult{}, c.badAnswer(req, a, true, err)
	}
	return result, nil
}

// encodeGroups writes the body of the assignees PATCH: ids as text, login_ids always a list.
func encodeGroups(groups []GroupWrite) ([]byte, error) {
	if len(groups) == 0 {
		return nil, errors.New("refusing to send an empty list of groups, which would wipe the preset; nothing was sent")
	}
	var body struct {
		Memberships []GroupWrite `json:"responsible_group_memberships"`
	}
	for _, group := range groups {
		if group.UUID == "" {
			return nil, errors.New("a group without a uuid; nothing was sent")
		}
		if err := checkIDs("person", group.LoginIDs...); err != nil {
			return nil, fmt.Errorf("group %s: %w", group.UUID, err)
		}
		logins := append([]LoginID{}, group.LoginIDs...)
		body.Memberships = append(body.Memberships, GroupWrite{UUID: group.UUID, LoginIDs: logins})
	}
	return json.Marshal(body)
}

// writtenRow is a group in the answer to the PATCH, in the form of the write or of the read.
type writtenRow struct {
	UUID      GroupUUID       `json:"uuid"`
	ReadUUID  GroupUUID       `json:"responsible_group_uuid"`
	LoginIDs  json.RawMessage `json:"login_ids"`
	Assignees json.RawMessage `json:"assignees"`
}

func decodeAssigneesResult(a answer, id PresetID) ([]GroupWrite, error) {
	data, err := dataOf[struct {
		ID          PresetID     `json:"id"`
		Memberships []writtenRow `json:"responsible_group_memberships"`
	}](a)
	if err != nil {
		return nil, err
	}
	if data.ID != "" && data.ID != id {
		return nil, fmt.Errorf("it speaks of preset %q, not %s", data.ID, id)
	}
	if data.Memberships == nil {
		return nil, nil
	}
	groups := make([]GroupWrite, 0, len(data.Memberships))
	for i, row := range data.Memberships {
		group, err := row.group()
		if err != nil {
			return nil, fmt.Errorf("responsible_group_memberships, entry %d: %w", i+1, err)
		}
		groups = append(groups, group)
	}
	return groups, nil
}

func (r writtenRow) group() (GroupWrite, error) {
	group := GroupWrite{UUID: r.UUID, LoginIDs: []LoginID{}}
	if group.UUID == "" {
		group.UUID = r.ReadUUID
	}
	switch {
	case group.UUID == "":
		return group, errors.New("it has no uuid")
	case r.LoginIDs != nil:
		if err := json.Unmarshal(r.LoginIDs, &group.LoginIDs); err != nil {
			return group, err
		}
		if group.LoginIDs == nil {
			group.LoginIDs = []LoginID{}
		}
	case r.Assignees != nil:
		people, err := membershipRow{Group: group.UUID, Assignees: r.Assignees}.membership()
		if err != nil {
			return group, err
		}
		for _, person := range people.Assignees {
			group.LoginIDs = append(group.LoginIDs, person.ID)
		}
	default:
		return group, errors.New("it has no login_ids")
	}
	for _, login := range group.LoginIDs {
		if login == "" {
			return group, errors.New("a login id is empty")
		}
	}
	return group, nil
}
