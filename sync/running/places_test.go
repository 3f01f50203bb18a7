package running

import (
	"context"
	"iter"
	"slices"
	"strings"
	"testing"

	"procore-assignee-sync/procore"
)

// directory has these people and nothing else.
type directory struct {
	Directory
	users    []procore.User
	projects []procore.Project
}

func (d directory) Projects(context.Context) iter.Seq2[procore.Project, error] {
	return func(yield func(procore.Project, error) bool) {
		for _, p := range d.projects {
			if !yield(p, nil) {
				return
			}
		}
	}
}

func (d directory) Users(context.Context) iter.Seq2[procore.User, error] {
	return func(yield func(procore.User, error) bool) {
		for _, u := range d.users {
			if !yield(u, nil) {
				return
			}
		}
	}
}

func (d directory) InactiveUsers(context.Context) iter.Seq2[procore.User, error] {
	return directory{}.Users(context.Background())
}

func TestWhoIsNamedByAnAddressOfTwoPeopleIsToldOfBoth(t *testing.T) {
	d := directory{users: []procore.User{
		{ID: "2", Email: "Ann@example.com", Name: "Ann Two"}, {ID: "1", Email: "ann@example.com", Name: "Ann One"}, {ID: "3", Email: "bob@example.com"},
	}}
	for text, want := range map[string][]string{
		"ann@example.com": {"2 people", "Ann One (id 1), Ann Two (id 2)"}, "cleo@example.com": {"nobody"}, "3": nil, "BOB@example.com": nil,
	} {
		who, err := FindPerson(context.Background(), d, text)
		if (err == nil) != (want == nil) || err == nil && who.ID != "3" {
			t.Errorf("%s: %+v, %v", text, who, err)
		}
		if err != nil && slices.ContainsFunc(want, func(part string) bool { return !strings.Contains(err.Error(), part) }) {
			t.Errorf("%s: %v", text, err)
		}
	}
}
