package hrsource

import (
	"fmt"
	"testing"

	"procore-assignee-sync/migrations/pgtest"
)

// A roster of 100,000 rows, with every column filled.
func BenchmarkLoadPostgres100kRows(b *testing.B) {
	const rows = 100_000
	url := pgtest.HR(b)
	pgtest.Exec(b, url, fmt.Sprintf(`insert into hr_team_members
		(employee_id, email, procore_login, name, team, role, project, status, start_date, end_date)
		select lpad(g::text, 8, '0'), format('person%%s@example.org', g), format('person%%s@procore.example', g),
			format('Person Number %%s', g), format('Team %%s', g %% 50), format('Role %%s', g %% 7),
			case g %% 3 when 0 then '*' else format('24-%%s', g %% 400) end, 'active', date '2020-01-01' + g %% 2000, null
		from generate_series(1, %d) g`, rows))
	b.ReportAllocs()
	for b.Loop() {
		roster := loadPostgres(b, Postgres{URL: url})
		if len(roster.Members) != rows {
			b.Fatalf("%d members", len(roster.Members))
		}
	}
	b.ReportMetric(float64(rows)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}
