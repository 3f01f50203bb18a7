package hrsource

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"procore-assignee-sync/migrations/pgdial"
	"procore-assignee-sync/migrations/pgtest"
)

func TestTheRoleMapTableIsReadInAStableOrder(t *testing.T) {
	url := pgtest.HR(t)
	pgtest.Exec(t, url, `insert into role_mappings values ('b', 'Cost reviewer', 'Controls', '*'), ('*', ' Safety ', 'Safety', 'lead')`)
	rows, first, err := LoadRoleMapTable(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	want := []RoleRow{
		{Template: "*", Group: "Safety", Team: "Safety", Role: "lead", At: Position{Source: "role_mappings", Row: 1}},
		{Template: "b", Group: "Cost reviewer", Team: "Controls", Role: "*", At: Position{Source: "role_mappings", Row: 2}},
	}
	if diff := cmp.Diff(want, rows); diff != "" {
		t.Error(diff)
	}
	pgtest.Exec(t, url, "update role_mappings set team = team") // moves the rows about
	if _, again, err := LoadRoleMapTable(t.Context(), url); err != nil || again != first {
		t.Errorf("the fingerprint went from %s to %s, %v", first, again, err)
	}
	pgtest.Exec(t, url, "update role_mappings set role = '*'")
	if _, changed, err := LoadRoleMapTable(t.Context(), url); err != nil || changed == first {
		t.Errorf("the fingerprint stayed, %v", err)
	}
}

func TestACustomersOwnViewMayHoldTheRoleMap(t *testing.T) {
	url := pgtest.Database(t)
	pgtest.Exec(t, url, "create view role_mappings as select 812 as template, 'g'::varchar as group_name, 't'::name as team, '*' as role, 1 as extra")
	rows, _, err := LoadRoleMapTable(t.Context(), url)
	if err != nil || len(rows) != 1 || rows[0].Template != "812" {
		t.Errorf("got %+v, %v", rows, err)
	}
}

func TestARoleMapTableThatCannotServeIsRefused(t *testing.T) {
	for _, test := range []struct {
		name, setup string
		kind        pgdial.Kind
		want        []string
	}{
		{"no table", "", pgdial.MissingTable, []string{"role_mappings", "`assignee-sync migrate hr`", "ROLE_MAP"}},
		{
			"no column", "create table role_mappings (template text, grp text, team text, role text)", pgdial.MissingColumn,
			[]string{"template, group_name, team and role"},
		},
		{"no rows", "create table role_mappings (template text, group_name text, team text, role text)", "", []string{"no rows", "ROLE_MAP"}},
		{
			"bad cells, all told", `create table role_mappings (template text, group_name text, team text, role text);
			insert into role_mappings values (null, 'g', 't', ' '), ('*', '*', 't', '*')`, "",
			[]string{`column "template"`, `column "role"`, `column "group_name"`, `team "t"`},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			url := pgtest.Database(t)
			pgtest.Exec(t, url, test.setup)
			rows, _, err := LoadRoleMapTable(t.Context(), url)
			var refused *SourceError
			if rows != nil || !errors.As(err, &refused) {
				t.Fatalf("got %v, %v", rows, err)
			}
			if test.kind != "" && pgdial.KindOf(err) != test.kind {
				t.Errorf("its kind is %q: %v", pgdial.KindOf(err), err)
			}
			for _, want := range test.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("it does not say %q: %v", want, err)
				}
			}
		})
	}
}
