package procore

import (
	"context"
	"encoding/json"
	"errors"
	"iter"
	"strings"
)

// usersPerPage is well below the 2,000 rows that Procore recommends as a maximum for lists without a ceiling.
const usersPerPage = 1000

// Users yields the active people of the company directory.
//
// https://developers.procore.com/reference/rest/company-users?version=latest#list-company-users
func (c *Client) Users(ctx context.Context) iter.Seq2[User, error] {
	return c.users(ctx, call{
		endpoint: endpointUsers,
		path:     "/rest/v1.3/companies/" + string(c.cfg.Company) + "/users",
	}, true)
}

// InactiveUsers yields the people of the company directory that were deactivated.
//
// https://developers.procore.com/reference/rest/company-users?version=latest#list-company-inactive-users
func (c *Client) InactiveUsers(ctx context.Context) iter.Seq2[User, error] {
	return c.users(ctx, call{
		endpoint: endpointInactiveUsers,
		path:     "/rest/v1.0/companies/" + string(c.cfg.Company) + "/users/inactive",
	}, false)
}

func (c *Client) users(ctx context.Context, req call, active bool) iter.Seq2[User, error] {
	rows := all(ctx, c, listing[userRow]{
		call:     req,
		perPage:  usersPerPage,
		numbered: true,
		rows:     userRows,
		key:      func(r userRow) string { return string(r.ID) },
	})
	return func(yield func(User, error) bool) {
		for row, err := range rows {
			if !yield(row.user(active), err) {
				return
			}
		}
	}
}

// Me returns the person in the company directory to whom the token belongs: the service account's own user. Its id is
// assumed to be the id of its login in workflows, as it is for other people in the directory.
//
// https://developers.procore.com/reference/rest/me?version=latest
func (c *Client) Me(ctx context.Context) (User, error) {
	req := call{endpoint: endpointMe, path: "/rest/v1.3/companies/" + string(c.cfg.Company) + "/me"}
	var me User
	err := c.read(ctx, req, func(a answer) error {
		row, err := decodeMe(a)
		if err != nil {
			return c.badAnswer(req, a, true, err)
		}
		me = row.user(true)
		return nil
	})
	return me, err
}

func decodeMe(a answer) (row userRow, err error) {
	data, err := unwrapped(a)
	if err == nil {
		err = json.Unmarshal(data, &row)
	}
	if err == nil && row.ID == "" {
		err = errors.New("the token's own user has no id")
	}
	return row, err
}

type userRow struct {
	ID         LoginID  `json:"id"`
	Email      flexText `json:"email_address"`
	EmployeeID flexText `json:"employee_id"`
	Active     *bool    `json:"is_active"`
	Name       flexText `json:"name"`
	First      flexText `json:"first_name"`
	Last       flexText `json:"last_name"`
}

func userRows(a answer) ([]userRow, error) {
	rows, err := rowsV1[userRow](a)
	for _, row := range rows {
		if row.ID == "" {
			return nil, errors.New("a person without an id")
		}
	}
	return rows, err
}

// user returns the person. Whether they are active is what the row says, or what the list implies if the row does not
// say.
func (r userRow) user(active bool) User {
	if r.Active != nil {
		active = *r.Active
	}
	name := string(r.Name)
	if name == "" {
		name = strings.TrimSpace(string(r.First + " " + r.Last))
	}
	return User{ID: r.ID, Email: string(r.Email), EmployeeID: string(r.EmployeeID), Name: name, Active: active}
}
