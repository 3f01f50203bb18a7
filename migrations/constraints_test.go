package migrations_test

import (
	"errors"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"

	"procore-assignee-sync/migrations/pgtest"
)

func TestTheTablesRefuseWhatTheLoaderWouldReject(t *testing.T) {
	conn := pgtest.Connect(t, pgtest.HR(t))
	for _, test := range []struct{ insert, constraint string }{
		{`hr_team_members (team) values ('a')`, "hr_team_members_identity_needed"},
		{`hr_team_members (team, employee_id, email) values ('a', ' ', e'\t')`, "hr_team_members_identity_needed"},
		{`hr_team_members (team, procore_login) values ('a', 'x@y.z')`, "hr_team_members_identity_needed"},
		{`hr_team_members (employee_id) values ('1')`, ""},
		{`hr_team_members (employee_id, team) values ('1', '  ')`, "hr_team_members_team_needed"},
		{`hr_team_members (employee_id, team) values ('1.23E+11', 'a')`, "hr_team_members_ids_are_text"},
		{`hr_team_members (employee_id, team, project) values ('1', 'a', '5,62E+14')`, "hr_team_members_ids_are_text"},
		{`hr_team_members (employee_id, team, start_date) values ('1', 'a', 'infinity')`, "hr_team_members_start_date_valid"},
		{`hr_team_members (employee_id, team, end_date) values ('1', 'a', '-infinity')`, "hr_team_members_end_date_valid"},
		{`hr_team_members (employee_id, team) values ('123.00', 'a')`, "hr_team_members_ids_are_text"},
		{`hr_team_members (employee_id, team) values ('="00123"&"4"', 'a')`, "hr_team_members_ids_are_text"},
		{`hr_team_members (employee_id, team) values (' n/A ', 'a')`, "hr_team_members_identity_needed"},
		{`hr_team_members (employee_id, team) values ('999999', 'a')`, "hr_team_members_identity_needed"},
		{`hr_team_members (employee_id, team) values ('#N/A', 'a')`, "hr_team_members_identity_needed"},
		{`hr_team_members (employee_id, team) values ('XX', 'a')`, "hr_team_members_identity_needed"},
		{`hr_team_members (employee_id, team, project) values ('1', 'a', '=A1')`, "hr_team_members_ids_are_text"},
		{`hr_team_members (employee_id, team) values ('1', 'Legal; Finance')`, "hr_team_members_one_value"},
		{`hr_team_members (employee_id, team, role) values ('1', 'a', 'Lead|Counsel')`, "hr_team_members_one_value"},
		{`hr_team_members (employee_id, team) values ('1', e'Legal\r\nFinance')`, "hr_team_members_one_value"},
		{`hr_team_members (employee_id, team) values ('1', ' #N/A ')`, "hr_team_members_no_spreadsheet_errors"},
		{`hr_team_members (employee_id, team, name) values ('1', 'a', '#####')`, "hr_team_members_no_spreadsheet_errors"},
		{`hr_team_members (employee_id, team, name) values ('1', 'a', repeat('x', 1001))`, "hr_team_members_cells_short"},
		{`hr_team_members (email, team) values ('nobody', 'a')`, "hr_team_members_addresses_valid"},
		{`hr_team_members (email, team) values ('a@x.org; b@x.org', 'a')`, "hr_team_members_addresses_valid"},
		{`hr_team_members (employee_id, team, procore_login) values ('1', 'a', 'Ann <a@x.org>')`, "hr_team_members_addresses_valid"},
		{`hr_team_members (employee_id, team, start_date) values ('1', 'a', '10000-01-01')`, "hr_team_members_start_date_valid"},
		{
			`hr_team_members (employee_id, team, start_date, end_date) values ('1', 'a', '2026-02-01', '2026-01-31')`,
			"hr_team_members_end_after_start",
		},
		{`hr_team_members (employee_id, team, status) values ('1', 'a', 'perhaps')`, "hr_team_members_status_known"},
		{`role_mappings values ('', 'g', 't', '*')`, "role_mappings_template_needed"},
		{`role_mappings values ('*', '*', 't', '*')`, "role_mappings_group_named"},
		{`role_mappings values ('*', 'g', ' * ', '*')`, "role_mappings_team_named"},
		{`role_mappings values ('*', 'g', ' ', '*')`, "role_mappings_team_named"},
		{`role_mappings values ('*', 'g', 't', ' ')`, "role_mappings_role_needed"},
		{`role_mappings (template, group_name, team) values ('*', 'g', 't')`, ""},
	} {
		_, err := conn.Exec(t.Context(), "insert into "+test.insert)
		var refused *pgconn.PgError
		if !errors.As(err, &refused) || refused.ConstraintName != test.constraint {
			t.Errorf("%s\ngot %v, want it refused by %q", test.insert, err, test.constraint)
		}
	}
}

func TestTheTablesTakeWhatTheLoaderAccepts(t *testing.T) {
	conn := pgtest.Connect(t, pgtest.HR(t))
	for _, insert := range []string{
		`hr_team_members (employee_id, team) values ('00123', 'Concrete'), ('00123', 'Concrete'), ('2E4X', 'b')`,
		`hr_team_members (email, team, status, end_date) values ('A@x.org', 'b', ' On Leave ', 'infinity')`,
		`hr_team_members (employee_id, team) values ('="00123"', 'a'), ('999', 'a'), ('0x', 'a'), ('contractor7', 'Legal;'), ('2', e' Legal\n')`,
		`hr_team_members (employee_id, email, team) values ('n/a', 'd@x.org', 'a'), ('#N/A', 'e@x.org', 'a'), ('####', 'f@x.org', 'a'), ('0000', 'g@x.org', 'a')`,
		`hr_team_members (employee_id, team, start_date, end_date) values ('3', 'a', '2026-01-31', '1900-01-01'), ('4', 'a', '1970-01-01', '1753-01-01')`,
		`hr_team_members (email, team, name, procore_login) values (' o''neil@x.org ', '#1 crew', e'two\nlines', '')`,
		`hr_team_members (employee_id, team, start_date, end_date) values ('1', 'a', '-infinity', '9999-12-31')`,
		`hr_team_members (email, team, status, project) values ('b@x.org', 'b', null, '*'), ('c@x.org', 'b', '', '')`,
		`role_mappings values ('*', 'g', 't', '*'), ('812', 'g', 't', 'foreman')`,
	} {
		if _, err := conn.Exec(t.Context(), "insert into "+insert); err != nil {
			t.Errorf("%s: %v", insert, err)
		}
	}
}
